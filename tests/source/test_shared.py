"""Many sources of one repository: one look, one fetch, one mirror."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from controller.errors import PackError, Reason, Transient
from controller.pack.source import Look
from controller.source.git_source import GitSource
from controller.source.hosts import Manners
from controller.source.mirrors import Mirrors
from controller.source.target import GitReference, GitTarget, ReferenceKind
from hack.gitserver import GitServer, Service
from hack.packrepo import PackRepo

NAME = "packs.git"
SAFETY_NET = 20.0

Follow = Callable[..., GitSource]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[GitServer]:
    with GitServer(tmp_path / "repositories") as server:
        yield server


@pytest.fixture
def repo(tmp_path: Path) -> PackRepo:
    made = PackRepo(tmp_path / "repositories" / NAME)
    made.commit({f"pack_{number}/v": f"{number}" for number in range(5)})
    return made


@pytest.fixture
def follow(served: GitServer, mirrors: Mirrors, repo: PackRepo) -> Follow:
    """Make a source of the folder `path`, of the branch `main` or another."""
    assert repo.path.exists()

    def make(
        path: str, branch: str = "main", moved: Callable[[], None] = lambda: None
    ) -> GitSource:
        reference = GitReference(ReferenceKind.BRANCH, branch)
        target = GitTarget(served.url(NAME), reference, path, timeout=SAFETY_NET)
        return GitSource(mirrors, target, moved=moved)

    return make


def asked(served: GitServer) -> int:
    """How many looks were made."""
    return served.count(NAME, Service.LIST_REFS)


def test_a_look_serves_all_who_take_one_as_old(follow: Follow, served: GitServer) -> None:
    sources = [follow(f"pack_{number}") for number in range(5)]
    sources[0].observe(Look())
    once = asked(served)
    began = time.monotonic() - 60
    observed = [source.observe(Look(since=began, number=lambda: 7)) for source in sources[1:]]
    assert asked(served) == once
    assert {one.number for one in observed} == {0}, "the number is that of the look that was made"
    assert len({one.begun for one in observed}) == 1
    assert sources[1].observe(Look(number=lambda: 7)).number == 7
    assert asked(served) > once


def test_all_who_wait_at_once_are_served_by_one_look(follow: Follow, served: GitServer) -> None:
    sources = [follow(f"pack_{number}") for number in range(5)]
    for source in sources:
        source.observe(Look())
    before = asked(served)
    served.hang(NAME)
    since = time.monotonic()
    with ThreadPoolExecutor(len(sources)) as pool:
        looking = [pool.submit(source.observe, Look(since=since)) for source in sources]
        served.release(NAME)
        trees = [one.result(SAFETY_NET).tree for one in looking]
    assert asked(served) == before + 1
    assert len({tree.revision for tree in trees}) == 1


def test_one_fetch_brings_what_all_follow(follow: Follow, repo: PackRepo, cache: Path) -> None:
    branches = ("one", "two", "three")
    for branch in branches:
        repo.commit({"pack_0/v": branch}, branch=branch)
    sources = [follow("pack_0", branch) for branch in branches]
    since = time.monotonic()
    assert [content(source, since) for source in sources] == [b"one", b"two", b"three"]
    assert fetches(cache) == 1
    for branch in branches:
        repo.commit({"pack_0/v": f"{branch}!"}, branch=branch)
    since = time.monotonic()
    assert [content(source, since) for source in sources] == [b"one!", b"two!", b"three!"]
    assert fetches(cache) == 2


def fetches(cache: Path) -> int:
    """Each fetch leaves one pack in the mirror."""
    return len(list(cache.glob("*.git/objects/pack/*.pack")))


def content(source: GitSource, since: float) -> bytes:
    tree = source.observe(Look(since=since)).tree
    (entry,) = tree.entries
    return source.read([entry.oid])[entry.oid]


def test_who_follows_what_moved_is_told_and_no_other(follow: Follow, repo: PackRepo) -> None:
    repo.commit({"pack_0/v": "other"}, branch="other")
    told: list[str] = []
    sources = {
        name: follow("pack_0", branch, lambda name=name: told.append(name))
        for name, branch in (("a", "main"), ("b", "main"), ("c", "other"))
    }
    for source in sources.values():
        source.observe(Look())
    assert told == []
    repo.commit({"pack_0/v": "new"})
    sources["c"].observe(Look())
    assert sorted(told) == ["a", "b"]
    sources["a"].observe(Look(since=0.0))
    repo.commit({"pack_0/v": "newer"})
    told.clear()
    sources["a"].observe(Look())
    assert told == ["b"], "who looked knows"


def test_a_commit_that_leaves_a_folder_alone_is_read_once_for_all(
    follow: Follow, repo: PackRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources = [follow(f"pack_{number}") for number in range(5)]
    before = [source.observe(Look()).tree for source in sources]
    commit = repo.commit({"pack_0/v": "new"})
    since = time.monotonic()
    changed = sources[0].observe(Look(since=since)).tree
    monkeypatch.setattr("controller.source.mirror.reading", _forbidden)
    others = [source.observe(Look(since=since)).tree for source in sources[1:]]
    assert changed.tree_oid != before[0].tree_oid
    assert [one.tree_oid for one in others] == [one.tree_oid for one in before[1:]]
    assert {one.revision.commit for one in others} == {commit}
    assert {one.commit for one in others} == {changed.commit}


def _forbidden(*_: object) -> None:
    raise AssertionError("the mirror was read")


def test_who_misses_a_branch_asks_for_all_of_them_once(follow: Follow, served: GitServer) -> None:
    sources = [follow("pack_0", f"gone-{number}") for number in range(3)]
    since = time.monotonic()
    for source in sources:
        with pytest.raises(PackError, match="There is no branch 'gone-"):
            source.observe(Look(since=since))
    assert asked(served) == 2


def test_a_failure_is_for_all_and_the_remote_is_left_alone(
    follow: Follow, served: GitServer
) -> None:
    sources = [follow(f"pack_{number}") for number in range(3)]
    served.down()
    since = time.monotonic()
    failures = [failure(source, Look(since=since)) for source in sources]
    assert {one.reason for one in failures} == {Reason.GIT_UNREACHABLE}
    assert len({str(one) for one in failures}) == 1
    served.up()
    hasty = failure(sources[0], Look(urgent=False))
    assert hasty.retry_after is not None
    assert served.count(NAME) == 0, "after a failure it is left alone for a while"
    assert sources[0].observe(Look()).tree.entries, "but not when somebody asks for it"


def failure(source: GitSource, look: Look) -> Transient:
    with pytest.raises(Transient) as failed:
        source.observe(look)
    return failed.value


def test_one_who_hangs_is_a_failure_for_all(served: GitServer, mirrors: Mirrors) -> None:
    target = GitTarget(served.url(NAME), timeout=0.5)
    sources = [GitSource(mirrors, target) for _ in range(3)]
    served.hang(NAME)
    since = time.monotonic()
    with ThreadPoolExecutor(len(sources)) as pool:
        failing = [pool.submit(failure, source, Look(since=since)) for source in sources]
        reasons = {one.result(SAFETY_NET).reason for one in failing}
    assert reasons == {Reason.GIT_TIMEOUT}
    assert served.count(NAME) == 1
    assert mirrors.hosts.manners(served.url("").rstrip("/")) is Manners.SILENT


def test_a_number_that_cannot_be_drawn_is_no_fault_of_the_remote(follow: Follow) -> None:
    source, other = follow("pack_0"), follow("pack_1")

    def refuse() -> int:
        raise Transient(Reason.DATABASE_UNAVAILABLE, "The database is away.")

    with pytest.raises(PackError, match="database"):
        source.observe(Look(number=refuse))
    assert other.observe(Look(urgent=False)).tree.entries


def test_a_repository_lives_as_long_as_its_sources(follow: Follow, mirrors: Mirrors) -> None:
    source = follow("pack_0")
    told = threading.Event()
    gone = follow("pack_1", moved=told.set)
    del gone
    source.observe(Look())
    assert len(mirrors._repositories) == 1
    del source
    assert len(mirrors._repositories) == 0
