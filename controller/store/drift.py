"""What others did to our rows, told by field. Pure.

May import `pack`, `diff` and `redact`. What a column held and holds is shown; of the JSON documents
only the places that differ, because nobody but their authors knows what is secret in them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from controller.diff import changes
from controller.pack.content import Json
from controller.pack.drift import Change, DriftedRow, Happening
from controller.redact import brief

TOLD: Final = 20
"""Rows of one pack that are looked at field by field."""

_CHANGES = 10
_TEXT = 80
_SHARED = ("label", "description", "param_schema", "out_schema")
_DOCUMENTS = frozenset({"param_schema", "out_schema", "definition", "conf_schema", "meta"})

Columns = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class FoundRow:
    """What there is under the ref of a workflow that we wrote.

    `document` is what we wrote, None where that is lost; `definition` and `action` are our columns
    of the two rows, their packs by ref. `definition_touched` and `action_touched` tell that the row
    is another version, `is_linked` that the action has a workflow, `is_companion` that it has this
    one.
    """

    ref: str
    document: str | None
    has_definition: bool
    has_action: bool
    definition_touched: bool
    action_touched: bool
    is_linked: bool
    is_companion: bool
    definition: dict[str, Any]
    action: dict[str, Any]


def workflow_drift(found: FoundRow, pack_ref: str, *, is_corrected: bool) -> DriftedRow:
    """What happened to a workflow's rows."""
    if not found.has_definition:
        left = _link(found) if found.has_action else ()
        happened = (Happening.DEFINITION_DELETED, *left)
        return DriftedRow(found.ref, happened, is_corrected=is_corrected)
    definition, action = _differences(found, pack_ref)
    changed, action_changed = bool(definition), bool(action)
    if not (changed or action_changed or _link(found)):
        changed, action_changed = found.definition_touched, found.action_touched
    told = {
        Happening.DEFINITION_CHANGED: changed,
        **dict.fromkeys(_link(found), True),
        Happening.ACTION_CHANGED: action_changed,
    }
    happened = tuple(one for one, holds in told.items() if holds)
    return DriftedRow(found.ref, happened, (*definition, *action)[:_CHANGES], is_corrected)


def pack_drift(
    pack_ref: str, applied: Columns | None, found: Columns | None, *, is_corrected: bool
) -> DriftedRow:
    """What happened to the pack's row; `applied` is what we wrote, None where that is lost."""
    if found is None:
        return DriftedRow(pack_ref, (Happening.PACK_DELETED,), is_corrected=is_corrected)
    changes = () if applied is None else _changes("", applied, found)
    return DriftedRow(pack_ref, (Happening.PACK_CHANGED,), changes, is_corrected)


def _link(found: FoundRow) -> tuple[Happening, ...]:
    """What became of the action's tie to its definition."""
    if not found.has_action:
        return (Happening.ACTION_DELETED,)
    if not found.is_linked:
        return (Happening.ACTION_UNLINKED,)
    return () if found.is_companion else (Happening.ACTION_RELINKED,)


def _differences(found: FoundRow, pack_ref: str) -> tuple[tuple[Change, ...], tuple[Change, ...]]:
    """Of the definition and of its action, as far as it is known what they were."""
    if found.document is None:
        return (), ()
    applied: dict[str, Json] = json.loads(found.document)
    packed: dict[str, Json] = {"pack": pack_ref, "pack_ref": pack_ref}
    shared = {name: applied[name] for name in _SHARED}
    own = {name: applied[name] for name in ("version", "definition", "tags")}
    definition = _changes("", {**packed, **shared, **own}, found.definition)
    if not found.has_action:
        return definition, ()
    action = {**packed, **shared, "entrypoint": applied["entrypoint"]}
    return definition, _changes("action.", action, found.action)


def _changes(prefix: str, applied: Columns, found: Columns) -> tuple[Change, ...]:
    """The columns that differ; of a document the places."""
    return tuple(islice(_each_change(prefix, applied, found), _CHANGES))


def _each_change(prefix: str, applied: Columns, found: Columns) -> Iterator[Change]:
    for name, before in applied.items():
        now = found.get(name)
        if name in _DOCUMENTS:
            for one in changes(before, now, f"{prefix}{name}"):
                yield Change(brief(one.path, limit=_TEXT * 2))
        elif before != now:
            yield Change(prefix + name, _shown(before), _shown(now))


def _shown(value: Json) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return brief(text, limit=_TEXT)
