"""Git's objects as values: trees and commits out of raw bytes, and the hash of each. Pure.

The formats are git's own (gitformat-pack(5), git-hash-object(1)); every object that is read is
hashed again, because git itself does not do so when it reads a pack.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from controller.pack.tree import Commit, EntryKind

_KINDS = {b"040000": EntryKind.FOLDER, b"40000": EntryKind.FOLDER}
_SUBMODULE = b"160000"
_SYMLINK = b"120000"
_AUTHOR = re.compile(rb"^author (?P<name>.*?) ?<[^>\n]*> (?P<seconds>\d{1,12})", re.MULTILINE)
_TREE = re.compile(rb"tree ([0-9a-f]{40,64})\n")
_MAX_SUBJECT = 200


@dataclass(frozen=True, slots=True)
class TreeItem:
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
    width = digits // 2
    at = 0
    while at < len(content):
        space = content.index(b" ", at)
        end = content.index(b"\0", space)
        name = content[space + 1 : end].decode(errors="backslashreplace")
        oid = content[end + 1 : end + 1 + width].hex()
        yield TreeItem(name, _kind(content[at:space]), oid)
        at = end + 1 + width


def _kind(mode: bytes) -> EntryKind:
    if mode == _SYMLINK:
        return EntryKind.SYMLINK
    if mode == _SUBMODULE:
        return EntryKind.SUBMODULE
    return _KINDS.get(mode, EntryKind.FILE)


def tree_of(commit: bytes) -> str:
    """The id of the tree that a raw commit object names."""
    found = _TREE.match(commit)
    if found is None:
        raise ValueError("a commit object without a tree")
    return found[1].decode()


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
