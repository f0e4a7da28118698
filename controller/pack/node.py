"""A YAML document as a tree of values, each with its place in the file. Imports `diagnostic`.

`load` makes it, `workflow` and `validate` read it. Lines and columns count from 1, in characters.
Nodes are not frozen only because making a frozen one takes four times as long: treat them as if.
For the same reason they keep the parser's marks, and count from 1 only when they are asked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from controller.pack.content import Json
from controller.pack.diagnostic import Span


class Mark(Protocol):
    """A place as the parser has it: all three count characters or lines from 0."""

    @property
    def index(self) -> int:
        """From the beginning of the text, without its byte order mark."""
        ...

    @property
    def line(self) -> int:
        """Lines before this one."""
        ...

    @property
    def column(self) -> int:
        """From the beginning of the line."""
        ...


@dataclass(slots=True, eq=False)
class Scalar:
    """One value: `value` as the YAML 1.2 core schema resolves it, `text` as the file spells it.

    `end` is the place after its last character.
    """

    value: bool | int | float | str | None
    text: str
    start: Mark
    end: Mark

    @property
    def line(self) -> int:
        """Its first line."""
        return self.start.line + 1

    @property
    def column(self) -> int:
        """Where it begins in that line."""
        return self.start.column + 1

    @property
    def end_line(self) -> int:
        """Its last line."""
        return self.end.line + 1

    @property
    def end_column(self) -> int:
        """Where the character after it stands in that line."""
        return self.end.column + 1

    @property
    def span(self) -> Span:
        """From the first character of the value to the one after its last."""
        start, end = self.start, self.end
        return Span(start.line + 1, start.column + 1, end.line + 1, end.column + 1)


@dataclass(slots=True, eq=False)
class List:
    """A sequence: `value` is the plain data of `items`."""

    items: list[Node]
    value: list[Json]
    start: Mark

    @property
    def line(self) -> int:
        """Its first line."""
        return self.start.line + 1

    @property
    def column(self) -> int:
        """Where it begins in that line."""
        return self.start.column + 1

    @property
    def span(self) -> Span:
        """The first character: a list has no end worth underlining."""
        return Span(self.line, self.column, self.line, self.column + 1)


@dataclass(slots=True, eq=False)
class Mapping:
    """A mapping: `value` is the plain data of `fields`, `keys` has the place of each key."""

    fields: dict[str, Node]
    keys: dict[str, Scalar]
    value: dict[str, Json]
    start: Mark

    @property
    def line(self) -> int:
        """Its first line."""
        return self.start.line + 1

    @property
    def column(self) -> int:
        """Where it begins in that line."""
        return self.start.column + 1

    @property
    def span(self) -> Span:
        """The first character: a mapping has no end worth underlining."""
        return Span(self.line, self.column, self.line, self.column + 1)


Node = Scalar | List | Mapping

Within = Callable[[Scalar, int, int], Span]
"""The place in the file of a part of a scalar's text: of its characters `start` to `end`."""


@dataclass(frozen=True, slots=True)
class Document:
    """The one document of a file.

    `has_unstorable` is set when a number in it has no place in PostgreSQL's jsonb (infinity, not a
    number, an integer beyond 64 bits): whoever takes plain data from the tree must then look.
    `within` gives the place in the file of the characters from `start` to `end` (exclusive) of a
    scalar's text, whatever its style: behind an escape or a folded line they are not where
    counting from the scalar's first character would put them.
    """

    root: Node
    has_unstorable: bool
    within: Within


def step(path: str, key: str) -> str:
    """The path of the field `key` of the mapping at `path`."""
    return f"{path}.{key}" if path else key
