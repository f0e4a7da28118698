"""What the mirrors take of the disk stays within its budget, and the Packs of others go on."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from controller.errors import PackError, Reason, Stalled, Transient
from controller.source import mirror as mirror_module
from controller.source.access import OPEN
from controller.source.eviction import Budget
from controller.source.git_source import GitSource
from controller.source.mirrors import Mirrors
from controller.source.target import GitReference, GitTarget, ReferenceKind
from controller.source.urls import Scheme, parse_url
from tests.source.backend import Backend, backend
from tests.source.repository import Repository

BLOCK = 4 * 1024
SCHEMES = frozenset({Scheme.FILE, Scheme.HTTP})

Make = Callable[[str, int], Repository]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Make a repository with so many blocks of content that no compression makes smaller."""

    def make(name: str, size: int) -> Repository:
        repository = Repository(tmp_path / "repositories" / name)
        repository.push(noise(size))
        return repository

    (tmp_path / "repositories").mkdir()
    return make


def noise(size: int) -> dict[str, bytes]:
    """Files with `size` blocks together, each small enough to be fetched; one of them is `v`."""
    parts = [min(100, size - start) for start in range(0, size, 100)]
    names = ["v", *(f"v{number}" for number in range(1, len(parts)))]
    return {name: os.urandom(part * BLOCK) for name, part in zip(names, parts, strict=True)}


def mirrors(cache: Path, *, size: int = 10_000, largest: int = 10_000, count: int = 100) -> Mirrors:
    """With a budget in blocks."""
    budget = Budget(size=size * BLOCK, largest=largest * BLOCK, count=count)
    return Mirrors(cache, SCHEMES, budget=budget)


def source(mirrors: Mirrors, repository: Repository, tenant: str = "team") -> GitSource:
    return GitSource(mirrors, GitTarget(repository.url), tenant)


def stored(cache: Path) -> int:
    """Bytes of all files of all mirrors."""
    return sum(path.stat().st_size for path in cache.rglob("*") if path.is_file())


def has(mirrors: Mirrors, repository: Repository) -> bool:
    return mirrors.of(parse_url(repository.url, SCHEMES), OPEN).path.exists()


def failure(action: Callable[[], object]) -> PackError:
    with pytest.raises(PackError) as failed:
        action()
    assert failed.value.hint
    return failed.value


@pytest.mark.parametrize("limit", [{"size": 350}, {"count": 3}], ids=["bytes", "count"])
def test_the_mirrors_unused_for_longest_go_first(
    make: Make, cache: Path, limit: dict[str, int]
) -> None:
    own = mirrors(cache, **limit)
    repositories = [make(name, 80) for name in "abcde"]
    sources = [source(own, repository) for repository in repositories]
    for each in sources[:3]:
        each.fetch()
    # Read again, `a` is the one used last.
    assert sources[0].read([repositories[0].blob_of("v")])
    for each in sources[3:]:
        each.fetch()
    assert [has(own, each) for each in repositories] == [True, False, False, True, True]
    assert stored(cache) < 350 * BLOCK
    assert sources[1].read([repositories[1].blob_of("v")])


def test_a_mirror_in_use_stays(make: Make, cache: Path) -> None:
    own = mirrors(cache, size=250)
    first, second, third = (make(name, 80) for name in "abc")
    source(own, first).fetch()
    held = own.of(parse_url(first.url, SCHEMES), OPEN).held(time.monotonic())
    with held:
        kept = [source(own, second), source(own, third)]
        for each in kept:
            each.fetch()
        assert has(own, first)
        assert not has(own, second)


def test_mirrors_that_no_pack_uses_any_more_go_before_all_others(make: Make, cache: Path) -> None:
    own = mirrors(cache, size=250)
    used, left, new = (make(name, 80) for name in "abc")
    kept = source(own, used)
    kept.fetch()
    source(own, left).fetch()
    source(own, new).fetch()
    assert [has(own, each) for each in (used, left, new)] == [True, False, True]


def test_a_tenant_with_many_repositories_costs_another_none(make: Make, cache: Path) -> None:
    own = mirrors(cache, size=400)
    quiet = make("quiet", 80)
    modest = source(own, quiet, "modest")
    modest.fetch()
    greedy = [source(own, make(f"g{number}", 80), "greedy") for number in range(6)]
    for each in greedy:
        each.fetch()
    assert has(own, quiet)
    assert stored(cache) < 400 * BLOCK


def test_another_process_s_mirrors_count(make: Make, cache: Path) -> None:
    first, second, third = (make(name, 80) for name in "abc")
    source(mirrors(cache, size=250), first).fetch()
    os.utime(next(cache.glob("*.lock")), (1, 1))
    source(mirrors(cache, size=250), second).fetch()
    own = mirrors(cache, size=250)
    source(own, third).fetch()
    assert [has(own, each) for each in (first, second, third)] == [False, True, True]


