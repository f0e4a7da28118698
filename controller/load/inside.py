"""Where a part of a scalar's text stands in the file. Pure.

May import `pack` and the neighbours in `load`. A text is not always spelled as it reads: quoted
scalars have escapes, plain, quoted and folded ones join lines, block scalars are indented.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from controller.load.spelling import BREAK, Spelling, spelling
from controller.pack.diagnostic import Span
from controller.pack.node import Scalar

_BLANK = re.compile(f"(?:[ \t]|{BREAK}|#[^\n\r\x85\u2028\u2029]*+)*+")
_PROPERTY = re.compile(f"[&!](?:(?!{BREAK})[^ \t])*+")
_BREAK = re.compile(BREAK)
_BYTE_ORDER_MARK = "\ufeff"


class Inside:
    """Finds places in one file's text; the scalar asked for last is kept, as questions repeat."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines: list[int] = []
        self._scalar: Scalar | None = None
        self._spelling = Spelling("")

    def __call__(self, scalar: Scalar, start: int, end: int) -> Span:
        """The place of the characters `start` to `end` (exclusive) of the scalar's text.

        What is spelled by an escape begins and ends with it; an empty range takes one character.
        """
        if scalar is not self._scalar:
            self._spelling = spelling(self._text, self._content(scalar), scalar.text)
            self._scalar = scalar
        first, last = self._spelling.begin(start), self._spelling.end(max(start, end - 1))
        return Span(*self._place(first), *self._place(last))

    def _content(self, scalar: Scalar) -> int:
        """Where the value itself begins: the parser's mark is at its anchor or tag."""
        span = scalar.span
        offset = self._line_starts()[span.line - 1] + span.column - 1
        while found := _PROPERTY.match(self._text, offset):
            blank = _BLANK.match(self._text, found.end())
            offset = blank.end() if blank else found.end()
        return offset

    def _place(self, offset: int) -> tuple[int, int]:
        starts = self._line_starts()
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1

    def _line_starts(self) -> list[int]:
        if not self._lines:
            # The parser does not count a byte order mark.
            first = int(self._text.startswith(_BYTE_ORDER_MARK))
            self._lines = [first, *(found.end() for found in _BREAK.finditer(self._text))]
        return self._lines
