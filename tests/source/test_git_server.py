"""A pack followed over HTTP from a real Git server: pushes, logins, outages."""

from __future__ import annotations

from pathlib import Path

import pytest

from controller.errors import PackError, Reason
from controller.source.access import Access, HttpLogin
from controller.source.git_source import GitSource
from controller.source.mirrors import Mirrors
from controller.source.target import GitReference, GitTarget, ReferenceKind
from hack.gitserver import Basic, Bearer, GitServer, Service
from tests.source.repository import Repository
from tests.source.served import NAME, SAFETY_NET, content

LOGIN = HttpLogin("robot", "hunter2")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """The repository that `git_server` serves as `NAME`."""
    (tmp_path / "repositories/team").mkdir(parents=True)
    return Repository(tmp_path / "repositories" / NAME)


def reason(source: GitSource) -> Reason:
    with pytest.raises(PackError) as failed:
        source.fetch()
    return failed.value.reason


def test_objects_travel_only_when_the_remote_moved(
    git_server: GitServer, repository: Repository, mirrors: Mirrors
) -> None:
    repository.push({"v": b"1"})
    target = GitTarget(git_server.url(NAME))
    source = GitSource(mirrors, target)
    assert content(source) == {"v": b"1"}
    looks = git_server.count(NAME, Service.LIST_REFS)
    fetches = git_server.count(NAME, Service.FETCH)
    assert content(source) == content(GitSource(mirrors, target)) == {"v": b"1"}
    assert git_server.count(NAME, Service.LIST_REFS) == looks + 2
    assert git_server.count(NAME, Service.FETCH) == fetches
    repository.push({"v": b"2"})
    assert content(source) == {"v": b"2"}


def test_a_commit_that_no_branch_names_is_fetched_by_its_id(
    git_server: GitServer, repository: Repository, mirrors: Mirrors
) -> None:
    old = repository.push({"v": b"1"})
    repository.push({"v": b"2"})
    pinned = GitReference(ReferenceKind.COMMIT, old)
    source = GitSource(mirrors, GitTarget(git_server.url(NAME), pinned))
    assert content(source) == {"v": b"1"}


@pytest.mark.parametrize(
    ("account", "login"),
    [
        (Basic("robot", "hunter2"), LOGIN),
        (Basic("rób", "pä:ss wörd"), HttpLogin("rób", "pä:ss wörd")),
        (Bearer("hunter2"), HttpLogin(bearer_token="hunter2")),
    ],
    ids=["password", "odd-password", "token"],
)
def test_private_repositories(
    git_server: GitServer,
    repository: Repository,
    mirrors: Mirrors,
    account: Basic | Bearer,
    login: HttpLogin,
) -> None:
    repository.push({"v": b"1"})
    git_server.protect(NAME, account)
    url = git_server.url(NAME)
    assert content(GitSource(mirrors, GitTarget(url, access=Access(login)))) == {"v": b"1"}
    # The mirror is warm now, and still opens to nobody else.
    wrong = HttpLogin("robot", "guess")
    for other in (GitTarget(url), GitTarget(url, access=Access(wrong))):
        assert reason(GitSource(mirrors, other)) is Reason.AUTHENTICATION_FAILED


def test_a_login_taken_away_is_noticed_at_the_next_look(
    git_server: GitServer, repository: Repository, mirrors: Mirrors
) -> None:
    repository.push({"v": b"1"})
    git_server.protect(NAME, Basic("robot", "hunter2"))
    source = GitSource(mirrors, GitTarget(git_server.url(NAME), access=Access(LOGIN)))
    assert content(source) == {"v": b"1"}
    git_server.protect(NAME, Basic("robot", "rotated"))
    assert reason(source) is Reason.AUTHENTICATION_FAILED
    git_server.protect(NAME, None)
    assert content(source) == {"v": b"1"}


def test_an_outage_passes(git_server: GitServer, repository: Repository, mirrors: Mirrors) -> None:
    repository.push({"v": b"1"})
    target = GitTarget(git_server.url(NAME), timeout=SAFETY_NET)
    source = GitSource(mirrors, target)
    tree = source.fetch()
    git_server.down()
    assert reason(source) is Reason.GIT_UNREACHABLE
    git_server.up()
    assert source.fetch() == tree


def test_a_hanging_server_leaves_the_other_repositories_of_the_controller_alone(
    git_server: GitServer, repository: Repository, mirrors: Mirrors
) -> None:
    repository.push({"v": b"1"})
    git_server.hang("team/slow.git")
    slow = GitTarget(git_server.url("team/slow.git"), timeout=0.3)
    assert reason(GitSource(mirrors, slow)) is Reason.GIT_TIMEOUT
    assert content(GitSource(mirrors, GitTarget(git_server.url(NAME)))) == {"v": b"1"}


def test_a_moved_repository_is_not_followed(
    git_server: GitServer, repository: Repository, mirrors: Mirrors
) -> None:
    repository.push({"v": b"1"})
    git_server.redirect("old.git", git_server.url(NAME))
    source = GitSource(mirrors, GitTarget(git_server.url("old.git"), access=Access(LOGIN)))
    assert reason(source) is Reason.REPOSITORY_NOT_FOUND
    assert git_server.count(NAME) == 0
    assert git_server.count("old.git", Service.ADVERTISE) > 0
