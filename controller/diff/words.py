"""A change in a sentence. Pure; imports this room."""

from __future__ import annotations

import json
import re

from controller.diff.trees import Change, ChangeKind
from controller.pack.content import Json

_TASK = re.compile(r"tasks\[([^\]]*)\](?:\.(?P<rest>.+))?\Z")
_PARAMETER = re.compile(r"(?P<what>parameters|output)\.(?:properties\.)?(?P<name>[^.\[\]]+)\Z")
_WHATS = {"parameters": "parameter", "output": "output"}
_SHOWN = 60


def said(change: Change) -> str:
    """`task 'greet' added`, `task 'greet': input.message changed from "a" to "b"`."""
    place = change.path
    owner = ""
    while (task := _TASK.match(place)) is not None:
        if task["rest"] is None:
            return _done(f"{owner}task '{task[1]}'", change, whole=True)
        owner += f"task '{task[1]}': "
        place = task["rest"]
    named = _PARAMETER.match(place) if not owner else None
    if named is not None:
        return _done(f"{_WHATS[named['what']]} '{named['name']}'", change, whole=False)
    return _done(f"{owner}{place}", change, whole=False)


def _done(place: str, change: Change, *, whole: bool) -> str:
    if change.kind is ChangeKind.MOVED:
        return f"{place} in another order"
    if whole and change.kind is not ChangeKind.CHANGED:
        return f"{place} {change.kind}"
    if change.kind is ChangeKind.ADDED:
        return f"{place} added: {_short(change.after)}"
    if change.kind is ChangeKind.REMOVED:
        return f"{place} removed, it was {_short(change.before)}"
    return f"{place} changed from {_short(change.before)} to {_short(change.after)}"


def _short(value: Json) -> str:
    text = json.dumps(value, ensure_ascii=False, default=list)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
