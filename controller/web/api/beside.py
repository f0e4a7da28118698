"""The lines of the files that diagnostics speak of. Imports `pack`, `redact` and the shapes."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping

from controller.pack.source import Look, Source
from controller.pack.tree import EntryKind
from controller.redact import scrub
from controller.web.api.past_shapes import Diagnostics, PlacedDiagnostic

_RECENT = 60.0
"""Seconds for which a look at Git is good enough: whoever reloads a page asks no server again."""
_FILES = 20
_LONGEST = 240
_LOOKED_AT = 4096
"""Characters of a line in which secrets are looked for before it is cut."""


def texts(source: Source, revision: str, files: Collection[str]) -> dict[str, str]:
    """The first of `files` by path, of `revision`; none where Git has moved on. Raises
    `PackError`."""
    tree = source.observe(Look(since=time.monotonic() - _RECENT, urgent=False)).tree
    if str(tree.revision) != revision:
        return {}
    wanted = {
        entry.path: entry.oid
        for entry in tree.entries
        if entry.path in files and entry.kind is EntryKind.FILE
    }
    few = dict(sorted(wanted.items())[:_FILES])
    read = source.read(tuple(few.values()))
    return {path: read[oid].decode("utf-8", "replace") for path, oid in few.items()}


def placed(found: Diagnostics, known: Mapping[str, str], around: int) -> Diagnostics:
    """`found`, each with `around` lines before and after."""
    lines = {path: text.splitlines() for path, text in known.items()}
    placed = [_placed(one, lines.get(one.file, []), around) for one in found.diagnostics]
    return found.model_copy(update={"diagnostics": placed})


def _placed(one: PlacedDiagnostic, lines: list[str], around: int) -> PlacedDiagnostic:
    first = max(1, one.line - around)
    chosen = lines[first - 1 : one.line + around]
    if not chosen:
        return one
    source = "\n".join(scrub(line[:_LOOKED_AT])[:_LONGEST] for line in chosen)
    return one.model_copy(update={"source": source, "source_line": first})
