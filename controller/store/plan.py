"""Desired workflows against actual rows: what is to be done to each. Pure.

May import `pack`, `errors` and this room's values.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from controller.errors import Reason, Stalled
from controller.pack.content import CompiledWorkflow
from controller.store.values import InventoryItem, Policy


class Kind(StrEnum):
    """What happens to one workflow."""

    CREATE = "create"
    UPDATE = "update"
    UNCHANGED = "unchanged"
    PRUNE = "prune"
    KEPT = "kept"
    SKIPPED = "skipped"
    BLOCKED = "blocked"
    CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class ActualRow:
    """What the database has under one ref.

    `recorded` is the inventory's entry, None for what we did not write. `holder` is the pack whose
    definition has the ref, None where there is no definition, and `ours` whether it is this pack.
    `foreign_action` tells of an action with the ref that is not that definition's companion,
    `intact` that both rows are as we left them, `running` that executions are under way.
    """

    ref: str
    recorded: InventoryItem | None = None
    holder: str | None = None
    ours: bool = False
    foreign_action: bool = False
    intact: bool = False
    running: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """What happens to one workflow, and why if that is not obvious.

    `drifted` tells that its rows were changed or deleted behind our back.
    """

    ref: str
    kind: Kind
    why: str = ""
    drifted: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """One step for each workflow that is desired or was written before, sorted by ref.

    `empties` tells that the revision has no workflow at all and would prune what is there.
    """

    steps: tuple[Step, ...]
    empties: bool = False
    pack_changes: bool = False

    def refs(self, *kinds: Kind) -> tuple[str, ...]:
        """The refs of these kinds, sorted."""
        return tuple(step.ref for step in self.steps if step.kind in kinds)

    def drifted(self) -> tuple[str, ...]:
        """The refs whose rows were changed or deleted behind our back, sorted."""
        return tuple(step.ref for step in self.steps if step.drifted)

    def refuse(self, pack_ref: str) -> None:
        """Raise `Stalled` if the plan must not be carried out at all."""
        conflicts = [step for step in self.steps if step.kind is Kind.CONFLICT]
        if conflicts:
            raise _conflict(conflicts)
        if self.empties:
            raise Stalled(
                Reason.EMPTY_PACK,
                f"This revision of pack {pack_ref!r} has no workflow, and "
                f"{len(self.refs(Kind.PRUNE, Kind.BLOCKED))} in the database would be removed.",
                hint="Set spec.allowEmpty to true if that is meant.",
            )


def make_plan(
    desired: Collection[CompiledWorkflow], actual: Iterable[ActualRow], policy: Policy
) -> Plan:
    """The plan that makes `desired` of `actual`. Rows that we did not write are never pruned."""
    rows = {row.ref: row for row in actual}
    wanted = {workflow.ref: workflow for workflow in desired}
    gone = [row for row in rows.values() if row.ref not in wanted and row.recorded is not None]
    steps = [_wanted(workflow, rows.get(ref), policy) for ref, workflow in wanted.items()]
    steps += [_unwanted(row, policy) for row in gone]
    empties = (
        not (wanted or policy.keep or policy.allow_empty)
        and any(step.kind in (Kind.PRUNE, Kind.BLOCKED) for step in steps)
    )  # fmt: skip
    return Plan(tuple(sorted(steps, key=lambda step: step.ref)), empties)


def prunable(
    desired: Collection[CompiledWorkflow], actual: Iterable[ActualRow], policy: Policy
) -> tuple[str, ...]:
    """The refs for which it matters whether executions are running."""
    return make_plan(desired, actual, policy).refs(Kind.PRUNE)


def inventory_after(
    plan: Plan, desired: Collection[CompiledWorkflow], actual: Iterable[ActualRow]
) -> tuple[InventoryItem, ...]:
    """What the inventory holds once `plan` is carried out, sorted by ref."""
    wanted = {workflow.ref: workflow for workflow in desired}
    before = {row.ref: row.recorded for row in actual if row.recorded is not None}
    items = (_item_after(step, wanted, before) for step in plan.steps)
    return tuple(item for item in items if item is not None)


def _wanted(workflow: CompiledWorkflow, row: ActualRow | None, policy: Policy) -> Step:
    ref = workflow.ref
    if row is None:
        return Step(ref, Kind.CREATE)
    if row.holder is not None and not row.ours:
        return Step(ref, Kind.CONFLICT, f"pack {row.holder!r} has a workflow of this ref")
    if row.foreign_action:
        return Step(ref, Kind.CONFLICT, "an action of this ref exists that is not a workflow's")
    if row.holder is None:
        return Step(ref, Kind.CREATE, drifted=row.recorded is not None)
    return _existing(workflow, row, policy)


def _existing(workflow: CompiledWorkflow, row: ActualRow, policy: Policy) -> Step:
    known = row.recorded
    drifted = known is not None and not row.intact
    if known is not None and known.digest == workflow.digest and row.intact:
        return Step(workflow.ref, Kind.UNCHANGED)
    if not policy.update_existing:
        return Step(workflow.ref, Kind.SKIPPED, "updateExisting is false", drifted)
    return Step(workflow.ref, Kind.UPDATE, "" if known else "adopted", drifted)


def _unwanted(row: ActualRow, policy: Policy) -> Step:
    drifted = not row.intact
    if row.ref in policy.keep:
        return Step(row.ref, Kind.KEPT, "its file is invalid now", drifted)
    if not policy.prune:
        return Step(row.ref, Kind.KEPT, "prune is false", drifted)
    if row.running:
        return Step(row.ref, Kind.BLOCKED, "executions of it are running", drifted)
    return Step(row.ref, Kind.PRUNE, drifted=drifted)


def _item_after(
    step: Step,
    wanted: Mapping[str, CompiledWorkflow],
    before: Mapping[str, InventoryItem],
) -> InventoryItem | None:
    if step.kind in (Kind.CREATE, Kind.UPDATE, Kind.UNCHANGED):
        workflow = wanted[step.ref]
        return InventoryItem(
            step.ref, workflow.version, workflow.digest, workflow.file, workflow.blob
        )
    return None if step.kind is Kind.PRUNE else before.get(step.ref)


def _conflict(conflicts: list[Step]) -> Stalled:
    named = "; ".join(f"{step.ref}: {step.why}" for step in conflicts[:3])
    more = f"; and {len(conflicts) - 3} more" if len(conflicts) > 3 else ""
    return Stalled(
        Reason.ACTION_CONFLICT,
        f"Another's rows stand where this pack's must go: {named}{more}.",
        hint="Rename the workflow in Git, or delete or rename the other in Attune; "
        "nothing was written.",
    )
