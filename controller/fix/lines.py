"""The lines of a text that a field in block style takes up. Pure; imports the neighbours."""

from __future__ import annotations

import re
from dataclasses import dataclass

from controller.fix.comments import between
from controller.fix.steps import Field, Unsafe

_DASHES = re.compile(r" *(?:- +)+")
_TAIL = re.compile(r"[ \t]*(?:#.*)?")


@dataclass(frozen=True, slots=True)
class Entry:
    """A field with the lines that belong to it.

    They go from `start`, the first of the comment lines directly above it (`above`), to `end`, the
    end of the last line without its line break. `blank` is where the blank lines above all this
    begin, `tail` what follows the value in its last line: nothing, or a comment.
    """

    field: Field
    blank: int
    start: int
    end: int
    above: tuple[str, ...]
    tail: str
    begins_line: bool


def entry(text: str, field: Field, floor: int) -> Entry:
    """The lines of `field`; what stands before `floor` belongs to others. Raises Unsafe."""
    key, column = field.key, field.key.column - 1
    line = key.start - column
    end = line_end(text, field.value.end)
    tail = text[field.value.end : end]
    if not _TAIL.fullmatch(tail):
        raise Unsafe("something else stands in the same line")
    if text[line : key.start] != " " * column:
        if not _DASHES.fullmatch(text, line, key.start):
            raise Unsafe("something else stands before it in the same line")
        return Entry(field, key.start, key.start, end, (), tail, begins_line=False)
    start = _back(text, line, floor, "#")
    above = tuple(between(text, start, line))
    blank = _back(text, start, floor, "")
    return Entry(field, blank, start, end, above, tail, begins_line=True)


def line_end(text: str, at: int) -> int:
    """Where the line of the offset `at` ends, without its line break."""
    found = text.find("\n", at)
    end = len(text) if found < 0 else found
    return end - 1 if end > at and text[end - 1] == "\r" else end


def _back(text: str, line: int, floor: int, mark: str) -> int:
    """The first of the lines directly above `line` that are blank, or hold a comment only."""
    while line > 0:
        above = text.rfind("\n", 0, line - 1) + 1
        content = text[above:line].strip()
        wanted = content.startswith(mark) if mark else not content
        if above <= floor or not wanted:
            return line
        line = above
    return line


def moved(lines: str, by: int, newline: str) -> str:
    """`lines` with all but the first `by` columns further right. Raises Unsafe.

    Empty lines stay empty: in a literal text they are what they were.
    """
    first, *others = lines.split(newline)
    if by < 0 and any(line.strip(" ") and line[:-by].strip(" ") for line in others):
        raise Unsafe("its lines cannot be moved to the left")
    shifted = (" " * by + line if line and by > 0 else line[max(0, -by) :] for line in others)
    return newline.join([first, *shifted])
