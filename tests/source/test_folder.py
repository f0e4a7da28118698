from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from controller.errors import PackError, Reason, Stalled, Transient
from controller.pack.source import Look, Source
from controller.pack.tree import EntryKind
from controller.source import disk
from controller.source.at_hand import LIMIT
from controller.source.folder import FolderSource
from controller.source.git_source import GitSource
from controller.source.mirrors import Mirrors
from controller.source.target import GitTarget
from tests.source.repository import Repository

FILES = {
    "pack.yaml": b"ref: demo\n",
    "empty": b"",
    "workflows/a.yaml": b"a: 1\n",
    "actions/b.yaml": b"b: 1\n",
    "actions/workflows/c.yaml": b"c: 1\n",
    "workflows/deeper/d.yaml": b"not listed",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, content in FILES.items():
        path = tmp_path / "pack" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return tmp_path / "pack"


def listing(source: Source) -> list[tuple[str, EntryKind, str, int]]:
    return [
        (entry.path, entry.kind, entry.oid if entry.size >= 0 else "", entry.size)
        for entry in source.observe(Look()).tree.entries
    ]


def test_a_folder_lists_and_reads_as_a_repository_does(
    folder: Path, repository: Repository, mirrors: Mirrors
) -> None:
    repository.push(FILES)
    (folder / ".git").mkdir()
    local, remote = FolderSource(folder), GitSource(mirrors, GitTarget(repository.url))
    assert listing(local) == listing(remote)
    oids = [oid for _, kind, oid, _ in listing(local) if kind is EntryKind.FILE]
    assert local.read(oids) == remote.read(oids)


def test_the_revision_is_the_content(folder: Path) -> None:
    first = FolderSource(folder).fetch()
    os.utime(folder / "pack.yaml", (0, 0))
    assert FolderSource(folder).fetch() == first
    (folder / "pack.yaml").write_bytes(b"ref: other\n")
    second = FolderSource(folder).fetch()
    assert second.revision != first.revision
    assert second.tree_oid != first.tree_oid


def test_links_are_shown_and_not_followed(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    (folder / "link.yaml").symlink_to(tmp_path / "secret")
    (folder / "workflows").rename(tmp_path / "workflows")
    (folder / "workflows").symlink_to(tmp_path / "workflows")
    os.mkfifo(folder / "pipe")
    (folder / os.fsdecode(b"caf\xe9")).touch()
    source = FolderSource(folder)
    kinds = {entry.path: entry.kind for entry in source.observe(Look()).tree.entries}
    assert kinds["link.yaml"] is kinds["workflows"] is EntryKind.SYMLINK
    assert "caf\\xe9" in kinds
    assert "workflows/a.yaml" not in kinds
    assert "pipe" not in kinds
    link = next(
        entry.oid for entry in source.observe(Look()).tree.entries if entry.path == "link.yaml"
    )
    with pytest.raises(PackError):
        source.read([link])


def oid_of(source: FolderSource, path: str) -> str:
    return next(entry.oid for entry in source.observe(Look()).tree.entries if entry.path == path)


LARGE = b"#" * (LIMIT + 1)
"""More than is kept at hand, so that it is read when it is asked for."""


@pytest.mark.parametrize("change", [Path.unlink, lambda path: path.write_bytes(LARGE + b"#")])
def test_a_file_that_changes_meanwhile_is_noticed(
    folder: Path, change: Callable[[Path], object]
) -> None:
    (folder / "pack.yaml").write_bytes(LARGE)
    source = FolderSource(folder)
    oid = oid_of(source, "pack.yaml")
    assert source.read([oid]) == {oid: LARGE}
    change(folder / "pack.yaml")
    with pytest.raises(Transient, match="changed while it was read"):
        source.read([oid])


def test_a_small_file_is_read_as_it_was_listed(folder: Path) -> None:
    source = FolderSource(folder)
    oid = oid_of(source, "pack.yaml")
    (folder / "pack.yaml").write_bytes(b"ref: other\n")
    assert source.read([oid]) == {oid: FILES["pack.yaml"]}


@dataclass(frozen=True, slots=True)
class Swap:
    """What takes the place of what inside the folder, after the listing."""

    name: str
    put: Callable[[Path], object]


SWAPS = {
    "a link in place of the file": Swap(
        "workflows/a.yaml", lambda path: path.symlink_to(path.parents[2] / "kept/a.yaml")
    ),
    "a link in place of its folder": Swap(
        "workflows", lambda path: path.symlink_to(path.parents[1] / "kept")
    ),
    "a pipe in place of the file": Swap("workflows/a.yaml", os.mkfifo),
    "a folder in place of the file": Swap("workflows/a.yaml", Path.mkdir),
    "a file in place of its folder": Swap("workflows", Path.touch),
}


@pytest.mark.parametrize("swap", SWAPS.values(), ids=SWAPS.keys())
def test_what_is_swapped_after_the_listing_leads_nowhere(folder: Path, swap: Swap) -> None:
    """The links lead to the same content, so that only how the file was opened can tell."""
    (folder / "workflows/a.yaml").write_bytes(LARGE)
    shutil.copytree(folder / "workflows", folder.parent / "kept")
    source = FolderSource(folder)
    oid = oid_of(source, "workflows/a.yaml")
    (folder / swap.name).rename(folder.parent / "aside")
    swap.put(folder / swap.name)
    with pytest.raises(Transient, match="changed while it was read"):
        source.read([oid])


@pytest.mark.parametrize("swap", SWAPS.values(), ids=SWAPS.keys())
def test_what_is_swapped_during_the_listing_leads_nowhere(
    folder: Path, swap: Swap, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The swap comes at the worst moment: after a name was looked at, before it is opened."""
    shutil.copytree(folder / "workflows", folder.parent / "kept")
    (folder.parent / "kept/a.yaml").write_bytes(b"secret")
    real = os.open

    def late(path: str, *rest: Any, **options: Any) -> int:
        if path == Path(swap.name).name and not (folder.parent / "aside").exists():
            (folder / swap.name).rename(folder.parent / "aside")
            swap.put(folder / swap.name)
        return real(path, *rest, **options)

    monkeypatch.setattr(os, "open", late)
    source = FolderSource(folder)
    files = [one for one in source.fetch().entries if one.kind is EntryKind.FILE]
    assert (folder.parent / "aside").exists()
    assert "workflows/a.yaml" not in {one.path for one in files}
    assert b"secret" not in source.read([one.oid for one in files]).values()


def test_only_what_was_touched_is_opened_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    real = os.open

    def noted(path: str, *rest: Any, **options: Any) -> int:
        opened.append(path)
        return real(path, *rest, **options)

    monkeypatch.setattr("controller.source.folder._TICK", 0)
    source = FolderSource(folder)
    before = source.fetch()
    monkeypatch.setattr(os, "open", noted)
    assert source.fetch() == before
    assert opened == [folder, "workflows", "actions", "workflows"]
    new = folder / "new"
    new.write_bytes(FILES["workflows/a.yaml"][::-1])
    new.replace(folder / "workflows/a.yaml")
    opened.clear()
    assert source.fetch() != before
    assert opened[-1] == "a.yaml"
    assert len(opened) == 5


def test_a_write_within_the_tick_of_the_clock_is_seen(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such a write leaves the mark of the one before it; a mark that says nothing stands for it."""
    monkeypatch.setattr("controller.source.disk.mark", lambda _: disk.Mark(0, 0, 5, 0, 2**62))
    source = FolderSource(folder)
    before = source.fetch()
    (folder / "workflows/a.yaml").write_bytes(b"a: 2\n")
    assert source.fetch() != before


def test_too_much_to_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("controller.source.folder.MAX_READ", LIMIT)
    (folder / "pack.yaml").write_bytes(LARGE)
    source = FolderSource(folder)
    with pytest.raises(Stalled, match="more than") as failed:
        source.read([oid_of(source, "pack.yaml")])
    assert failed.value.reason is Reason.LIMIT_EXCEEDED


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(Stalled, match="no such file") as failed:
        FolderSource(tmp_path / "nowhere").fetch()
    assert failed.value.reason is Reason.PATH_NOT_FOUND
