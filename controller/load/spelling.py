"""How a scalar's text is spelled in the file: which of its characters stands where. Pure.

Imports nothing of ours. Follows libyaml's scanner, not the letter of the specification: its five
line breaks (https://yaml.org/spec/1.1/#id871136), of which U+2028 and U+2029 are never folded.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right

BREAK = "(?:\r\n|[\n\r\x85\u2028\u2029])"
"""A pattern for one line break."""

_BREAKS = "\n\r\x85\u2028\u2029"
_FOLD = f"[ \t]*+{BREAK}(?:[ \t]*+{BREAK})*+[ \t]*+"


def _flow(special: str, escape: str) -> re.Pattern[str]:
    run = f"(?:[^{special} \t{_BREAKS}]|[ \t]++(?!{BREAK}))++"
    join = rf"\\{BREAK}(?:[ \t]*+{BREAK})*+[ \t]*+" if "\\" in special else "(?!)"
    return re.compile(f"(?P<run>{run})|(?P<fold>{_FOLD})|(?P<join>{join})|(?P<escape>{escape})")


_PLAIN = _flow("", "(?!)")
_SINGLE = _flow("'", "''")
_DOUBLE = _flow(r'"\\', r"\\(?:x.{2}|u.{4}|U.{8}|.)")
_ANY_BREAK = re.compile(BREAK)
_BLANK_LINE = re.compile(f"( *+)({BREAK})")
_SPACES = re.compile(" *+")
_KEPT_BREAKS = ("\u2028", "\u2029")


class Spelling:
    """The pieces of a text in order, each with its place in the file.

    A piece is either a run that stands in the file as it reads, or a single character that is
    spelled by one or more others.
    """

    __slots__ = ("_at", "_begins", "_ends", "_wanted", "length")

    def __init__(self, text: str) -> None:
        self.length = 0
        self._wanted = len(text)
        self._at = array("l")
        self._begins = array("l")
        self._ends = array("l")

    @property
    def complete(self) -> bool:
        """Whether every character of the text has its place."""
        return self.length >= self._wanted

    def add_run(self, begin: int, end: int) -> None:
        """The next characters stand in the file from `begin` to `end`, or as many as are left."""
        length = min(end - begin, self._wanted - self.length)
        self._add(begin, begin + length, length)

    def add_one(self, begin: int, end: int) -> None:
        """The next character is spelled by all of the file's from `begin` to `end`."""
        self._add(begin, end, 1)

    def _add(self, begin: int, end: int, length: int) -> None:
        if length > 0 and not self.complete:
            self._at.append(self.length)
            self._begins.append(begin)
            self._ends.append(end)
            self.length += length

    def begin(self, index: int) -> int:
        """The offset in the file at which the character `index` of the text begins."""
        piece = bisect_right(self._at, index) - 1
        return self._begins[piece] + index - self._at[piece]

    def end(self, index: int) -> int:
        """The offset in the file after the character `index` of the text."""
        piece = bisect_right(self._at, index) - 1
        after = self._at[piece + 1] if piece + 1 < len(self._at) else self.length
        return self._ends[piece] - (after - 1 - index)


def spelling(source: str, offset: int, text: str) -> Spelling:
    """How `text` is spelled by the scalar whose first character stands at `offset`."""
    pieces = Spelling(text)
    opening = source[offset : offset + 1]
    if opening in ("|", ">"):
        _block(source, offset, text, pieces)
    elif opening == '"':
        _quoted_or_plain(_DOUBLE, source, offset + 1, pieces)
    elif opening == "'":
        _quoted_or_plain(_SINGLE, source, offset + 1, pieces)
    else:
        _quoted_or_plain(_PLAIN, source, offset, pieces)
    return pieces


def _quoted_or_plain(pattern: re.Pattern[str], source: str, offset: int, pieces: Spelling) -> None:
    for found in pattern.finditer(source, offset):
        if found.lastgroup == "run":
            pieces.add_run(*found.span())
        elif found.lastgroup == "escape":
            pieces.add_one(*found.span())
        else:
            _add_breaks(source, found, pieces)
        if pieces.complete:
            return


def _add_breaks(source: str, found: re.Match[str], pieces: Spelling) -> None:
    """One break is a space, of several the first is lost; an escaped one is always lost."""
    first, *others = (one.span() for one in _ANY_BREAK.finditer(source, *found.span()))
    is_kept = source[first[0]] in _KEPT_BREAKS or not others
    if is_kept and found.lastgroup == "fold":
        pieces.add_one(*first)
    for one in others:
        pieces.add_one(*one)


def _block(source: str, offset: int, text: str, pieces: Spelling) -> None:
    folds = source[offset] == ">"
    offset = _next_line(source, offset)
    leading = len(text) - len(text.lstrip("\n\u2028\u2029"))
    for _ in range(leading):
        offset = _add_break(source, offset, pieces)
    # Whatever the indicator and the lines around say: what the text lacks is the indentation.
    indent = _spaces(source, offset) - _spaces(text, leading)
    while not pieces.complete and offset < len(source):
        offset = _add_line(source, offset, indent, pieces, folds=folds)


def _next_line(source: str, offset: int) -> int:
    found = _ANY_BREAK.search(source, offset)
    return len(source) if found is None else found.end()


def _add_break(source: str, offset: int, pieces: Spelling) -> int:
    found = _BLANK_LINE.match(source, offset)
    if found is None:
        return offset
    pieces.add_one(*found.span(2))
    return found.end()


def _spaces(text: str, offset: int) -> int:
    found = _SPACES.match(text, offset)
    return len(found[0]) if found else 0


def _add_line(source: str, offset: int, indent: int, pieces: Spelling, *, folds: bool) -> int:
    """One line, its break and the blank lines after it; gives where the next one begins."""
    begin = offset + indent
    ending = _ANY_BREAK.search(source, begin)
    if ending is None:
        pieces.add_run(begin, len(source))
        return len(source)
    pieces.add_run(begin, ending.start())
    blank: list[tuple[int, int]] = []
    after = ending.end()
    while (found := _BLANK_LINE.match(source, after)) and len(found[1]) <= indent:
        blank.append(found.span(2))
        after = found.end()
    lost = folds and blank and ending[0] not in _KEPT_BREAKS and _is_flush(source, begin)
    if not (lost and source.startswith(" " * indent, after) and _is_flush(source, after + indent)):
        pieces.add_one(*ending.span())
    for one in blank:
        pieces.add_one(*one)
    return after


def _is_flush(source: str, offset: int) -> bool:
    """Whether a line's text begins here, and not with more indentation."""
    return source[offset : offset + 1] not in ("", " ", "\t")
