"""The line of a file that a finding is in, with what is meant underlined. Pure; imports rich.

Everything is measured in cells of a terminal: wide characters take two, and a tab four.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rich.cells import cell_len

from controller.pack.diagnostic import Span
from controller.redact import scrub

_TAB = "    "
_CUT = "…"
# Of a longer line only so much around the place is looked at: files of one line have a MiB.
_NEAR = 4096
_LEAST_CONTEXT = 8


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A line as it is shown in three parts; the middle one is meant. `marks` is below it.

    The middle part is empty where nothing stands, as behind the end of the line.
    """

    before: str
    marked: str
    after: str

    @property
    def indent(self) -> int:
        """How many cells stand before what is meant."""
        return cell_len(self.before)

    @property
    def length(self) -> int:
        """How many cells to underline, at least one."""
        return max(1, cell_len(self.marked))


def excerpt(line: str, span: Span, width: int) -> Excerpt:
    """The part of `line` around `span` that fits into `width` cells.

    A span that goes on in the next line is marked to the end of this one.
    """
    start = span.column - 1
    end = span.end_column - 1 if span.end_line == span.line else len(line)
    parts = line[max(0, start - _NEAR) : start], line[start:end][:_NEAR], line[end:][:_NEAR]
    return _fitted(*_clean(*parts), width)


def _clean(before: str, marked: str, after: str) -> tuple[str, str, str]:
    parts = scrub(before), scrub(marked), scrub(after)
    whole = scrub(before + marked + after)
    if "".join(parts) != whole:
        # A secret reaches over the border of two parts: the line is shown without it, and as one.
        parts = "", whole, ""
    first, middle, last = (part.replace("\t", _TAB) for part in parts)
    return first, middle, last


def _fitted(before: str, marked: str, after: str, width: int) -> Excerpt:
    if cell_len(before) + cell_len(marked) + cell_len(after) <= width:
        return Excerpt(before, marked, after)
    marked = _left(marked, width - min(cell_len(before), _LEAST_CONTEXT))
    room = width - cell_len(marked)
    ahead = max(room // 2, room - cell_len(after))
    before = _right(before, ahead)
    return Excerpt(before, marked, _left(after, room - cell_len(before)))


def _left(text: str, width: int) -> str:
    """The beginning of `text` in `width` cells."""
    if cell_len(text) <= width:
        return text
    return _first(text, width - 1) + _CUT if width > 0 else ""


def _right(text: str, width: int) -> str:
    """The end of `text` in `width` cells."""
    if cell_len(text) <= width:
        return text
    return _CUT + _first(reversed(text), width - 1)[::-1] if width > 0 else ""


def _first(text: Iterable[str], width: int) -> str:
    taken, used = [], 0
    for character in text:
        used += cell_len(character)
        if used > width:
            break
        taken.append(character)
    return "".join(taken)
