"""Whether a real forge shows what became of a commit: `make try-forge`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import pytest

from controller.notify import Network, State, Undelivered, deliver, pending
from controller.notify.letters import ForCommit, Letter
from controller.notify.news import Result
from controller.notify.subject import Subject
from controller.pack.identity import PackKey
from controller.pack.spec import CommitStatusSpec, GitSpec, SecretReference
from controller.source.network.policy import network_policy
from hack.forge.gitea import USER, Gitea, build
from hack.localcluster import Postgres
from hack.packrepo import PackRepo, pack

NAME = "statuses"
NETWORK = Network(network_policy(allowed_networks="loopback"), frozenset())
SUBJECT = Subject(PackKey("team-a", "demo"), "", "https://attune.example.com/?pack=demo")


@pytest.fixture(scope="module")
def forge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Gitea, str]]:
    """A forge, and a commit that it has."""
    with ExitStack() as stack:
        forge = stack.enter_context(Gitea(build(), stack.enter_context(Postgres())))
        repo = PackRepo(tmp_path_factory.mktemp("forge") / "original.git")
        commit = repo.commit(pack("demo", 1))
        forge.api("POST", "user/repos", name=NAME, private=True, default_branch="main")
        forge.push(repo.path, NAME, "--mirror")
        forge.wait_for(f"repos/{USER.username}/{NAME}/branches/main")
        yield forge, commit


def _tell(forge: Gitea, told: Result, url: str, token: str) -> None:
    wanted = CommitStatusSpec.model_validate({"provider": "Gitea", "secretRef": {"name": "host"}})
    letter = Letter(SUBJECT, "uid", GitSpec(url=url), ForCommit(told, wanted))

    def secrets(_: SecretReference) -> dict[str, bytes]:
        api = f"https://{url.split('/')[2].rpartition('@')[2]}/api/v1"
        values = {"token": token, "ca.crt": forge.authority.certificate, "address": api}
        return {key: value.encode() for key, value in values.items()}

    deliver(letter, secrets, NETWORK)


def _statuses(forge: Gitea, commit: str) -> list[dict[str, Any]]:
    """What it shows, oldest first."""
    found: list[dict[str, Any]] = forge.api(
        "GET", f"repos/{USER.username}/{NAME}/commits/{commit}/statuses"
    )
    return sorted(found, key=lambda one: int(one["id"]))


def test_a_commit_is_shown_pending_and_good_and_once_each(forge: tuple[Gitea, str]) -> None:
    server, commit = forge
    fields = {"name": "attune", "scopes": ["write:repository"]}
    token = server.api("POST", f"users/{USER.username}/tokens", **fields)["sha1"]
    good = replace(pending(commit), key="1", text="In the database.", state=State.SUCCESS)
    for told in pending(commit), pending(commit), good, good:
        _tell(server, told, server.url(NAME), token)
    shown = [(one["status"], one["description"]) for one in _statuses(server, commit)]
    assert shown == [("pending", "Being synced."), ("success", "In the database.")]
    newest = _statuses(server, commit)[-1]
    assert newest["context"] == "attune/team-a/demo"
    assert newest["target_url"] == SUBJECT.page
    combined = server.api("GET", f"repos/{USER.username}/{NAME}/commits/{commit}/status")
    assert combined["state"] == "success"


def test_a_wrong_token_is_told(forge: tuple[Gitea, str]) -> None:
    server, commit = forge
    with pytest.raises(Undelivered, match=r"HTTP 40[134]"):
        _tell(server, pending(commit), server.url(NAME), "0" * 40)
