"""Collects the diagnostics of one file. Imports `diagnostic` and `node`."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Collection, Iterable
from typing import Protocol

from controller.pack.diagnostic import Diagnostic, Rule, Span
from controller.pack.rules import TOO_MANY_PROBLEMS

MAX_PER_RULE = 100
"""Problems of one rule listed for one file; the rest is counted only. Not of all rules together:
what a user ignores must take no other's place."""

_MAX_QUOTE = 60
# Beyond these, looking for the nearest name would take longer than checking the file.
_MAX_COMPARED = 64
_MAX_KNOWN = 256


class Placed(Protocol):
    """Anything with a place in the file."""

    @property
    def span(self) -> Span:
        """Where it stands."""
        ...


class Report:
    """The diagnostics of one file, in the order in which they were found."""

    __slots__ = ("_counts", "_found", "_refused", "file", "workflow")

    def __init__(self, file: str) -> None:
        self.file = file
        self.workflow = ""
        self._found: list[Diagnostic] = []
        self._counts: Counter[str] = Counter()
        self._refused = False

    def add(
        self, rule: Rule, place: Placed | None, message: str, *, path: str = "", hint: str = ""
    ) -> None:
        """Note one problem at `place` (None: the file as a whole)."""
        self._counts[rule.code] += 1
        self._refused |= rule.refuses
        if self._counts[rule.code] > MAX_PER_RULE:
            return
        span = Span() if place is None else place.span
        self._found.append(Diagnostic(rule, message, self.file, span, path, hint))

    @property
    def refused(self) -> bool:
        """Whether an error was found that no setting takes away."""
        return self._refused

    def is_full(self, rule: Rule) -> bool:
        """Whether another problem of this rule would only be counted."""
        return self._counts[rule.code] >= MAX_PER_RULE

    def has_error_below(self, paths: tuple[str, ...]) -> bool:
        """Whether an error was found at one of these places in the document, or inside one."""
        return any(one.is_error and one.path.startswith(paths) for one in self._found)

    def error_paths(self) -> frozenset[str]:
        """The places in the document where an error was found."""
        return frozenset([one.path for one in self._found if one.is_error])

    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """Everything found, each with the workflow's ref as far as it is known by now."""
        if not self._found:
            return ()
        found = [*self._found, *self._overflow()]
        return tuple(
            Diagnostic(one.rule, one.message, one.file, one.span, one.path, one.hint, self.workflow)
            for one in found
        )

    def _overflow(self) -> Iterable[Diagnostic]:
        cut = [code for code, count in self._counts.items() if count > MAX_PER_RULE]
        if cut:
            more = sum(self._counts[code] - MAX_PER_RULE for code in cut)
            message = f"{more} more problems of this file are not listed ({', '.join(sorted(cut))})"
            hint = "Repair the listed ones first; the others then show."
            yield Diagnostic(TOO_MANY_PROBLEMS, message, self.file, hint=hint)


def quoted(text: str) -> str:
    """`text` as it may stand in a message: one line, in backquotes, cut when it is long."""
    shown = text if len(text) <= _MAX_QUOTE else text[: _MAX_QUOTE - 1] + "…"
    return f"`{shown}`" if shown.isprintable() else f"`{ascii(shown)[1:-1]}`"


def nearest(name: str, known: Collection[str]) -> str:
    """A hint with the known name most like `name`, or an empty text when none is."""
    found = closest(name, known)
    return f"Did you mean `{found}`?" if found else ""


def closest(name: str, known: Collection[str]) -> str:
    """The known name most like `name`, or an empty text when none is."""
    if len(name) > _MAX_COMPARED or len(known) > _MAX_KNOWN:
        return ""
    folded = name.lower().replace("-", "_")
    found = difflib.get_close_matches(folded, sorted(known), n=1, cutoff=0.7)
    return found[0] if found else ""
