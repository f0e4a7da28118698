"""Workflow files in block style with legacy transitions, comments and other people's layout."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

from hypothesis import strategies as st

NAMES = ("first", "yes")
_TARGET = st.sampled_from(NAMES)
_SIMPLE = st.sampled_from(("on_success", "on_failure", "on_complete", "on_timeout"))
_WORD = st.sampled_from(("plain", "no", "12", "'it''s'", '"a # b"', "a#b", "größe"))


@dataclass(frozen=True, slots=True)
class File:
    """A file's text, and every comment in it."""

    text: str
    comments: tuple[str, ...]


@st.composite
def files(draw: st.DrawFn) -> File:
    """A valid file; its tasks have no `next`, and no decision a default branch."""
    lines = Lines(draw)
    lines.add(0, f"version: {draw(st.sampled_from(('1.0', '1.0.0')))}")
    lines.add(0, "tasks:")
    _tasks(draw, lines, 0, depth=draw(st.integers(0, 1)))
    newline = draw(st.sampled_from(("\n", "\r\n")))
    text = newline.join(lines.lines) + draw(st.sampled_from(("", newline, newline * 2)))
    return File(draw(st.sampled_from(("", "\ufeff"))) + text, tuple(lines.comments))


class Lines:
    """Lines with comments at random."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.lines: list[str] = []
        self.comments: list[str] = []
        self._draw = draw
        self._number = count()

    def add(self, column: int, text: str) -> None:
        above = self._draw(st.sampled_from(("none",) * 6 + ("comment", "odd", "blank")))
        if above == "blank":
            self.lines.append("")
        elif above != "none":
            self.lines.append(" " * (column + 3 * (above == "odd")) + self._comment())
        self.lines.append(" " * column + text + self.tail())

    def tail(self) -> str:
        gap = self._draw(st.sampled_from((None,) * 5 + ("  ", "\t", " ")))
        return "" if gap is None else gap + self._comment()

    def _comment(self) -> str:
        self.comments.append(f"# comment {next(self._number)}\tto keep: yes")
        return self.comments[-1]


def _tasks(draw: st.DrawFn, lines: Lines, column: int, *, depth: int) -> None:
    dash = column + draw(st.sampled_from((0, 2, 3)))
    gap = draw(st.sampled_from((1, 1, 3)))
    inner = dash + 1 + gap
    for name in NAMES:
        is_parallel = depth > 0 and name == NAMES[-1]
        fields = [*_fields(draw, name)]
        order = draw(st.permutations(range(len(fields))))
        for position, index in enumerate(order):
            head = f"{' ' * dash}-{' ' * gap}" if position == 0 else " " * inner
            _field(draw, lines, head, fields[index])
        if is_parallel:
            lines.add(inner, "type: parallel")
            lines.add(inner, "tasks:")
            _tasks(draw, lines, inner, depth=depth - 1)


Field = tuple[str, str | list[list[str]] | list[str]]
"""A key with a value in its line, with the entries of a list, or with branches."""


def _fields(draw: st.DrawFn, name: str) -> Iterator[Field]:
    yield "name", name
    yield "action", "core.echo"
    if draw(st.booleans()):
        yield "when", '"{{ true }}"'
    for field in sorted(draw(st.sets(_SIMPLE, max_size=3))):
        yield field, draw(_TARGET)
    publish = draw(st.lists(_WORD.map(lambda word: f"key: {word}") | st.just("name"), max_size=2))
    if publish:
        yield "publish", publish if draw(st.booleans()) else f"[{', '.join(publish)}]"
    branches = draw(st.lists(_TARGET, max_size=2))
    if branches:
        yield "decision", [_branch(draw, target) for target in branches]


def _branch(draw: st.DrawFn, target: str) -> list[str]:
    condition = draw(st.sampled_from(('"{{ succeeded() and 1 < 2 }}"', "'{{ 1 < 2 }}'")))
    return draw(st.permutations([f"when: {condition}", f"next: {target}"]))


def _field(draw: st.DrawFn, lines: Lines, head: str, field: Field) -> None:
    name, value = field
    column = len(head)
    first = len(lines.lines)
    if isinstance(value, str):
        lines.add(column, f"{name}: {value}")
    else:
        lines.add(column, f"{name}:")
        dash = column + draw(st.sampled_from((0, 2, 4)))
        for item in value:
            _item(draw, lines, dash, item)
    if "-" in head:
        _mark(lines, first, head)


def _item(draw: st.DrawFn, lines: Lines, dash: int, item: str | list[str]) -> None:
    if isinstance(item, str):
        lines.add(dash, f"- {item}")
    elif draw(st.booleans()):
        lines.add(dash, f"- {{{', '.join(item)}}}")
    else:
        first, *others = item
        lines.add(dash, f"- {first}")
        for other in others:
            lines.add(dash + 2, other)


def _mark(lines: Lines, first: int, head: str) -> None:
    """Put the dash of a task before its first field, which a comment may stand above."""
    at = next(
        index
        for index in range(first, len(lines.lines))
        if lines.lines[index].strip() and not lines.lines[index].lstrip().startswith("#")
    )
    lines.lines[at] = head + lines.lines[at][len(head) :]
