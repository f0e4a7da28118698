"""What is wrong with a regular expression, whoever reads it. Pure; imports nothing of ours.

Attune reads patterns with Rust's `regex`, this program is Python, and each knows forms that the
other does not. So only what is an error in any dialect is found; in doubt, nothing.
"""

from __future__ import annotations

import re

_IN_DOUBT = re.compile(r"\(\?[a-zA-Z]*x|\(\?#|\[[^\]]*\[|\\Q")
"""Verbose mode, comments, classes in classes, quotations: they change what the rest means."""

_PIECE = re.compile(
    r"(?P<escape>\\.)|(?P<cut>\\)"
    r"|(?P<class>\[\^?+\]?+(?:[^\]\\]|\\.)*+\])|(?P<unclosed>\[)"
    r"|(?P<group>\(\?[\w<>=!:^-]*+)|(?P<open>\()|(?P<close>\))|(?P<either>\|)"
    r"|(?P<repeat>[*+?])|(?P<bounds>\{(?P<least>[0-9]{1,9}),(?P<most>[0-9]{1,9})\})|.",
    re.DOTALL,
)


def fault(pattern: str) -> str:
    """What is wrong with the pattern, as the end of a sentence; empty when nothing is for sure."""
    if _IN_DOUBT.search(pattern):
        return ""
    depth = 0
    before = "open"
    for piece in _PIECE.finditer(pattern):
        kind = piece.lastgroup or "plain"
        depth += (kind in ("open", "group")) - (kind == "close")
        said = _fault(kind, before, depth, piece)
        if said:
            return said
        before = kind
    return "a `(` in it is never closed" if depth else ""


def _fault(kind: str, before: str, depth: int, piece: re.Match[str]) -> str:
    if depth < 0:
        return "a `)` in it closes nothing"
    if kind == "cut":
        return "it ends in a backslash"
    if kind == "unclosed":
        return "a `[` in it is never closed"
    if kind == "repeat" and before in ("open", "either"):
        return f"there is nothing before a `{piece[0]}` that it could repeat"
    if kind == "bounds" and int(piece["least"]) > int(piece["most"]):
        return f"`{piece[0]}` asks for more at least than at most"
    return ""
