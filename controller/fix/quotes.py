"""Quotes for words that other tools take for booleans, and for numbers meant as text. Pure.

May import `load.pieces`, `pack` and the neighbours.
"""

from __future__ import annotations

from collections.abc import Iterator

from controller.fix.comments import ignores
from controller.fix.proof import Reading
from controller.fix.values import Edit, Fix, Name, Proposal
from controller.load.pieces import ScalarPiece, Style, scalars
from controller.pack.rules import NEEDS_QUOTES

# https://yaml.org/type/bool.html, without the words that are booleans in YAML 1.2 too.
_WORDS = frozenset(("yes", "Yes", "YES", "no", "No", "NO", "on", "On", "ON", "off", "Off", "OFF"))
_WORDS_AND_LETTERS = _WORDS | frozenset("yYnN")
_IGNORED = f"Left as written: a comment in this file ignores {NEEDS_QUOTES.code}."


def booleans(reading: Reading) -> Iterator[Proposal]:
    """Quotes for each YAML 1.1 boolean.

    A key `y` or `n` stays: it is a coordinate or a count, and hardly a tool reads it as a boolean.
    So does a value with a diagnostic of its own: where `true` is wanted, quotes do not help.
    """
    in_doubt = {(one.span.line, one.span.column) for one in reading.diagnostics}
    for scalar, is_key in scalars(reading.root):
        if scalar.text in (_WORDS if is_key else _WORDS_AND_LETTERS) and (
            is_key or (scalar.line, scalar.column) not in in_doubt
        ):
            message = f"`{scalar.text}` is a text here and a boolean in YAML 1.1: quoted it."
            yield from _quoting(scalar, Name.BOOLEAN, message)


def texts(reading: Reading) -> Iterator[Proposal | Fix]:
    """Quotes for each number or boolean where a text is meant, if nobody wants it to stay."""
    wanted = {
        (one.span.line, one.span.column) for one in reading.diagnostics if one.rule is NEEDS_QUOTES
    }
    if not wanted:
        return
    stays = ignores(reading.text, NEEDS_QUOTES.code)
    for scalar, _ in scalars(reading.root):
        if (scalar.line, scalar.column) not in wanted:
            continue
        if stays:
            yield Fix(Name.QUOTES, scalar.line, _IGNORED)
        else:
            message = f"`{scalar.text}` is meant as a text: quoted it."
            yield from _quoting(scalar, Name.QUOTES, message)


def _quoting(scalar: ScalarPiece, name: Name, message: str) -> Iterator[Proposal]:
    if scalar.style is Style.PLAIN and not scalar.is_tagged:
        start = scalar.end - len(scalar.text)  # behind an anchor
        edit = Edit(start, scalar.end, f'"{scalar.text}"')
        yield Proposal(Fix(name, scalar.line, message), (edit,))
