"""YAML text → where each value stands in it and how it is spelled, for those who change the text.

Pure. May import PyYAML's C parser. The node tree has what a document means; this one has what
stands in the file: offsets, styles, aliases as aliases, both of two equal keys. Only for a text
that `tree.parse` has read: it is not bounded by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import yaml
from yaml._yaml import CParser


class Style(Enum):
    """How a value is spelled."""

    PLAIN = "plain"
    QUOTED = "quoted"
    LINES = "lines"
    """A literal or folded text, below a `|` or `>`."""
    ALIAS = "alias"
    BLOCK = "block"
    FLOW = "flow"


@dataclass(slots=True, eq=False)
class ScalarPiece:
    """A scalar or an alias, from its anchor or tag to its last character.

    `start` and `end` are offsets in the text; `line` and `column` count from 1, as in its node.
    `text` is what the scalar says, `is_tagged` whether a tag says what type it has.
    """

    style: Style
    start: int
    end: int
    line: int
    column: int
    text: str
    is_tagged: bool


@dataclass(slots=True, eq=False)
class ListPiece:
    """A sequence; a block one ends where its last item does."""

    style: Style
    start: int
    end: int
    line: int
    column: int
    items: list[Piece] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class MapPiece:
    """A mapping; a block one ends where its last value does."""

    style: Style
    start: int
    end: int
    line: int
    column: int
    pairs: list[tuple[Piece, Piece]] = field(default_factory=list)


Piece = ScalarPiece | ListPiece | MapPiece

_STYLES = {None: Style.PLAIN, "": Style.PLAIN, "|": Style.LINES, ">": Style.LINES}


def pieces(text: str) -> Piece:
    """The pieces of the one document in `text`, which has no byte order mark."""
    events = _events(text)
    return _piece(next(events), events, text)


def scalars(piece: Piece) -> Iterator[tuple[ScalarPiece, bool]]:
    """All scalars and aliases in the text's order, each with whether it is a key."""
    if isinstance(piece, ScalarPiece):
        yield piece, False
    elif isinstance(piece, ListPiece):
        for item in piece.items:
            yield from scalars(item)
    else:
        for key, value in piece.pairs:
            if isinstance(key, ScalarPiece):
                yield key, True
            yield from scalars(value)


def _events(text: str) -> Iterator[Any]:
    next_event = CParser(text).get_event
    while (event := next_event()) is not None:
        if isinstance(event, yaml.NodeEvent | yaml.CollectionEndEvent):
            yield event


def _piece(event: Any, events: Iterator[Any], text: str) -> Piece:
    mark, end = event.start_mark, event.end_mark.index
    place = {"start": mark.index, "line": mark.line + 1, "column": mark.column + 1}
    if isinstance(event, yaml.AliasEvent):
        return ScalarPiece(Style.ALIAS, end=end, text="", is_tagged=False, **place)
    if isinstance(event, yaml.ScalarEvent):
        return _scalar(event, text, place)
    style = Style.FLOW if event.flow_style else Style.BLOCK
    if isinstance(event, yaml.SequenceStartEvent):
        sequence = ListPiece(style, end=0, **place)
        sequence.end = _fill_list(sequence, events, text)
        return sequence
    mapping = MapPiece(style, end=0, **place)
    mapping.end = _fill_mapping(mapping, events, text)
    return mapping


def _scalar(event: Any, text: str, place: dict[str, int]) -> ScalarPiece:
    style = _STYLES.get(event.style, Style.QUOTED)
    end = event.end_mark.index
    if style is Style.LINES:  # libyaml ends it behind the empty lines that follow
        end = len(text[:end].rstrip(" \r\n"))
    tagged = event.tag is not None
    return ScalarPiece(style, end=end, text=event.value, is_tagged=tagged, **place)


def _fill_list(piece: ListPiece, events: Iterator[Any], text: str) -> int:
    while not isinstance(event := next(events), yaml.CollectionEndEvent):
        piece.items.append(_piece(event, events, text))
    return _end(piece.style, event, [*piece.items])


def _fill_mapping(piece: MapPiece, events: Iterator[Any], text: str) -> int:
    while not isinstance(event := next(events), yaml.CollectionEndEvent):
        key = _piece(event, events, text)
        piece.pairs.append((key, _piece(next(events), events, text)))
    return _end(piece.style, event, [value for _, value in piece.pairs])


def _end(style: Style, event: Any, inside: list[Piece]) -> int:
    at: int = event.end_mark.index if style is Style.FLOW else inside[-1].end
    return at
