"""What became of a revision arrives beside its commit and at a webhook, whatever else happens."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from controller.pack.spec import APPROVE
from hack.localcluster import ControlPlane, Postgres
from hack.packrepo import pack
from tests.e2e.attune import install_core
from tests.e2e.pack import Pack
from tests.e2e.site import Site, installed
from tests.e2e.waiting import eventually
from tests.notify.host import Call, Host, Says

_TOKEN = "gitea-token"


@pytest.fixture(scope="module")
def telling(packs_served: ControlPlane, postgres: Postgres) -> Iterator[Site]:
    """A site whose controller may tell receivers on loopback."""
    settings = {"allowed_networks": "loopback", "public_url": "https://attune.example.com"}
    with installed(packs_served, postgres, **settings) as site:
        install_core(site.database)
        site.controller.start()
        yield site


class Receiver:
    """Gitea's statuses and a webhook in one server; `status` is what the webhook answers."""

    def __init__(self) -> None:
        self.shown: list[tuple[str, Any]] = []
        self.heard: list[Any] = []
        self.status = 202

    def __call__(self, call: Call) -> Says:
        if call.path == "/hook":
            if self.status < 300:
                self.heard.append(call.body)
            return Says(self.status)
        if call.headers.get("authorization") != f"token {_TOKEN}":
            return Says(401)
        if call.method == "GET":
            commit = call.path.split("/")[-2]
            ours = [body for one, body in self.shown if one == commit]
            shown = [{**body, "status": body["state"]} for body in ours[-1:]]
            return Says(200, {"statuses": shown})
        self.shown.append((call.path.rpartition("/")[2], call.body))
        return Says(201, {})

    def states(self) -> list[tuple[str, str]]:
        """Commit and state of what was posted."""
        return [(commit, body["state"]) for commit, body in self.shown]

    def types(self) -> list[str]:
        """The types of the events that were heard."""
        return [one["type"] for one in self.heard]


@pytest.fixture
def receiver() -> Iterator[tuple[Receiver, Host]]:
    answers = Receiver()
    with Host(answers) as host:
        yield answers, host


def _follow(site: Site, ref: str, host: Host, **more: Any) -> Pack:
    site.secret(f"{ref}-host".replace("_", "-"), token=_TOKEN, address=f"{host.url}/api/v1")
    notify = {
        "commitStatus": {
            "provider": "Gitea",
            "secretRef": {"name": f"{ref}-host".replace("_", "-")},
        },
        "webhooks": [{"url": f"{host.url}/hook"}],
    }
    # A host's repository has an owner and a name.
    return site.follow(ref, repo=f"acme/{ref}", notify=notify, **more)


def _waits(look: Any, story: Any) -> None:
    eventually(look, story)


def test_good_and_bad_revisions_are_shown_and_told_once(
    telling: Site, ref: str, receiver: tuple[Receiver, Host]
) -> None:
    heard, host = receiver
    repo = telling.repo(f"acme/{ref}")
    good = repo.commit(pack(ref, workflows=2))
    followed = _follow(telling, ref, host)
    followed.wait()
    _waits(lambda: heard.states() == [(good, "success")], lambda: heard.shown)
    _waits(lambda: heard.types() == ["io.attune.pack.ready"], lambda: heard.heard)
    context = f"attune/{telling.namespace}/{followed.name}"
    assert heard.shown[0][1]["context"] == context
    event = heard.heard[0]
    assert event["data"]["ref"] == ref
    assert event["data"]["revision"].endswith(good)
    page = f"?pack={ref}&namespace={telling.namespace}&name={followed.name}"
    assert event["data"]["url"] == f"https://attune.example.com/{page}"

    known = _wait_noted(followed, ())

    bad = repo.commit({"workflows/broken.yaml": "version: 1.0.0\ntasks: nothing\n"})
    followed.reconcile()
    _waits(lambda: heard.states()[-1] == (bad, "failure"), lambda: heard.shown)
    _waits(lambda: heard.types()[-1] == "io.attune.pack.failed", lambda: heard.heard)
    _wait_noted(followed, known)

    # Nothing new is told by looks, nor by the next process.
    asked = len(host.calls)
    followed.reconcile()
    telling.controller.stop()
    telling.controller.start()
    followed.reconcile()
    telling.controller.stop()
    telling.controller.start()
    assert len(host.calls) == asked


