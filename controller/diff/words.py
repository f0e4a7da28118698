"""A change in a sentence. Pure; imports this room."""

from __future__ import annotations

import json
import re
from itertools import takewhile

from controller.diff.trees import Change, ChangeKind
from controller.pack.content import Json

_TASK = re.compile(r"tasks\[([^\]]*)\](?:\.(?P<rest>.+))?\Z")
_PARAMETER = re.compile(r"(?P<what>parameters|output)\.(?:properties\.)?(?P<name>[^.\[\]]+)\Z")
_WHATS = {"parameters": "parameter", "output": "output"}
_SHOWN = 60
_AROUND = 20


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
    before, after = _apart(_text(change.before), _text(change.after))
    return f"{place} changed from {before} to {after}"


def _apart(before: str, after: str) -> tuple[str, str]:
    """Both, cut so that what is different can be seen."""
    pairs = zip(before, after, strict=False)
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    start = same - _AROUND
    if max(len(before), len(after)) <= _SHOWN or start <= 0:
        return _cut(before), _cut(after)
    return _cut(f"…{before[start:]}"), _cut(f"…{after[start:]}")


def _short(value: Json) -> str:
    return _cut(_text(value))


def _text(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, default=list)


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
