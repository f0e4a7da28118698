"""What goes in and out of a fix. Imports nothing of ours."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Name(StrEnum):
    """What kind of fix it is: the code of the rule that asks for it, or a name."""

    LEGACY = "legacy-transitions"
    BOOLEAN = "yaml-1.1-boolean"
    QUOTES = "ATT207"


@dataclass(frozen=True, slots=True)
class Fix:
    """One thing that was fixed, or withheld and why; `line` is that of the text before, from 1."""

    name: Name
    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Fixed:
    """The text after all fixes that were safe (the same text when there was none)."""

    text: str
    applied: tuple[Fix, ...] = ()
    withheld: tuple[Fix, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """A part of a text, from `start` to `end` (exclusive), and what is to stand there."""

    start: int
    end: int
    replacement: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A fix and the edits that make it; they overlap with those of no other proposal."""

    fix: Fix
    edits: tuple[Edit, ...]


def edited(text: str, edits: Iterable[Edit]) -> str:
    """`text` with all edits made; none overlaps another."""
    parts, at = [], 0
    for edit in sorted(edits):
        parts += [text[at : edit.start], edit.replacement]
        at = edit.end
    return "".join([*parts, text[at:]])
