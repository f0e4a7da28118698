"""Quotes for words that other tools take for booleans, and for numbers meant as text. Pure.

May import `load.pieces`, `pack` and the neighbours.
"""

from __future__ import annotations

from collections.abc import Iterator

from controller.fix.proof import Reading
from controller.fix.values import Edit, Fix, Name, Proposal
from controller.load.pieces import ScalarPiece, Style, scalars
from controller.pack.rules import NEEDS_QUOTES

# https://yaml.org/type/bool.html, without the words that are booleans in YAML 1.2 too.
_LETTERS = frozenset("yYnN")
_WORDS = frozenset(("yes", "Yes", "YES", "no", "No", "NO", "on", "On", "ON", "off", "Off", "OFF"))


def booleans(reading: Reading) -> Iterator[Proposal]:
    """Quotes for each YAML 1.1 boolean.

    A key `y` or `n` stays: it is a coordinate or a count, and hardly a tool reads it as a boolean.
    """
    for scalar, is_key in scalars(reading.root):
        if scalar.text in _WORDS or (scalar.text in _LETTERS and not is_key):
            message = f"`{scalar.text}` is a text here and a boolean in YAML 1.1: quoted it."
            yield from _quoting(scalar, Name.BOOLEAN, message)


def texts(reading: Reading) -> Iterator[Proposal]:
    """Quotes for each number or boolean where a text is meant."""
    wanted = {
        (one.span.line, one.span.column) for one in reading.diagnostics if one.rule is NEEDS_QUOTES
    }
    for scalar, _ in scalars(reading.root) if wanted else ():
        if (scalar.line, scalar.column) in wanted:
            message = f"`{scalar.text}` is meant as a text: quoted it."
            yield from _quoting(scalar, Name.QUOTES, message)


def _quoting(scalar: ScalarPiece, name: Name, message: str) -> Iterator[Proposal]:
    if scalar.style is Style.PLAIN and not scalar.is_tagged:
        start = scalar.end - len(scalar.text)  # behind an anchor
        edit = Edit(start, scalar.end, f'"{scalar.text}"')
        yield Proposal(Fix(name, scalar.line, message), (edit,))
