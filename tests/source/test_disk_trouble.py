"""A disk that is full, read-only or swept away: said of the Pack that needs it, and healed by
itself once there is room again."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from controller.errors import PackError, Reason, Transient
from controller.source.git_source import GitSource
from controller.source.mirrors import Mirrors
from controller.source.target import GitTarget
from controller.source.urls import Scheme
from tests.source.backend import Backend, backend
from tests.source.dying import Job, fail
from tests.source.repository import Repository
from tests.source.small_disk import SmallDisk, imitated, mounted
from tests.source.test_killed import STEPS, files, nothing_half_made_is_in

SAFETY_NET = 20.0
FULL = "The controller's cache is full, though what the controller may take of it is not."


@pytest.fixture(params=["real", "imitated"])
def disk(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[SmallDisk]:
    (tmp_path / "disk").mkdir()
    with mounted(tmp_path / "disk") as real:
        if real and request.param == "real":
            yield real
            return
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    yield imitated(tmp_path / "disk", tmp_path / "bin")


@pytest.fixture
def cache(disk: SmallDisk) -> Path:
    return disk.path / "cache"


@pytest.fixture
def own(cache: Path) -> Mirrors:
    return Mirrors(cache, frozenset({Scheme.FILE, Scheme.HTTP}))


Make = Callable[[str, int], tuple[Repository, dict[str, bytes]]]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Make a repository whose files take so many KiB, however they are packed."""

    def make(name: str, size: int) -> tuple[Repository, dict[str, bytes]]:
        repository = Repository(tmp_path / name)
        content = {f"v{number}": os.urandom(100 * 1024) for number in range(size // 100)}
        repository.push(content)
        return repository, content

    return make


def failure(source: GitSource) -> PackError:
    with pytest.raises(Transient) as failed:
        source.fetch()
    assert failed.value.reason is Reason.CACHE_UNAVAILABLE
    assert failed.value.hint
    return failed.value


def follow(mirrors: Mirrors, repository: Repository) -> GitSource:
    return GitSource(mirrors, GitTarget(repository.url, timeout=SAFETY_NET))


def test_a_full_disk_takes_the_mirrors_unused_for_longest(
    disk: SmallDisk, own: Mirrors, cache: Path, make: Make
) -> None:
    sizes = {"first": 700, "second": 100, "third": 700}
    repositories = [make(name, size) for name, size in sizes.items()]
    first, second, third = (follow(own, repository) for repository, _ in repositories)
    for source in (first, second):
        source.fetch()
    gone, stays = (source.fetch() for source in (first, second))
    mirrors = set(cache.glob("*.git"))
    disk.fill(left=300 * 1024)
    assert files(third) == repositories[2][1]
    assert len(mirrors & set(cache.glob("*.git"))) == 1
    nothing_half_made_is_in(cache)
    assert (first.fetch(), second.fetch()) == (gone, stays), "who moved not needs no mirror"
    assert files(second) == repositories[1][1]


@pytest.mark.parametrize(
    "use_up", [SmallDisk.fill, SmallDisk.use_up_inodes], ids=["bytes", "inodes"]
)
def test_a_full_disk_is_told_and_heals(
    disk: SmallDisk, own: Mirrors, cache: Path, make: Make, use_up: Callable[[SmallDisk], None]
) -> None:
    (small, small_files), (large, large_files) = make("small", 100), make("large", 700)
    goes_on, waits = follow(own, small), follow(own, large)
    before = goes_on.fetch()
    use_up(disk)
    assert FULL in failure(waits).message
    assert not list(cache.rglob("tmp_*")) + list(cache.rglob("*.new"))
    assert goes_on.fetch() == before
    disk.free()
    assert files(waits) == large_files
    assert files(goes_on) == small_files
    nothing_half_made_is_in(cache)


def test_a_read_only_disk_is_told_and_heals(disk: SmallDisk, own: Mirrors, make: Make) -> None:
    (known, _), (new, new_files) = make("known", 100), make("new", 100)
    goes_on, waits = follow(own, known), follow(own, new)
    before = goes_on.fetch()
    disk.protect()
    assert "cannot be" in failure(waits).message
    assert goes_on.fetch() == before
    disk.release()
    assert files(waits) == new_files


ON_THE_DISK = [step for step in STEPS["first"] if not step.startswith("git ")]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS])
@pytest.mark.parametrize("step", ON_THE_DISK)
def test_a_disk_that_fails_once_at_any_step_is_survived(
    repository: Repository, tmp_path: Path, step: str, number: int
) -> None:
    repository.push({"v": b"1"})
    job = Job(tmp_path / "cache", repository.url)
    fail(job, step, number, tmp_path / "steps")
    nothing_half_made_is_in(job.cache)


@pytest.fixture
def served(repository: Repository) -> Iterator[Backend]:
    with backend(repository.path.parent) as server:
        yield server


def test_a_cache_that_is_swept_away_is_made_anew(
    repository: Repository, tmp_path: Path, served: Backend
) -> None:
    """Between two looks, between look and reading, and while objects come."""
    job = Job(tmp_path / "cache", served.url("remote"))
    mirrors = Mirrors(job.cache, frozenset({Scheme.HTTP}))
    source = GitSource(mirrors, GitTarget(job.url, timeout=SAFETY_NET))
    old, new = ({"v": content, "w": os.urandom(300_000)} for content in (b"old", b"new"))
    repository.push(old)
    tree = source.fetch()
    shutil.rmtree(job.cache)
    assert source.fetch() == tree
    assert files(source) == old
    served.hold(100_000)
    repository.push(new)
    with ThreadPoolExecutor(1) as pool:
        fetched = pool.submit(source.fetch)
        assert served.held.wait(SAFETY_NET)
        while job.cache.exists():  # git still writes to it
            shutil.rmtree(job.cache, ignore_errors=True)
        served.release()
        with suppress(Transient):
            fetched.result()
    assert files(source) == new
    nothing_half_made_is_in(job.cache)