def test_a_repository_that_is_too_large_is_refused_and_leaves_nothing(
    make: Make, cache: Path, tmp_path: Path
) -> None:
    large, small = make("large", 300), make("small", 10)
    with backend(tmp_path / "repositories") as server:
        own = mirrors(cache, largest=200)
        target = GitTarget(server.url("large"))
        refused = failure(GitSource(own, target).fetch)
        assert isinstance(refused, Stalled)
        assert refused.reason is Reason.LIMIT_EXCEEDED
        assert f"{server.url('large')} takes more than 819,200 bytes" in refused.message
        assert "PACKCTL_MAX_REPOSITORY_SIZE" in refused.hint
        assert not list(cache.rglob("*.pack")) + list(cache.rglob("tmp_*"))
        assert source(own, small).fetch()

        fetches = server.fetches
        assert failure(GitSource(own, target).fetch).reason is Reason.LIMIT_EXCEEDED
        assert server.fetches == fetches, "it was fetched again, only to be too large again"
        large.push({"v": b"small"})
        assert GitSource(own, target).fetch()


def test_what_was_too_large_is_tried_again_after_a_while(
    make: Make, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mirror_module, "REFUSED_FOR", 0.0)
    large = make("large", 300)
    own = mirrors(cache, largest=200)
    failure(source(own, large).fetch)
    object.__setattr__(own.of(parse_url(large.url, SCHEMES), OPEN).shelf, "budget", Budget())
    assert source(own, large).fetch()


def test_old_content_makes_room_for_new(make: Make, cache: Path) -> None:
    repository = make("a", 80)
    own = mirrors(cache, largest=200)
    for _ in range(4):
        repository.push(noise(80))
        fetched = source(own, repository)
        assert [entry.size for entry in fetched.fetch().entries] == [80 * BLOCK]
        assert stored(cache) < 200 * BLOCK


def test_one_branch_that_is_too_large_does_not_stop_another(make: Make, cache: Path) -> None:
    repository = make("a", 20)
    repository.push(noise(300), "large")
    own = mirrors(cache, largest=200)
    large = GitReference(ReferenceKind.BRANCH, "large")
    small = source(own, repository)
    assert small.fetch()
    refused = failure(GitSource(own, GitTarget(repository.url, large)).fetch)
    assert refused.reason is Reason.LIMIT_EXCEEDED
    assert small.read([repository.blob_of("v")])


def test_what_is_too_large_is_left_out_when_others_fetch(
    make: Make, cache: Path, server: Backend
) -> None:
    """The first time, nobody knows which of them it is."""
    repository = make("a", 20)
    repository.push(noise(300), "large")
    own = mirrors(cache, largest=200)
    large = GitSource(own, GitTarget(server.url("a"), GitReference(ReferenceKind.BRANCH, "large")))
    small = GitSource(own, GitTarget(server.url("a")))
    assert failure(large.fetch).reason is Reason.LIMIT_EXCEEDED
    assert small.fetch()
    sent = server.sent
    repository.push(noise(20))
    assert small.fetch()
    assert failure(large.fetch).reason is Reason.LIMIT_EXCEEDED
    assert server.sent - sent < 30 * BLOCK


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Backend]:
    with backend(tmp_path / "repositories") as server:
        yield server


def test_growth_is_seen_while_a_fetch_runs(make: Make, cache: Path, server: Backend) -> None:
    """What is held cannot go, and what grows gives way before it is whole."""
    own = mirrors(cache, size=300)
    first = make("first", 100)
    make("second", 400)
    source(own, first).fetch()
    server.hold(350 * BLOCK)
    with own.of(parse_url(first.url, SCHEMES), OPEN).held(time.monotonic()):
        refused = failure(GitSource(own, GitTarget(server.url("second"))).fetch)
    assert isinstance(refused, Transient)
    assert refused.reason is Reason.CACHE_UNAVAILABLE
    assert "full with repositories that are being fetched" in refused.message
    assert stored(cache) < 300 * BLOCK
    assert list(cache.rglob("tmp_*")) == []


def test_idle_mirrors_make_room_while_a_fetch_runs(
    make: Make, cache: Path, server: Backend
) -> None:
    own = mirrors(cache, size=400)
    idle = make("idle", 250)
    make("large", 300)
    kept = source(own, idle)
    kept.fetch()
    server.hold(280 * BLOCK)
    with ThreadPoolExecutor(1) as pool:
        fetched = pool.submit(GitSource(own, GitTarget(server.url("large"))).fetch)
        assert server.held.wait(20)
        while has(own, idle):
            assert not fetched.done()
        server.release()
        assert fetched.result().entries
    assert stored(cache) < 400 * BLOCK
