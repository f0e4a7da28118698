"""A push that its host tells of arrives at once, however long the interval is."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import psycopg
import pytest
import urllib3

from hack.localcluster import ControlPlane, Postgres
from hack.packrepo import pack
from tests.e2e.attune import install_core
from tests.e2e.pack import Pack
from tests.e2e.site import Site, installed
from tests.hooks.deliveries import SENDERS, TOKEN

_OWN = {"secretRef": {"name": "hook"}}


@pytest.fixture(scope="module")
def hooked(packs_served: ControlPlane, postgres: Postgres) -> Iterator[Site]:
    """A site whose controller hears of pushes."""
    heard = {"http_listen": "127.0.0.1:0", "webhook_tokens": TOKEN}
    with installed(packs_served, postgres, **heard) as site:
        install_core(site.database)
        site.controller.start()
        yield site


def _deliver(site: Site, path: str, repo: str, *, branch: str = "main", **how: Any) -> Any:
    place = site.controller.wait_for_line("listening")["http"]
    repository = {"clone_url": site.git.url(repo)}
    body = {"ref": f"refs/heads/{branch}", "repository": repository}
    sent = SENDERS["GitHub"].delivery(body, **how)
    headers: Mapping[str, str] = dict(sent.headers)
    answer = urllib3.request(
        "POST", f"http://{place}{path}", body=sent.body, headers=dict(headers), retries=False
    )
    return answer.status, json.loads(answer.data)


def _arrived(pack_: Pack, commit: str) -> None:
    pack_.wait_until(lambda seen: commit in (seen.status.last_applied_revision or ""))


def test_a_push_is_synced_at_once_and_says_what_asked_for_it(hooked: Site, ref: str) -> None:
    repo = hooked.repo(ref)
    repo.commit(pack(ref, workflows=1))
    followed = hooked.follow(ref)
    followed.wait()

    commit = repo.commit(pack(ref, workflows=2))
    status, answer = _deliver(hooked, "/hooks/git", ref)
    assert (status, answer) == (202, {"status": "accepted", "packs": 1})
    _arrived(followed, commit)
    assert len(hooked.definitions(ref)) == 2
    with psycopg.connect(hooked.database) as connection:
        asked = connection.execute(
            "SELECT asked_by FROM attune_gitops.revisions WHERE pack_ref = %s ORDER BY number",
            [ref],
        )
        assert [by for (by,) in asked] == ["spec", "webhook"]


def test_a_pack_of_its_own_secret_has_a_path_in_its_status(hooked: Site, ref: str) -> None:
    repo = hooked.repo(ref)
    repo.commit(pack(ref, workflows=1))
    followed = hooked.follow(ref, webhook=_OWN)
    seen = followed.wait()
    assert seen.status.webhook
    assert "kubectl create secret generic hook" in (seen.status.webhook.message or "")
    followed.wait_events("Succeeded", "WebhookUnavailable")

    hooked.secret("hook", token="its own")
    path = followed.reconcile().status.webhook
    assert path
    assert path.path
    commit = repo.commit(pack(ref, workflows=2))
    assert _deliver(hooked, path.path, ref)[0] == 401
    assert _deliver(hooked, path.path, ref, token="its own")[0] == 202
    _arrived(followed, commit)


def test_another_branch_wakes_nobody(hooked: Site, ref: str) -> None:
    hooked.repo(ref).commit(pack(ref, workflows=1))
    followed = hooked.follow(ref, git={"ref": {"branch": "main"}})
    version = followed.wait().version
    assert _deliver(hooked, "/hooks/git", ref, branch="other")[1]["packs"] == 0
    assert not followed.changes_since(version)


def test_a_storm_of_pushes_is_a_look_or_two(hooked: Site, ref: str) -> None:
    repo = hooked.repo(ref)
    repo.commit(pack(ref, workflows=1))
    followed = hooked.follow(ref)
    followed.wait()
    before = hooked.git.count(ref)

    hooked.git.hang(ref)
    commit = repo.commit(pack(ref, workflows=2))
    told = [_deliver(hooked, "/hooks/git", ref, x_github_delivery=str(n))[0] for n in range(200)]
    assert set(told) == {202}
    hooked.git.release(ref)
    _arrived(followed, commit)
    # A look that hung, one that came after the last push, and a fetch.
    assert hooked.git.count(ref) - before <= 4
