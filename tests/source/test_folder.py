from __future__ import annotations

import os
from pathlib import Path

import pytest

from controller.errors import Reason, Stalled
from controller.pack.source import Source
from controller.pack.tree import EntryKind
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
        for entry in source.fetch().entries
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
    kinds = {entry.path: entry.kind for entry in source.fetch().entries}
    assert kinds["link.yaml"] is kinds["workflows"] is EntryKind.SYMLINK
    assert "caf\\xe9" in kinds
    assert "workflows/a.yaml" not in kinds
    assert "pipe" not in kinds
    link = next(entry.oid for entry in source.fetch().entries if entry.path == "link.yaml")
    with pytest.raises(Stalled):
        source.read([link])


@pytest.mark.parametrize("change", [Path.unlink, lambda path: path.write_bytes(b"new")])
def test_a_file_that_changes_meanwhile_is_noticed(folder: Path, change: object) -> None:
    source = FolderSource(folder)
    oid = next(entry.oid for entry in source.fetch().entries if entry.path == "pack.yaml")
    assert callable(change)
    change(folder / "pack.yaml")
    with pytest.raises(Stalled) as failed:
        source.read([oid])
    assert failed.value.reason is Reason.PATH_NOT_FOUND


def test_no_folder(tmp_path: Path) -> None:
    with pytest.raises(Stalled, match="no such file") as failed:
        FolderSource(tmp_path / "nowhere").fetch()
    assert failed.value.reason is Reason.PATH_NOT_FOUND
