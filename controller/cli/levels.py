"""`ATT512=error` → what is made of a rule. Pure."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from controller.pack.diagnostic import Level
from controller.pack.rules import CATALOGUE

_ADJUSTABLE = {rule.code: rule.adjustable for rule in CATALOGUE}
_LEVELS = {level.value.lower(): level for level in Level}


def levels(given: Iterable[str]) -> dict[str, Level]:
    """What `--severity` says of rules, by code, the last one of a rule; raises ValueError."""
    return dict(_level(one) for one in given)


def _level(text: str) -> tuple[str, Level]:
    code, _, name = text.partition("=")
    level = _LEVELS.get(name.lower())
    if level is None:
        raise ValueError(
            f"--severity {text}: write a rule's code, `=`, and one of {', '.join(_LEVELS)}."
        )
    if code not in _ADJUSTABLE:
        raise ValueError(f"--severity {text}: there is no rule {code}. {_nearest(code)}")
    if not _ADJUSTABLE[code]:
        raise ValueError(
            f"--severity {text}: {code} stays an error, because nothing could be stored with it."
        )
    return code, level


def _nearest(code: str) -> str:
    found = difflib.get_close_matches(code.upper(), _ADJUSTABLE, n=1)
    return f"Did you mean {found[0]}?" if found else "`packctl explain --all` lists them."
