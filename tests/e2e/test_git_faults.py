"""Whatever goes wrong on the way to Git: said in the status, told what to do, healed by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from hack.gitserver import Basic
from hack.packrepo import PackRepo, pack, workflow_yaml
from tests.e2e.site import Site

MORE = "workflows/workflow_002.yaml"

Act = Callable[[Site, str], object]


@dataclass(frozen=True, slots=True)
class Fault:
    """A way to break a repository that is followed, what the status says, and the way back.

    `{url}` in `message` is the repository's address.
    """

    reason: str
    message: str
    hint: str
    breaks: Act
    mends: Act
    git: dict[str, Any]


def _away(site: Site, ref: str) -> None:
    (site.repositories / ref).rename(site.repositories / f"{ref}.away")


def _back(site: Site, ref: str) -> None:
    (site.repositories / f"{ref}.away").rename(site.repositories / ref)


def _emptied(site: Site, ref: str) -> None:
    _away(site, ref)
    site.repo(ref)


def _delete_branch(site: Site, ref: str) -> None:
    repo = site.repo(ref)
    repo.force("kept", repo.head("release"))
    repo.delete_branch("release")


def _restore_branch(site: Site, ref: str) -> None:
    repo = site.repo(ref)
    repo.force("release", repo.head("kept"))


RELEASE = {"ref": {"branch": "release"}}

STALLED = {
    "repository gone": Fault(
        "RepositoryNotFound",
        "There is no repository at {url}, or it is hidden from this login.",
        "Check spec.git.url, and for a private repository spec.git.secretRef.",
        _away,
        _back,
        RELEASE,
    ),
    "login wanted": Fault(
        "AuthenticationFailed",
        "{url} does not let us in.",
        "create a Secret with username and password",
        lambda site, ref: site.git.protect(ref, Basic("somebody", "else")),
        lambda site, ref: site.git.protect(ref, None),
        RELEASE,
    ),
    "repository emptied": Fault(
        "EmptyRepository",
        "The repository {url} is empty.",
        "Push a commit with the pack.",
        _emptied,
        lambda site, ref: site.repo(ref).commit(pack(ref, workflows=1), branch="release"),
        RELEASE,
    ),
    "branch deleted": Fault(
        "RefNotFound",
        "There is no branch 'release' in {url}.",
        "Set spec.git.ref.branch to one that exists.",
        _delete_branch,
        _restore_branch,
        RELEASE,
    ),
    "folder gone": Fault(
        "PathNotFound",
        "There is no folder",
        "spec.git.path",
        lambda site, ref: site.repo(ref).commit({"pack": None, "README": ""}, branch="release"),
        lambda site, ref: site.repo(ref).commit(_folder("pack", ref), branch="release"),
        {**RELEASE, "path": "pack"},
    ),
}


def _folder(path: str, ref: str) -> dict[str, str]:
    return {f"{path}/{name}": text for name, text in pack(ref, workflows=1).items()}


@pytest.mark.parametrize("fault", STALLED.values(), ids=STALLED.keys())
def test_what_a_person_must_mend(site: Site, ref: str, fault: Fault) -> None:
    site.repo(ref).commit({**pack(ref, workflows=1), **_folder("pack", ref)}, branch="release")
    followed = site.follow(ref, git=fault.git)
    good = followed.wait()
    rows = site.everything(ref)

    fault.breaks(site, ref)
    broken = followed.reconcile()

    assert broken.summary() == {
        "Ready": ("False", fault.reason),
        "Stalled": ("True", fault.reason),
        "Fetched": ("False", fault.reason),
        "Validated": ("True", "Succeeded"),
        "Synced": ("True", "Succeeded"),
        "DriftFree": ("True", "Succeeded"),
    }
    assert broken.message().startswith(fault.message.format(url=site.git.url(ref)))
    assert fault.hint in broken.message()
    assert broken.status.next_sync_time is None
    assert broken.status.last_applied_revision == good.status.last_applied_revision
    assert broken.status.workflows == good.status.workflows
    assert site.everything(ref) == rows
    followed.wait_events("Succeeded", fault.reason)

    fault.mends(site, ref)
    assert followed.reconcile().summary() == good.summary()
    followed.wait_events("Succeeded", fault.reason, "Succeeded")


def test_a_repository_that_never_was(site: Site, ref: str) -> None:
    seen = site.follow(ref).wait("Stalled", "True", "RepositoryNotFound")

    assert seen.summary() == {
        "Ready": ("False", "RepositoryNotFound"),
        "Stalled": ("True", "RepositoryNotFound"),
        "Fetched": ("False", "RepositoryNotFound"),
    }
    assert site.git.url(ref) in seen.message()


def test_a_branch_that_never_was_is_told_with_those_near_it(site: Site, ref: str) -> None:
    site.repo(ref).commit(pack(ref, workflows=1), branch="release-1")

    seen = site.follow(ref, git={"ref": {"branch": "relaese-1"}}).wait("Stalled")

    assert seen.message() == (
        f"There is no branch 'relaese-1' in {site.git.url(ref)}. "
        "Its branches most like that: release-1. Set spec.git.ref.branch to one that exists."
    )


def test_a_forced_push_is_followed_back_and_forth(site: Site, ref: str) -> None:
    repo = site.repo(ref)
    first = repo.commit(pack(ref, workflows=1))
    second = repo.commit({MORE: workflow_yaml(f"{ref}.workflow_002")})
    followed = site.follow(ref)
    followed.wait(revision=second)

    repo.force("main", first)
    back = followed.reconcile()
    assert back.status.last_applied_revision == f"main@sha1:{first}"
    assert list(site.definitions(ref)) == [f"{ref}.workflow_001"]

    unrelated = PackRepo(site.repositories / f"{ref}.other")
    other = unrelated.commit({**pack(ref, workflows=1), MORE: workflow_yaml(f"{ref}.other")})
    repo.git("fetch", "--quiet", str(unrelated.path), "+main:main")
    forced = followed.reconcile()
    assert forced.status.last_applied_revision == f"main@sha1:{other}"
    assert list(site.definitions(ref)) == [f"{ref}.other", f"{ref}.workflow_001"]


def test_a_server_that_is_down_is_tried_again_until_it_is_up(site: Site, ref: str) -> None:
    repo = site.repo(ref)
    repo.commit(pack(ref, workflows=1))
    followed = site.follow(ref)
    good = followed.wait()
    rows = site.everything(ref)

    site.git.down()
    try:
        away = followed.reconcile()
        assert away.summary() == {
            "Ready": ("False", "GitUnreachable"),
            "Reconciling": ("True", "ProgressingWithRetry"),
            "Fetched": ("False", "GitUnreachable"),
            "Validated": ("True", "Succeeded"),
            "Synced": ("True", "Succeeded"),
            "DriftFree": ("True", "Succeeded"),
        }
        assert away.message() == (
            f"{site.git.url(ref)} cannot be reached. Check the URL's host and port, and whether "
            "the cluster may connect to it."
        )
        assert away.status.next_sync_time is not None
        assert away.status.last_applied_revision == good.status.last_applied_revision
        assert site.everything(ref) == rows
        commit = repo.commit({MORE: workflow_yaml(f"{ref}.workflow_002")})
    finally:
        site.git.up()

    healed = followed.wait(revision=commit)
    assert healed.summary() == good.summary()
    assert healed.status.next_sync_time is None
    assert len(site.definitions(ref)) == 2


def test_a_server_that_hangs_holds_up_nobody_else(site: Site, ref: str) -> None:
    site.repo(ref).commit(pack(ref, workflows=1))
    other = site.repo(f"{ref}b")
    other.commit(pack(f"{ref}b", workflows=1))
    site.git.hang(ref)
    try:
        hanging = site.follow(ref, timeout="2s")
        assert site.follow(f"{ref}b").wait().status.workflow_count == 1
        overdue = hanging.wait("Ready", "False", "GitTimeout")
        assert overdue.message() == (
            f"{site.git.url(ref)} did not answer within 2 s. "
            "Check the server, or raise spec.timeout."
        )
        assert overdue.summary()["Reconciling"] == ("True", "ProgressingWithRetry")
    finally:
        site.git.release(ref)

    assert hanging.wait().status.workflow_count == 1
