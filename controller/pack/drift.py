"""What others did to rows that we wrote, as values. Imports nothing of ours."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Happening(StrEnum):
    """What happened to a workflow's definition, to its companion action, or to the pack's row."""

    PACK_CHANGED = "PackChanged"
    PACK_DELETED = "PackDeleted"
    DEFINITION_CHANGED = "DefinitionChanged"
    DEFINITION_DELETED = "DefinitionDeleted"
    ACTION_CHANGED = "ActionChanged"
    ACTION_DELETED = "ActionDeleted"
    ACTION_UNLINKED = "ActionUnlinked"
    """It belongs to no workflow any more."""
    ACTION_RELINKED = "ActionRelinked"
    """It belongs to another workflow."""


class Change(NamedTuple):
    """One field that was changed: a column, or a place inside of one.

    `applied` and `found` are its values as texts, None where they must not be shown: what is inside
    of a document may be somebody's secret.
    """

    field: str
    applied: str | None = None
    found: str | None = None


@dataclass(frozen=True, slots=True)
class DriftedRow:
    """What was found under one ref: a workflow's, or the pack's own.

    `changes` is empty where nobody knows any more what was applied. `is_corrected` tells that the
    rows are now as Git has them, or gone as in Git.
    """

    ref: str
    happened: tuple[Happening, ...]
    changes: tuple[Change, ...] = ()
    is_corrected: bool = True


@dataclass(frozen=True, slots=True)
class Drift:
    """What a sync found changed behind our back.

    `rows` are the first of `total`, the pack's own before the workflows by ref. `digest` stands for
    the state of those rows that were left as they are, empty where none was: as long as a look at
    the rows finds the same digest, there is nothing new to tell of.
    """

    rows: tuple[DriftedRow, ...] = ()
    total: int = 0
    corrected: int = 0
    digest: str = ""
