"""The codes that users write, in comments and settings. Pure; imports `pack`."""

from __future__ import annotations

from controller.pack.report import closest, quoted
from controller.pack.rules import CATALOGUE

_RULES = {one.code: one for one in CATALOGUE}
_SMALL = [one.code.lower() for one in CATALOGUE]


def objection(code: str) -> tuple[str, str] | None:
    """Why nobody may set the severity of `code`: a message and a hint; None when one may."""
    rule = _RULES.get(code)
    if rule is None:
        return f"there is no rule {quoted(code)}", _likely(code)
    if not rule.adjustable:
        message = f"{quoted(code)} stays an error: nothing usable could be stored"
        return message, f"Take {quoted(code)} out here, and correct what it reports."
    return None


def _likely(code: str) -> str:
    found = closest(code, _SMALL)
    if found:
        return f"Did you mean `{found.upper()}`?"
    return "Copy the code from the diagnostic that is meant."
