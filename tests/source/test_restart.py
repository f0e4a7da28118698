"""A controller that starts again on the mirrors of the one before, which was killed or not."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.source.backend import Backend, backend
from tests.source.dying import Job, follow, run
from tests.source.repository import Repository
from tests.source.test_killed import files, nothing_half_made_is_in

NAMES = ["followed", "other", "busy"]


@pytest.fixture
def repositories(tmp_path: Path) -> dict[str, Repository]:
    root = tmp_path / "repositories"
    root.mkdir()
    made = {name: Repository(root / name) for name in NAMES}
    for name, repository in made.items():
        repository.push({"v": name.encode()})
    return made


@pytest.fixture
def server(repositories: dict[str, Repository], tmp_path: Path) -> Iterator[Backend]:
    assert repositories
    with backend(tmp_path / "repositories") as server:
        yield server


def test_a_new_process_asks_once_and_fetches_nothing(
    server: Backend, cache: Path, tmp_path: Path
) -> None:
    job = Job(cache, server.url("followed"))
    follow(job).fetch()
    requests, fetches = server.requests, server.fetches
    passed = run(job, "", tmp_path / "steps")
    # It lists the folder by one process, which reads the mirror and speaks to nobody.
    assert [step for step in passed if step.startswith("git ")] == ["git cat-file"]
    assert server.fetches == fetches
    assert server.requests - requests == 2, "more than the first words and the look itself"


def test_what_others_left_half_made_goes_before_the_first_mirror_is_used(
    server: Backend, cache: Path
) -> None:
    mirrors: dict[str, Path] = {}
    for name in NAMES:
        follow(Job(cache, server.url(name))).fetch()
        (mirrors[name],) = set(cache.glob("*.git")) - set(mirrors.values())
    busy = mirrors["busy"].with_suffix(".lock").open("r+")
    fcntl.flock(busy, fcntl.LOCK_EX)
    planted = [
        mirrors["other"] / "shallow.lock",
        mirrors["other"] / "objects" / "pack" / "tmp_pack_x",
        mirrors["other"].with_suffix(".new"),
        cache / f"{'1' * 40}.old",
        cache / f"{'2' * 40}.lock",
    ]
    in_use = mirrors["busy"] / "objects" / "pack" / "tmp_pack_x"
    foreign = cache / "lost+found"
    for path in (*planted, in_use, foreign):
        path.mkdir() if path.suffix in {".new", ".old"} else path.touch()
    (cache / f"{'1' * 40}.old" / "HEAD").touch()

    follow(Job(cache, server.url("followed"))).fetch()

    assert [path for path in planted if path.exists()] == []
    assert in_use.exists(), "its lock says that somebody writes there"
    assert foreign.exists(), "it is no mirror's"
    busy.close()
    foreign.unlink()
    in_use.unlink()
    nothing_half_made_is_in(cache)
    assert files(follow(Job(cache, server.url("other")))) == {"v": b"other"}
