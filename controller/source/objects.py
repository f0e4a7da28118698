"""Git's objects as values: trees and commits out of raw bytes, and the hash of each. Pure.

The formats are git's own (gitformat-pack(5), git-hash-object(1)); every object that is read is
hashed again, because git itself does not do so when it reads a pack.
"""

from __future__ import annotations

import hashlib
import re
import stat
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from controller.pack.tree import Commit, EntryKind

# As git reads them: whatever is no file, link or folder is a submodule.
_KINDS = {
    stat.S_IFREG: EntryKind.FILE,
    stat.S_IFDIR: EntryKind.FOLDER,
    stat.S_IFLNK: EntryKind.SYMLINK,
}
_ITEM = {
    digits: re.compile(rb"([0-7]{1,7}) ([^\0]+)\0(.{%d})" % (digits // 2), re.DOTALL)
    for digits in (40, 64)
}
_TREE = re.compile(rb"tree ([0-9a-f]{40}|[0-9a-f]{64})\n")
_AUTHOR = re.compile(rb"^author (?P<name>.*?) ?<[^>\n]*> (?P<seconds>\d{1,12})", re.MULTILINE)
_MAX_SUBJECT = 200


class TreeItem(NamedTuple):
    """One line of a tree object."""

    name: str
    kind: EntryKind
    oid: str


def object_id(kind: str, content: bytes, *, digits: int = 40) -> str:
    """The id git gives to an object: SHA-1 for 40 `digits`, SHA-256 for 64."""
    return _hashed(kind, len(content), (content,), digits)


def is_object(kind: str, size: int, oid: str, chunks: Iterable[bytes]) -> bool:
    """Whether `oid` is the id of the object with this kind, size and content."""
    return _hashed(kind, size, chunks, len(oid)) == oid


def _hashed(kind: str, size: int, chunks: Iterable[bytes], digits: int) -> str:
    state = hashlib.sha256() if digits == 64 else hashlib.sha1(usedforsecurity=False)
    state.update(f"{kind} {size}\0".encode())
    for chunk in chunks:
        state.update(chunk)
    return state.hexdigest()


def parse_tree(content: bytes, *, digits: int = 40) -> Iterator[TreeItem]:
    """The items of a raw tree object. A name that is not UTF-8 shows its odd bytes as `\\xNN`."""
    for mode, name, oid in _ITEM[digits].findall(content):
        kind = _KINDS.get(stat.S_IFMT(int(mode, 8)), EntryKind.SUBMODULE)
        yield TreeItem(name.decode(errors="backslashreplace"), kind, oid.hex())


def tree_of(content: bytes) -> str:
    """The id of the tree that a raw commit object names; empty when it names none."""
    found = _TREE.match(content)
    return found[1].decode() if found else ""


def parse_commit(content: bytes) -> Commit:
    """Author, time and subject of a raw commit object; odd bytes become U+FFFD."""
    headers, _, message = content.partition(b"\n\n")
    found = _AUTHOR.search(headers)
    name = found["name"].decode(errors="replace") if found else ""
    seconds = int(found["seconds"]) if found else 0
    subject = message.lstrip(b"\n").partition(b"\n")[0].decode(errors="replace").strip()
    return Commit(name, _time(seconds), subject[:_MAX_SUBJECT])


def _time(seconds: int) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return datetime.fromtimestamp(0, UTC)
