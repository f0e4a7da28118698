"""A pack in a local folder, as a `Source`, for the command line. Needs no git.

It lists what git would: no `.git`, no sockets or devices, and no symbolic link is followed.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from controller.errors import PackError, Reason, Stalled
from controller.pack.tree import Entry, EntryKind, PackTree, Revision
from controller.redact import brief
from controller.source.listing import FOLDERS, MAX_ENTRIES, too_many_names
from controller.source.objects import object_id

_CHUNK = 1024 * 1024


class FolderSource:
    """The pack in the folder `path`. Its revision has no name, and the listing's hash as commit."""

    def __init__(self, path: Path) -> None:
        self._root = path
        self._files: dict[str, Path] = {}

    def fetch(self) -> PackTree:
        """List the folder and hash its files; raises `Stalled` when it cannot be read."""
        try:
            found = dict(self._walk())
        except OSError as failure:
            raise _unreadable(self._root, failure) from failure
        self._files = {
            entry.oid: path for entry, path in found.items() if entry.kind is EntryKind.FILE
        }
        entries = tuple(sorted(found, key=lambda entry: entry.path))
        digest = _digest(entries)
        return PackTree(Revision("", digest), None, digest, entries)

    def read(self, oids: Sequence[str]) -> Mapping[str, bytes]:
        """The contents of the files listed last; raises `Stalled` when one has changed since."""
        if not self._files:
            self.fetch()
        return {oid: self._read(oid) for oid in dict.fromkeys(oids)}

    def _read(self, oid: str) -> bytes:
        path = self._files.get(oid)
        try:
            content = b"" if path is None else path.read_bytes()
        except OSError as failure:
            raise _unreadable(self._root, failure) from failure
        if object_id("blob", content) != oid:
            raise Stalled(
                Reason.PATH_NOT_FOUND,
                f"A file in '{_shown(self._root)}' changed while it was read.",
                hint="Run the command again.",
            )
        return content

    def _walk(self) -> Iterator[tuple[Entry, Path]]:
        count = 0
        for folder in ("", *FOLDERS):
            place = self._root / folder
            if folder and not _is_real_folder(self._root, folder):
                continue
            for child in place.iterdir():
                count += 1
                if count > MAX_ENTRIES:
                    raise too_many_names(_shown(self._root))
                entry = _entry(child, folder)
                if entry is not None:
                    yield entry, child


def _is_real_folder(root: Path, folder: str) -> bool:
    parts = folder.split("/")
    places = (root.joinpath(*parts[: depth + 1]) for depth in range(len(parts)))
    return all(place.is_dir() and not place.is_symlink() for place in places)


def _entry(path: Path, folder: str) -> Entry | None:
    if path.name == ".git":
        return None
    name = os.fsencode(path.name).decode(errors="backslashreplace")
    shown = f"{folder}/{name}" if folder else name
    state = path.lstat()
    if stat.S_ISLNK(state.st_mode):
        return Entry(shown, EntryKind.SYMLINK, object_id("blob", os.fsencode(path.readlink())))
    if stat.S_ISDIR(state.st_mode):
        return Entry(shown, EntryKind.FOLDER, "")
    if stat.S_ISREG(state.st_mode):
        return Entry(shown, EntryKind.FILE, _blob_id(path, state.st_size), state.st_size)
    return None


def _blob_id(path: Path, size: int) -> str:
    digest = hashlib.sha1(f"blob {size}\0".encode(), usedforsecurity=False)
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _digest(entries: Sequence[Entry]) -> str:
    lines = "".join(f"{entry.kind.value} {entry.oid}\t{entry.path}\0" for entry in entries)
    return hashlib.sha1(lines.encode(), usedforsecurity=False).hexdigest()


def _shown(path: Path) -> str:
    return brief(os.fsencode(path).decode(errors="backslashreplace"), limit=200)


def _unreadable(root: Path, failure: OSError) -> PackError:
    problem = (failure.strerror or "cannot be read").lower()
    return Stalled(
        Reason.PATH_NOT_FOUND,
        f"The folder '{_shown(root)}' cannot be read: {problem}.",
        hint="Give the folder that holds pack.yaml.",
    )
