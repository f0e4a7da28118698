"""The comments of a YAML text. Pure; may import `load.pieces`."""

from __future__ import annotations

import re
from collections import Counter

from controller.load.pieces import Piece, scalars

_COMMENT = re.compile(r"(?<!\S)#[^\r\n]*")
_IGNORE = re.compile(r"#[ \t]*attune:[ \t]*ignore[^#\r\n]*")


def comments(text: str, root: Piece) -> Counter[str]:
    """Every comment outside of scalars, with how often it stands there."""
    found: Counter[str] = Counter()
    at = 0
    for scalar, _ in scalars(root):
        found.update(between(text, at, scalar.start))
        at = scalar.end
    found.update(between(text, at, len(text)))
    return found


def between(text: str, start: int, end: int) -> list[str]:
    """The comments in a part of the text that holds no scalar."""
    return [found[0].rstrip() for found in _COMMENT.finditer(text, start, end)]


def inside(text: str, piece: Piece) -> list[str]:
    """The comments between the scalars of a piece."""
    found, at = [], piece.start
    for scalar, _ in scalars(piece):
        found += between(text, at, scalar.start)
        at = scalar.end
    return found + between(text, at, piece.end)


def ignores(text: str, code: str = "") -> bool:
    """Whether a comment takes diagnostics away, of the rule `code` or of any; rather too often."""
    return any(code in found[0] for found in _IGNORE.finditer(text))
