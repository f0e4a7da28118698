"""Git's objects as values: trees and commits out of raw bytes, and the hash of each. Pure.

The formats are git's own (gitformat-pack(5), git-hash-object(1)); every object that is read is
hashed again, because git itself does not do so when it reads a pack.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from controller.pack.tree import Commit, EntryKind

_KINDS = {
    b"40000": EntryKind.FOLDER,
    b"120000": EntryKind.SYMLINK,
    b"160000": EntryKind.SUBMODULE,
}
_ITEM = {
    digits: re.compile(rb"([0-7]+) ([^\0]+)\0(.{%d})" % (digits // 2), re.DOTALL)
    for digits in (40, 64)
}
_AUTHOR = re.compile(rb"^author (?P<name>.*?) ?<[^>\n]*> (?P<seconds>\d{1,12})", re.MULTILINE)
_MAX_SUBJECT = 200


class TreeItem(NamedTuple):
    """One line of a tree object."""

    name: str
    kind: EntryKind
    oid: str


def object_id(kind: str, content: bytes, *, digits: int = 40) -> str:
    """The id git gives to an object: SHA-1 for 40 `digits`, SHA-256 for 64."""
    header = f"{kind} {len(content)}\0".encode()
    if digits == 64:
        return hashlib.sha256(header + content).hexdigest()
    return hashlib.sha1(header + content, usedforsecurity=False).hexdigest()


def parse_tree(content: bytes, *, digits: int = 40) -> Iterator[TreeItem]:
    """The items of a raw tree object. A name that is not UTF-8 shows its odd bytes as `\\xNN`."""
    for mode, name, oid in _ITEM[digits].findall(content):
        kind = _KINDS.get(mode, EntryKind.FILE)
        yield TreeItem(name.decode(errors="backslashreplace"), kind, oid.hex())


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
