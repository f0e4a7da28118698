"""A mirror is a cache: whatever happens to it, the next fetch is right again."""

from __future__ import annotations

import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from controller.errors import Reason, Transient
from controller.pack.tree import EntryKind
from controller.source import mirror as mirror_module
from controller.source.access import OPEN, Access, HttpLogin
from controller.source.git_source import GitSource
from controller.source.mirrors import Mirrors
from controller.source.target import GitReference, GitTarget, ReferenceKind
from controller.source.urls import Scheme, parse_url
from tests.source.repository import Repository

SAFETY_NET = 20.0


def version(source: GitSource) -> bytes:
    """The content of the file `v`."""
    oids = [entry.oid for entry in source.fetch().entries if entry.path == "v"]
    return source.read(oids)[oids[0]]


def held(mirrors: Mirrors, repository: Repository) -> AbstractContextManager[object]:
    """The mirror that sources of `team` without a login use, taken by us."""
    mirror = mirrors.of(parse_url(repository.url, mirrors.allowed), OPEN)
    return mirror.held(time.monotonic() + SAFETY_NET)


def only_mirror(cache: Path) -> Path:
    (mirror,) = cache.glob("*.git")
    return mirror


def remove_the_objects(mirror: Path) -> None:
    for file in mirror.glob("objects/pack/*"):
        file.unlink()


@pytest.mark.parametrize(
    "leftover",
    [
        "shallow.lock",
        "config.lock",
        "packed-refs.lock",
        "HEAD.lock",
        "refs/pack/deep/x.lock",
        "objects/pack/tmp_pack_abc",
        "objects/pack/tmp_idx_abc",
        "shallow_abc",
    ],
)
def test_what_a_killed_process_left_is_swept(
    repository: Repository, mirrors: Mirrors, cache: Path, leftover: str
) -> None:
    repository.push({"v": b"1"})
    source = GitSource(mirrors, GitTarget(repository.url))
    source.fetch()
    planted = only_mirror(cache) / leftover
    planted.parent.mkdir(exist_ok=True)
    planted.touch()
    (reference,) = only_mirror(cache).glob("refs/pack/????????????????")
    reference.with_suffix(".lock").touch()
    repository.push({"v": b"2"})
    assert version(source) == b"2"
    assert not planted.exists()


def test_a_half_made_mirror_is_made_anew(
    repository: Repository, mirrors: Mirrors, cache: Path
) -> None:
    repository.push({"v": b"1"})
    source = GitSource(mirrors, GitTarget(repository.url))
    source.fetch()
    only_mirror(cache).rename(only_mirror(cache).with_suffix(".new"))
    repository.push({"v": b"2"})
    assert version(source) == b"2"
    assert not list(cache.glob("*.new"))


def test_a_mirror_does_not_grow_without_bound(
    repository: Repository, mirrors: Mirrors, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mirror_module, "MAX_PACKS", 3)
    source = GitSource(mirrors, GitTarget(repository.url))
    for number in range(10):
        repository.push({"v": f"{number}".encode()})
        assert version(source) == f"{number}".encode()
        assert len(list(cache.glob("*.git/objects/pack/*.pack"))) <= 4


def test_a_reader_is_served_after_another_pack_renewed_the_mirror(
    repository: Repository, mirrors: Mirrors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mirror_module, "MAX_PACKS", 1)
    repository.push({"v": b"quiet"}, "quiet")
    quiet = GitTarget(repository.url, GitReference(ReferenceKind.BRANCH, "quiet"))
    reader = GitSource(mirrors, quiet)
    oids = [entry.oid for entry in reader.fetch().entries]
    for number in range(3):
        repository.push({"v": f"{number}".encode()})
        GitSource(mirrors, GitTarget(repository.url)).fetch()
    assert list(reader.read(oids).values()) == [b"quiet"]


def test_nobody_reads_what_another_fetched(repository: Repository, mirrors: Mirrors) -> None:
    commit = GitReference(ReferenceKind.COMMIT, repository.push({"v": b"1"}))
    target = GitTarget(repository.url, commit)
    GitSource(mirrors, target).fetch()
    access = Access(HttpLogin("a", "b"))
    other = GitSource(mirrors, GitTarget(repository.url, commit, access=access))
    repository.path.rename(repository.path.with_name("away"))
    with pytest.raises(Exception, match="no repository"):
        other.fetch()


def test_a_disk_that_fails_is_reported_as_such(repository: Repository, tmp_path: Path) -> None:
    repository.push({"v": b"1"})
    (tmp_path / "file").touch()
    mirrors = Mirrors(tmp_path / "file", frozenset({Scheme.FILE}))
    with pytest.raises(Transient) as failed:
        GitSource(mirrors, GitTarget(repository.url)).fetch()
    assert failed.value.reason is Reason.CACHE_UNAVAILABLE


def test_one_who_waits_too_long_for_a_turn_is_told(
    repository: Repository, mirrors: Mirrors
) -> None:
    repository.push({"v": b"1"})
    source = GitSource(mirrors, GitTarget(repository.url, timeout=0.3))
    with held(mirrors, repository), pytest.raises(Transient) as failed:
        source.fetch()
    assert failed.value.reason is Reason.CACHE_UNAVAILABLE


def test_another_process_waits_for_its_turn(
    repository: Repository, mirrors: Mirrors, cache: Path
) -> None:
    repository.push({"v": b"1"})
    source = GitSource(mirrors, GitTarget(repository.url))
    source.fetch()
    lock = only_mirror(cache).with_suffix(".lock")
    command = ["flock", "--nonblock", "--conflict-exit-code", "9", str(lock), "true"]
    with held(mirrors, repository):
        assert subprocess.run(command, check=False).returncode == 9
    assert subprocess.run(command, check=False).returncode == 0


def test_many_threads_and_mirrors_objects_at_once(repository: Repository, cache: Path) -> None:
    branches = [f"b{number}" for number in range(4)]
    for branch in branches:
        repository.push({"v": branch.encode()}, branch)
    start = threading.Barrier(8)

    def run(number: int) -> bytes:
        # Two of them as two controllers are: each with its own idea of the same folder.
        own = Mirrors(cache, frozenset({Scheme.FILE}))
        reference = GitReference(ReferenceKind.BRANCH, branches[number % 4])
        source = GitSource(own, GitTarget(repository.url, reference))
        start.wait(SAFETY_NET)
        return version(source)

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(run, range(8)))
    assert found == [branch.encode() for branch in branches * 2]


def test_kinds_stay_what_they_are_after_mending(
    repository: Repository, mirrors: Mirrors, cache: Path
) -> None:
    repository.push({"v": b"1", "workflows/a": b"2"})
    before = GitSource(mirrors, GitTarget(repository.url)).fetch()
    remove_the_objects(only_mirror(cache))
    assert GitSource(mirrors, GitTarget(repository.url)).fetch() == before
    assert {entry.kind for entry in before.entries} == {EntryKind.FILE, EntryKind.FOLDER}
