"""The comments of a YAML file that begin with `attune:`. Pure; may import `load` and `pack`.

The parser drops comments, so they are looked for in the text; the node tree tells which of what
looks like one stands inside a scalar.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from controller.load.spelling import BREAK
from controller.pack.diagnostic import Place, Span
from controller.pack.node import Document, List, Mapping, Node, Scalar

_BREAK = re.compile(BREAK)
_COMMENT = re.compile(r"#[ \t]*attune:[ \t]*(?P<text>[^#]*)")
_NO_CONTENT = re.compile(r"[ \t]*(?:#.*|---[ \t]*(?:#.*)?)?")
# A comment may follow the header of a block scalar, inside the place of the scalar.
_BLOCK_HEADER = re.compile(r"(?:[&!]\S*[ \t]+)*[|>][-+0-9]*[ \t]+")

Position = tuple[int, int]
"""Line and column, both from 1."""


@dataclass(frozen=True, slots=True)
class Comment:
    """What follows `attune:` in one comment, where it stands, and the line it is about."""

    text: str
    line: int
    column: int
    about: int

    @property
    def span(self) -> Span:
        """All of `text`."""
        return self.part(0, max(1, len(self.text))).span

    def part(self, start: int, end: int) -> Place:
        """Where the characters `start` to `end` (exclusive) of `text` stand."""
        return Place(Span(self.line, self.column + start, self.line, self.column + end))


def comments(text: str, document: Document) -> Iterator[Comment]:
    """The comments in file order.

    One at the end of a line is about that line; one on a line of its own is about the next line
    that is neither empty nor a comment.
    """
    lines = _BREAK.split(text)
    following = _following(lines)
    held = _Held(document.root)
    for index, line in enumerate(lines):
        indent = len(line) - len(line.lstrip(" \t"))
        for found in _COMMENT.finditer(line):
            if held.has(line, index + 1, found.start() + 1):
                continue
            about = following[index] if line[indent] == "#" else index + 1
            yield Comment(found["text"].rstrip(), index + 1, found.start("text") + 1, about)


def _following(lines: list[str]) -> list[int]:
    """For each line the number of the next one with content."""
    following, number = [], len(lines) + 1
    for index in range(len(lines) - 1, -1, -1):
        following.append(number)
        if not _NO_CONTENT.fullmatch(lines[index]):
            number = index + 1
    return following[::-1]


class _Held:
    """What lies inside a scalar; scalars never overlap, so one search finds it."""

    def __init__(self, root: Node) -> None:
        self._ends = dict(sorted(_extents(root)))
        self._begins = list(self._ends)

    def has(self, line: str, number: int, column: int) -> bool:
        """Whether this column of the line is part of a scalar."""
        at = bisect_right(self._begins, (number, column)) - 1
        if at < 0 or (number, column) >= self._ends[self._begins[at]]:
            return False
        first_line, first_column = self._begins[at]
        is_header = _BLOCK_HEADER.fullmatch(line, first_column - 1, column - 1)
        return number != first_line or not is_header


def _extents(root: Node) -> Iterator[tuple[Position, Position]]:
    """Beginning and end of each scalar that is not empty, keys among them."""
    left: list[Node] = [root]
    # An alias repeats a node, not its place.
    seen: set[int] = set()
    while left:
        node = left.pop()
        if type(node) is Scalar:
            begin, end = (node.line, node.column), (node.end_line, node.end_column)
            if begin < end:
                yield begin, end
        elif id(node) not in seen:
            seen.add(id(node))
            left += node.items if type(node) is List else _parts(node)


def _parts(node: Mapping | List | Scalar) -> list[Node]:
    return [*node.keys.values(), *node.fields.values()] if type(node) is Mapping else []
