"""The contents of a few small files, kept so that a push needs no second process to read them.

Pure; imports `pack`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from controller.pack.tree import Entry, EntryKind

LIMIT = 16 * 1024
"""Bytes kept for one pack: its manifest and what a usual push changes."""


class AtHand:
    """Contents by object id, `LIMIT` bytes of them at most. For one thread at a time."""

    def __init__(self) -> None:
        self._contents: dict[str, bytes] = {}

    def of(self, oids: Iterable[str]) -> dict[str, bytes]:
        """Those of `oids` that are at hand."""
        return {oid: self._contents[oid] for oid in oids if oid in self._contents}

    def keep(self, contents: Mapping[str, bytes]) -> None:
        """Keep these, too; all of them or, where that would be too much, none."""
        together = {**self._contents, **contents}
        if sum(map(len, together.values())) <= LIMIT:
            self._contents = together

    def forget_all_but(self, entries: Iterable[Entry]) -> None:
        """Drop what is not the content of one of `entries`."""
        self._contents = self.of(entry.oid for entry in entries)


def moved(before: Collection[Entry], now: Iterable[Entry]) -> tuple[str, ...]:
    """The files that are new in `now`, by object id; none when they are more than `LIMIT` bytes."""
    known = {entry.oid for entry in before}
    new = {
        entry.oid: entry.size
        for entry in now
        if entry.kind is EntryKind.FILE and entry.oid not in known
    }
    return tuple(new) if sum(new.values()) <= LIMIT else ()
