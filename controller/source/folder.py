"""A pack in a local folder, as a `Source`, for the command line. Needs no git.

It lists what git would: no `.git`, no sockets or devices, and no symbolic link is followed. Asked
again, it hashes only files that were touched since. Imports `disk` and the neighbours.
"""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from controller.errors import PackError, Reason, Stalled, Transient
from controller.pack.source import Look, Observed
from controller.pack.tree import Entry, EntryKind, PackTree, Revision
from controller.redact import brief
from controller.source import disk
from controller.source.at_hand import LIMIT, AtHand
from controller.source.git_source import MAX_READ
from controller.source.listing import FOLDERS, MAX_ENTRIES, too_many_names
from controller.source.objects import object_id

# A second write within one tick of the file system's clock leaves the mark of the first, and the
# coarsest clock ticks every 2 s: what is younger is hashed again (git calls it racily clean).
_TICK = 2_000_000_000


@dataclass(frozen=True, slots=True)
class _File:
    """A file as it was when it was hashed; `settled`: its mark tells whether it still is."""

    place: str
    name: str
    mark: disk.Mark
    settled: bool
    entry: Entry


class FolderSource:
    """The pack in the folder `path`. Its revision has no name, and the listing's hash as commit.

    For one thread at a time.
    """

    def __init__(self, path: Path) -> None:
        self._root = path
        self._files: dict[tuple[str, str], _File] = {}
        self._by_oid: dict[str, _File] = {}
        self._at_hand = AtHand()

    def observe(self, look: Look) -> Observed:
        """List the folder and hash its files; raises `Stalled` when it cannot be read."""
        number, begun = look.number(), time.monotonic()
        return Observed(self._list(), number, begun)

    def fetch(self) -> PackTree:
        """`observe`, for who wants the tree alone."""
        return self.observe(Look()).tree

    def _list(self) -> PackTree:
        look = _Look(self._root, self._files, time.time_ns())
        with self._explained(), _places(self._root) as places:
            for place, handle in places.items():
                look.at(place, handle)
        self._files = look.files
        self._by_oid = {one.entry.oid: one for one in look.files.values()}
        entries = tuple(sorted(look.entries, key=lambda entry: entry.path))
        self._at_hand.forget_all_but(entries)
        self._at_hand.keep(look.contents)
        digest = _digest(entries)
        return PackTree(Revision("", digest), None, digest, entries)

    def read(self, oids: Sequence[str]) -> Mapping[str, bytes]:
        """The contents of the files listed last (now, if none were); small ones are remembered.

        Raises `Transient` when one has changed since, `Stalled` when they are too many bytes.
        """
        if not self._files:
            self.fetch()
        found = self._at_hand.of(oids)
        rest = [oid for oid in dict.fromkeys(oids) if oid not in found]
        if not rest:
            return found
        self._refuse_too_much(rest)
        with self._explained(), _places(self._root) as places:
            read = {oid: self._read(oid, places) for oid in rest}
        self._at_hand.keep(read)
        return {**found, **read}

    def _read(self, oid: str, places: Mapping[str, int]) -> bytes:
        known = self._by_oid.get(oid)
        content = None if known is None else _content(known, places)
        if content is None or object_id("blob", content) != oid:
            raise Transient(
                Reason.PATH_NOT_FOUND,
                f"A file in '{_shown(self._root)}' changed while it was read.",
                hint="It is read again.",
            )
        return content

    def _refuse_too_much(self, oids: Sequence[str]) -> None:
        known = (self._by_oid.get(oid) for oid in oids)
        if sum(one.entry.size for one in known if one) > MAX_READ:
            raise Stalled(
                Reason.LIMIT_EXCEEDED,
                f"The files of the pack in '{_shown(self._root)}' are more than "
                f"{MAX_READ // 2**20} MiB together.",
                hint="Split the pack.",
            )

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except OSError as failure:
            raise _unreadable(self._root, failure) from failure


