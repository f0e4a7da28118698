"""The content of one pack at one revision, as a value. Imports `verdict`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from controller.pack.verdict import Verdict


class EntryKind(Enum):
    """What a name in a pack's tree stands for; only FILE is ever read."""

    FILE = "file"
    FOLDER = "folder"
    SYMLINK = "symlink"
    SUBMODULE = "submodule"


@dataclass(frozen=True, slots=True)
class Entry:
    """One name in the pack's tree: `path` is relative to the pack's folder, with `/`.

    `oid` is the content's hash (a git blob id, or the same hash of a local file); `size` is in
    bytes and is -1 for everything but a FILE.
    """

    path: str
    kind: EntryKind
    oid: str
    size: int = -1


@dataclass(frozen=True, slots=True)
class Revision:
    """A commit and the name it was asked for by: `main@sha1:1f3a…`, as Flux writes it.

    `name` is the branch, tag or full ref that was followed, empty for a bare commit or a folder;
    `commit` is the hexadecimal object id (40 digits SHA-1, 64 digits SHA-256).
    """

    name: str
    commit: str

    def __str__(self) -> str:
        algorithm = "sha256" if len(self.commit) == 64 else "sha1"
        digest = f"{algorithm}:{self.commit}"
        return f"{self.name}@{digest}" if self.name else digest


@dataclass(frozen=True, slots=True)
class Commit:
    """Who made a revision, when and why. `author` has no e-mail address: status is public."""

    author: str
    time: datetime
    subject: str


@dataclass(frozen=True, slots=True)
class PackTree:
    """A pack's folder at one revision: the listing of what `load` looks at, without contents.

    `tree_oid` is the id of the folder's tree object: equal ids mean equal content.
    `entries` holds the folder's own names and those below `workflows/`, `actions/` and
    `actions/workflows/`, sorted by path. `verdict` tells who signed it, where that was asked: a
    revision that is not signed as it must be never becomes a tree.
    """

    revision: Revision
    commit: Commit | None
    tree_oid: str
    entries: tuple[Entry, ...]
    verdict: Verdict | None = None
