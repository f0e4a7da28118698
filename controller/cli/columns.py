"""Rows of text in columns, as kubectl prints them: no frame, no line broken, no cell cut. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from rich.cells import cell_len
from rich.text import Text

from controller.redact import scrub

Cell = str | tuple[str, str]
"""A text, or a text and its style."""

_GAP = "   "


def columns(titles: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Iterator[Text]:
    """The line of titles, then a line for each row, without what a terminal would act on."""
    table = [
        [Text(title, "bold") for title in titles],
        *([_text(cell) for cell in row] for row in rows),
    ]
    widths = [max(map(_width, column)) for column in zip_longest(*table, fillvalue=Text())]
    for row in table:
        yield _joined(row, widths)


def _joined(row: Sequence[Text], widths: Sequence[int]) -> Text:
    line = Text()
    for place, (cell, width) in enumerate(zip(row, widths, strict=True)):
        line.append_text(cell)
        if place < len(row) - 1:
            line.append(" " * (width - _width(cell)) + _GAP)
    line.rstrip()
    return line


def _text(cell: Cell) -> Text:
    text, style = (cell, "") if isinstance(cell, str) else cell
    return Text(" ".join(scrub(text).split()), style)


def _width(text: Text) -> int:
    return cell_len(text.plain)
