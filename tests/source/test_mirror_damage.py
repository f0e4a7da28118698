"""Whatever becomes of a mirror on disk is noticed, and mended by one fetch."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from controller.source import place
from controller.source.git_source import GitSource
from controller.source.mirrors import Mirrors
from controller.source.target import GitTarget
from tests.source.backend import Backend, backend
from tests.source.damages import CONTENT, DAMAGES, Damage
from tests.source.repository import Repository

MAX_FILE_SIZE = 1024 * 1024


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Backend]:
    with backend(tmp_path) as server:
        yield server


def files(source: GitSource) -> dict[str, bytes]:
    tree = source.fetch()
    assert tree.commit is not None
    assert tree.commit.author == "Ada"
    found = {entry.path: entry for entry in tree.entries}
    assert max(entry.size for entry in found.values()) <= MAX_FILE_SIZE
    contents = source.read([entry.oid for entry in found.values()])
    return {path: contents[entry.oid] for path, entry in found.items()}


def digest(folder: Path) -> dict[str, str]:
    """Everything below a folder, by name and content."""
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        for path in sorted(folder.rglob("*"))
    }


def nothing_planted_is_in(mirror: Path) -> None:
    assert not mirror.is_symlink()
    assert (mirror / "config").read_text() in place.CONFIGS.values()
    assert {path.name for path in mirror.iterdir()} <= USUAL
    assert {path.name for path in (mirror / "objects").iterdir()} <= {"info", "pack"}
    assert list((mirror / "objects" / "info").iterdir()) == []


USUAL = {"HEAD", "config", "objects", "packed-refs", "refs", "shallow"}


# Every damage at the same commit, every second one also when something has moved meanwhile.
CASES = {
    **{name: (damage, False) for name, damage in DAMAGES.items()},
    **{
        f"{name}, and moved": (DAMAGES[name], True)
        for name in [*list(DAMAGES)[::2], "another address in the config"]
    },
}


@pytest.mark.parametrize(("damage", "moved"), CASES.values(), ids=CASES.keys())
def test_damage_is_noticed_and_mended_by_one_fetch(
    repository: Repository,
    mirrors: Mirrors,
    cache: Path,
    tmp_path: Path,
    server: Backend,
    damage: Damage,
    moved: bool,
) -> None:
    repository.push({"v": CONTENT, "w": b"same"})
    target = GitTarget(server.url("remote"))
    kept = GitSource(mirrors, target)
    assert files(kept) == {"v": CONTENT, "w": b"same"}
    (mirror,) = cache.glob("*.git")
    outside = tmp_path / "outside"
    outside.mkdir()
    damage(mirror, outside)
    before = digest(outside)
    fetches = server.fetches
    content = CONTENT
    if moved:
        content = b"2" * 3000
        repository.push({"v": content, "w": b"same"})
    for source in (GitSource(mirrors, target), kept):
        assert files(source) == {"v": content, "w": b"same"}
    # What moved is fetched, which tells nothing of damage; what is damaged is fetched once more.
    assert server.fetches - fetches <= (4 if moved else 2)
    assert digest(outside) == before
    nothing_planted_is_in(mirror)
    shutil.rmtree(outside)
    assert files(GitSource(mirrors, target)) == {"v": content, "w": b"same"}


@pytest.mark.parametrize("name", ["remove the objects", "a size of a file that is not fetched"])
def test_damage_between_fetch_and_read_is_mended(
    repository: Repository, mirrors: Mirrors, cache: Path, tmp_path: Path, name: str
) -> None:
    repository.push({"v": CONTENT})
    source = GitSource(mirrors, GitTarget(repository.url, timeout=20))
    source.fetch()
    (mirror,) = cache.glob("*.git")
    DAMAGES[name](mirror, tmp_path)
    oid = repository.blob_of("v")
    assert source.read([oid]) == {oid: CONTENT}