class _Look:
    """One look at a folder: what is there, and the contents of small files that are new."""

    def __init__(self, root: Path, before: Mapping[tuple[str, str], _File], now: int) -> None:
        self._root = root
        self._before = before
        self._now = now
        self.entries: list[Entry] = []
        self.files: dict[tuple[str, str], _File] = {}
        self.contents: dict[str, bytes] = {}

    def at(self, place: str, handle: int) -> None:
        """List the names in the open folder `place`; raises OSError, and `Stalled` for too many."""
        with os.scandir(handle) as names:
            for one in names:
                entry = None if one.name == ".git" else self._entry(place, one.name, handle)
                if entry is not None:
                    self.entries.append(entry)
                if len(self.entries) > MAX_ENTRIES:
                    raise too_many_names(_shown(self._root))

    def _entry(self, place: str, name: str, handle: int) -> Entry | None:
        """What a name stands for, None if for nothing that git would keep, or not any more."""
        try:
            state = os.stat(name, dir_fd=handle, follow_symlinks=False)
            if stat.S_ISLNK(state.st_mode):
                target = os.fsencode(os.readlink(name, dir_fd=handle))
                return Entry(_path(place, name), EntryKind.SYMLINK, object_id("blob", target))
        except FileNotFoundError:
            return None
        if stat.S_ISDIR(state.st_mode):
            return Entry(_path(place, name), EntryKind.FOLDER, "")
        if not stat.S_ISREG(state.st_mode):
            return None
        known = self._before.get((place, name))
        if known is None or not known.settled or known.mark != disk.mark(state):
            known = self._hashed(place, name, handle)
        if known is None:
            return None
        self.files[place, name] = known
        return known.entry

    def _hashed(self, place: str, name: str, handle: int) -> _File | None:
        with disk.file(name, handle) as opened:
            if opened is None:
                return None
            descriptor, state = opened
            oid, content = _hash(descriptor, state.st_size)
        if content is not None:
            self.contents[oid] = content
        mark = disk.mark(state)
        settled = mark.changed < self._now - _TICK
        entry = Entry(_path(place, name), EntryKind.FILE, oid, mark.size)
        return _File(place, name, mark, settled, entry)


@contextmanager
def _places(root: Path) -> Iterator[dict[str, int]]:
    """The folders that names are listed of, as far as they are there, by their path: opened."""
    with ExitStack() as opened:
        places = {"": opened.enter_context(disk.folder(root))}
        for path in FOLDERS:
            above, _, name = path.rpartition("/")
            if above in places:
                handle = opened.enter_context(disk.inner(name, places[above]))
                if handle is not None:
                    places[path] = handle
        yield places


def _content(known: _File, places: Mapping[str, int]) -> bytes | None:
    """What is in a file now, as many bytes as it had and one more; None if it is gone."""
    if known.place not in places:
        return None
    with disk.file(known.name, places[known.place]) as opened:
        if opened is None:
            return None
        return b"".join(disk.chunks(opened[0], known.mark.size + 1))


def _hash(descriptor: int, size: int) -> tuple[str, bytes | None]:
    """The blob id of an open file of `size` bytes, and its content if it is small.

    Of a file that was cut meanwhile it is the id of nothing, which shows when the file is read.
    """
    digest = hashlib.sha1(f"blob {size}\0".encode(), usedforsecurity=False)
    kept = b""
    for chunk in disk.chunks(descriptor, size):
        digest.update(chunk)
        kept = chunk
    return digest.hexdigest(), kept if len(kept) == size <= LIMIT else None


def _path(place: str, name: str) -> str:
    shown = os.fsencode(name).decode(errors="backslashreplace")
    return f"{place}/{shown}" if place else shown


def _digest(entries: Sequence[Entry]) -> str:
    lines = "".join(f"{entry.kind.value} {entry.oid}\t{entry.path}\0" for entry in entries)
    return hashlib.sha1(lines.encode(), usedforsecurity=False).hexdigest()


def _shown(path: Path) -> str:
    return brief(os.fsencode(path).decode(errors="backslashreplace"), limit=200)


def _unreadable(root: Path, failure: OSError) -> PackError:
    problem = (failure.strerror or "cannot be read").lower()
    # That of a name inside it; the folder itself was opened by its path.
    inside = f" ({_shown(Path(failure.filename))})" if isinstance(failure.filename, str) else ""
    return Stalled(
        Reason.PATH_NOT_FOUND,
        f"The folder '{_shown(root)}' cannot be read: {problem}{inside}.",
        hint="Give the folder that holds pack.yaml.",
    )
