"""A pack in which one file has a content that is not where the others are. Imports `pack`.

For an editor: it checks what is written on the screen, not what was saved last.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from controller.pack.source import Look, Observed, Source
from controller.pack.tree import Entry, EntryKind
from controller.source.objects import object_id


class Overlay:
    """`source`, but with `content` at `path` inside the pack, whether a file is there or not."""

    def __init__(self, source: Source, path: str, content: bytes) -> None:
        self._source = source
        self._content = content
        self._entry = Entry(path, EntryKind.FILE, object_id("blob", content), len(content))

    def observe(self, look: Look) -> Observed:
        """Look at the source, and put the file into its listing; raises `PackError`."""
        seen = self._source.observe(look)
        others = (one for one in seen.tree.entries if one.path != self._entry.path)
        entries = tuple(sorted([*others, self._entry], key=_path))
        return replace(seen, tree=replace(seen.tree, entries=entries))

    def read(self, oids: Sequence[str]) -> Mapping[str, bytes]:
        """The contents of the named blobs; raises `PackError`."""
        own = self._entry.oid
        found = self._source.read([oid for oid in oids if oid != own])
        return {**found, own: self._content} if own in oids else found


def _path(entry: Entry) -> str:
    return entry.path
