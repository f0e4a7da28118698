"""A plan with its fields: what a sync would do to each row, and what is different there. Pure.

Imports `pack` and the neighbours. The rows come in as columns, as the database has them; what they
would be, as the documents of workflows.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from controller.diff.trees import Change, changes
from controller.diff.workflows import fields
from controller.pack.content import CompiledWorkflow, Json
from controller.pack.planned import CHANGES, Kind, Step

Columns = Mapping[str, Json]


class Companion(StrEnum):
    """What happens to the action that stands for a workflow."""

    NONE = "none"
    CREATE = "create"
    UPDATE = "update"
    LINK = "link"
    """It is there, and becomes this workflow's."""
    PRUNE = "prune"


@dataclass(frozen=True, slots=True)
class State:
    """The rows under a workflow's ref; `file` is where they came from, as far as we know."""

    ref: str
    file: str
    has_definition: bool
    has_action: bool
    is_companion: bool
    definition: Columns
    action: Columns


@dataclass(frozen=True, slots=True)
class WorkflowPlan:
    """What happens to one workflow. `changes` are the fields of one that is updated; `columns` are
    those of its action that differ in the action alone."""

    step: Step
    file: str = ""
    changes: tuple[Change, ...] = ()
    companion: Companion = Companion.NONE
    columns: tuple[Change, ...] = ()

    @property
    def is_by_hand(self) -> bool:
        """Whether the rows hold what did not come from Git, which may be somebody's secret."""
        return self.step.drifted or self.step.is_adopted


@dataclass(frozen=True, slots=True)
class RowPlan:
    """What happens to the pack's own row."""

    kind: Kind = Kind.UNCHANGED
    drifted: bool = False
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class PackPlan:
    """What happens to a pack on its way from one revision, `before`, which is empty where none is
    applied, to another, `after`. `workflows` are those that are not `unchanged`, which are only
    counted, by ref."""

    pack_ref: str
    before: str
    after: str
    row: RowPlan
    workflows: tuple[WorkflowPlan, ...]
    unchanged: int = 0

    def count(self, *kinds: Kind) -> int:
        """How many workflows are of these kinds."""
        return sum(one.step.kind in kinds for one in self.workflows)

    @property
    def differs(self) -> bool:
        """Whether the two are different, as far as anything is to be done about it."""
        rows = self.row.kind in CHANGES
        return rows or self.count(*CHANGES, Kind.BLOCKED, Kind.CONFLICT) > 0


def workflow_plan(
    step: Step, state: State | None, wanted: CompiledWorkflow | None, pack_ref: str
) -> WorkflowPlan:
    """What `step` does to the rows that are as `state` says, if that is known."""
    file = wanted.file if wanted else state.file if state else ""
    if state is None or step.kind not in CHANGES:
        return WorkflowPlan(step, file)
    if wanted is None:
        left = Companion.PRUNE if state.is_companion else Companion.NONE
        return WorkflowPlan(step, file, companion=left)
    document = json.loads(wanted.document)
    own = {"pack": pack_ref, "pack_ref": pack_ref, **document}
    columns = _columns(state, own)
    found = _fields(state, own) if step.kind is Kind.UPDATE else ()
    return WorkflowPlan(step, file, found, _companion(state, columns), columns)


def row_plan(kind: Kind, *, drifted: bool, before: Columns | None, after: Columns) -> RowPlan:
    """What happens to the pack's row, whose columns `before` are None where there is none."""
    found = changes(before, after) if kind is Kind.UPDATE and before else ()
    return RowPlan(kind, drifted, found)


def _fields(state: State, wanted: Columns) -> tuple[Change, ...]:
    """The fields of the definition as its author knows them; where only a column differs that
    repeats another, that one."""
    before = {**state.definition, "ref": wanted["ref"], "entrypoint": wanted["entrypoint"]}
    return changes(fields(before), fields(wanted)) or changes(before, wanted)


def _columns(state: State, wanted: Columns) -> tuple[Change, ...]:
    if not state.has_action:
        return ()
    own = {name: wanted[name] for name in state.action}
    shared = {name: value for name, value in state.definition.items() if name in own}
    known = changes(shared, own) if state.has_definition else ()
    return tuple(one for one in changes(state.action, own) if one not in known)


def _companion(state: State, columns: tuple[Change, ...]) -> Companion:
    if not state.has_action:
        return Companion.CREATE
    if not state.is_companion:
        return Companion.LINK
    return Companion.UPDATE if columns else Companion.NONE
