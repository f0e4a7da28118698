"""What it may take to match a text with a pattern that somebody else wrote. Pure.

Python tries one way after the other, and a pattern such as `(a+)+$` has more of them than there
is time. So a pattern is only used when the ways can be counted, and are few.
"""

from __future__ import annotations

import re

_PIECE = re.compile(
    r"(?P<escape>\\[^0-9])|(?P<class>\[\^?\]?(?:[^\]\\]|\\.)*+\])|(?P<fixed>\{[0-9]{1,3}\})"
    r"|(?P<repeat>[*+?]|\{[0-9]{0,3},[0-9]{0,3}\})|(?P<close>\))|(?P<either>\|)"
    r"|\(\?:|(?P<strange>\\|\(\?|\[|\{)|.",
    re.DOTALL,
)
_NESTED = re.compile(r"[\[]|--|&&|\|\||~~")
"""What Python warns of in a class, since it may mean sets of sets one day."""

_MANY = 10**9


def ways(pattern: str, length: int) -> int:
    """In how many ways, at most, a text of `length` characters can be tried; a billion if more."""
    repeats = branches = 0
    before = ""
    for piece in _PIECE.finditer(pattern):
        kind = piece.lastgroup or ""
        if kind == "strange" or (kind in ("repeat", "fixed") and before in ("close", "repeat")):
            return _MANY
        if kind == "class" and _NESTED.search(piece[0], 1):
            return _MANY
        repeats += kind == "repeat"
        branches += kind == "either"
        before = kind
    if repeats > 6 or branches > 20:
        return _MANY
    return int(min(_MANY, (length + 1) ** (repeats + 1) * 2**branches * (len(pattern) + 1)))