def _wait_noted(followed: Pack, before: tuple[str, ...]) -> tuple[str, ...]:
    """What stands in the status for the news, once both receivers were told others than before."""

    def look() -> tuple[str, ...]:
        seen = followed.read()
        known = tuple(one.news for one in seen.status.notified or ()) if seen else ()
        return known if len(known) == 2 and not set(known) & set(before) else ()

    return eventually(look, followed.read)


def test_what_could_not_be_told_is_an_event_and_is_told_after_a_restart(
    telling: Site, ref: str, receiver: tuple[Receiver, Host]
) -> None:
    heard, host = receiver
    heard.status = 403
    telling.repo(f"acme/{ref}").commit(pack(ref, workflows=1))
    followed = _follow(telling, ref, host)
    followed.wait()
    failed = eventually(
        lambda: [one for one in followed.events() if one.reason == "NotificationFailed"],
        followed.events,
    )
    assert failed[0].type == "Warning"
    assert "127.0.0.1 refuses what the Secret opens it with (HTTP 403)" in failed[0].message
    telling.controller.stop()
    heard.status = 200
    telling.controller.start()
    _waits(lambda: heard.types() == ["io.attune.pack.ready"], lambda: heard.heard)


def test_what_takes_long_is_shown_as_under_way(
    telling: Site, ref: str, receiver: tuple[Receiver, Host]
) -> None:
    heard, host = receiver
    commit = telling.repo(f"acme/{ref}").commit(pack(ref, workflows=1))
    with psycopg.connect(telling.database) as other:
        other.execute("LOCK TABLE attune.workflow_definition IN ACCESS EXCLUSIVE MODE")
        followed = _follow(telling, ref, host)
        _waits(lambda: heard.states() == [(commit, "pending")], lambda: heard.shown)
        other.rollback()
    followed.wait()
    _waits(lambda: heard.states()[1:] == [(commit, "success")], lambda: heard.shown)


def test_a_revision_that_waits_for_approval_is_pending(
    telling: Site, ref: str, receiver: tuple[Receiver, Host]
) -> None:
    heard, host = receiver
    commit = telling.repo(f"acme/{ref}").commit(pack(ref, workflows=1))
    followed = _follow(telling, ref, host, activation="Manual")
    _waits(lambda: heard.states() == [(commit, "pending")], lambda: heard.shown)
    _waits(lambda: heard.types() == ["io.attune.pack.waiting"], lambda: heard.heard)
    assert "waits for approval" in heard.shown[0][1]["description"]

    followed.annotate(APPROVE, commit)
    _waits(lambda: heard.states()[1:] == [(commit, "success")], lambda: heard.shown)
    _waits(lambda: heard.types()[1:] == ["io.attune.pack.ready"], lambda: heard.heard)


def test_a_host_that_hangs_holds_up_no_sync_and_no_stop(
    telling: Site, ref: str, receiver: tuple[Receiver, Host]
) -> None:
    heard, host = receiver
    host.held.clear()
    repo = telling.repo(f"acme/{ref}")
    repo.commit(pack(ref, workflows=1))
    followed = _follow(telling, ref, host)
    followed.wait()
    newest = repo.commit(pack(ref, workflows=2))
    followed.reconcile()
    assert len(telling.definitions(ref)) == 2
    host.held.set()
    _waits(lambda: (newest, "success") in heard.states(), lambda: heard.shown)
    assert _TOKEN not in telling.controller.text()
