"""Desired workflows against actual rows: what is to be done to each. Pure.

May import `pack`, `errors` and this room's values.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import NamedTuple

from controller.errors import Reason, Stalled
from controller.pack.caller import Caller
from controller.pack.content import CompiledWorkflow
from controller.pack.planned import ADOPTED, Kind, Planned, Step
from controller.pack.spec import ADOPT
from controller.store.values import InventoryItem, Policy


class ActualRow(NamedTuple):
    """What the database has under one ref.

    `known` tells that we wrote it: `version`, `digest`, `file` and `blob` are the inventory's.
    `holder` is the pack whose definition has the ref, None where there is no definition, and `ours`
    whether it is this pack. `foreign_action` tells of an action with the ref that is not that
    definition's companion, `loose_action` that it is of this pack and no workflow's, `adhoc` that
    the action was made in Attune; `intact` that both rows are as we left them, `running` that
    executions are under way.
    """

    ref: str
    known: bool = False
    version: str | None = None
    digest: str | None = None
    file: str | None = None
    blob: str | None = None
    holder: str | None = None
    ours: bool = False
    foreign_action: bool = False
    loose_action: bool = False
    adhoc: bool = False
    intact: bool = False
    running: bool = False

    def listed(self) -> InventoryItem:
        """The inventory's entry, where the row is `known`."""
        return InventoryItem(
            self.ref, self.version or "", self.digest or "", self.file or "", self.blob or ""
        )

    def lists(self, workflow: CompiledWorkflow) -> bool:
        """Whether the inventory's entry is what it would be for `workflow`."""
        return (
            self.digest == workflow.digest
            and self.file == workflow.file
            and self.blob == workflow.blob
        )


_NAMED = 3


@dataclass(frozen=True, slots=True)
class Plan:
    """One step for each workflow that is desired or was written before, sorted by ref.

    `empties` tells that the revision has no workflow at all and would prune what is there,
    `pack_changes` that the pack's row is written, `pack_drifted` that it was changed or deleted
    behind our back, `pack_restamped` that nothing is new in it but the tree that it comes from.
    `callers` are workflows of others that call what is pruned.
    """

    steps: tuple[Step, ...]
    empties: bool = False
    pack_changes: bool = False
    pack_drifted: bool = False
    pack_restamped: bool = False
    callers: tuple[Caller, ...] = ()

    def refs(self, *kinds: Kind) -> tuple[str, ...]:
        """The refs of these kinds, sorted."""
        return tuple(step.ref for step in self.steps if step.kind in kinds)

    def drifted(self) -> tuple[str, ...]:
        """The refs whose rows were changed or deleted behind our back, sorted."""
        return tuple(step.ref for step in self.steps if step.drifted)

    def planned(self) -> Planned:
        """The plan in short."""
        telling = tuple(step for step in self.steps if step.kind is not Kind.UNCHANGED)
        return Planned(telling, len(self.steps) - len(telling), self.pack_changes)

    def called_by(self, callers: tuple[Caller, ...]) -> Plan:
        """The plan, each prune saying which of `callers` call what goes."""
        if not callers:
            return self
        by_ref: dict[str, list[str]] = {}
        for one in callers:
            by_ref.setdefault(one.callee, []).append(one.ref)
        steps = [
            step._replace(why=_called(by_ref[step.ref])) if step.ref in by_ref else step
            for step in self.steps
        ]
        return replace(self, steps=tuple(steps), callers=callers)

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
    steps = [_wanted(workflow, rows.pop(workflow.ref, None), policy) for workflow in desired]
    leaving = [_unwanted(row, policy) for row in rows.values() if row.known]
    empties = (
        not (desired or policy.keep or policy.allow_empty)
        and any(step.kind in (Kind.PRUNE, Kind.BLOCKED) for step in leaving)
    )  # fmt: skip
    return Plan(tuple(sorted(steps + leaving, key=attrgetter("ref"))), empties)


def prunable(
    desired: Iterable[CompiledWorkflow], actual: Iterable[ActualRow], policy: Policy
) -> tuple[str, ...]:
    """The refs for which it matters whether executions are running, sorted."""
    wanted = {workflow.ref for workflow in desired}
    return make_plan((), (row for row in actual if row.ref not in wanted), policy).refs(Kind.PRUNE)


def _wanted(workflow: CompiledWorkflow, row: ActualRow | None, policy: Policy) -> Step:
    ref = workflow.ref
    if row is None:
        return Step(ref, Kind.CREATE)
    if row.holder is not None and not row.ours:
        return Step(ref, Kind.CONFLICT, f"pack {row.holder!r} has a workflow of this ref")
    if row.foreign_action and not (row.loose_action and ref in policy.adopts):
        why = "an action of this ref exists that is not a workflow's"
        return Step(ref, Kind.CONFLICT, why, is_adoptable=row.loose_action)
    if row.adhoc and not (row.known or ref in policy.adopts):
        return Step(ref, Kind.CONFLICT, "it was made in Attune, by hand", is_adoptable=True)
    drifted = row.known and not row.intact
    if drifted and policy.leaves_drift and row.digest == workflow.digest:
        return Step(ref, Kind.SKIPPED, f"driftPolicy is {policy.drift}", drifted)
    if row.holder is None:
        return Step(ref, Kind.CREATE, ADOPTED if row.foreign_action else "", drifted)
    return _existing(workflow, row, policy)


def _existing(workflow: CompiledWorkflow, row: ActualRow, policy: Policy) -> Step:
    if row.intact and row.digest == workflow.digest:
        return Step(workflow.ref, Kind.UNCHANGED)
    drifted = row.known and not row.intact
    if not policy.update_existing:
        return Step(workflow.ref, Kind.SKIPPED, "updateExisting is false", drifted)
    return Step(workflow.ref, Kind.UPDATE, "" if row.known else ADOPTED, drifted)


def _unwanted(row: ActualRow, policy: Policy) -> Step:
    drifted = not row.intact
    if row.ref in policy.keep:
        return Step(row.ref, Kind.KEPT, "its file is invalid now", drifted)
    if not policy.prune:
        return Step(row.ref, Kind.KEPT, "prune is false", drifted)
    if row.running:
        return Step(row.ref, Kind.BLOCKED, "executions of it are running", drifted)
    return Step(row.ref, Kind.PRUNE, drifted=drifted and row.holder is not None)


def _called(refs: list[str]) -> str:
    more = f" and {len(refs) - _NAMED} more" if len(refs) > _NAMED else ""
    return f"{', '.join(refs[:_NAMED])}{more} still {'call it' if refs[1:] else 'calls it'}"


def _conflict(conflicts: list[Step]) -> Stalled:
    named = "; ".join(f"{step.ref}: {step.why}" for step in conflicts[:_NAMED])
    more = f"; and {len(conflicts) - _NAMED} more" if len(conflicts) > _NAMED else ""
    return Stalled(
        Reason.ACTION_CONFLICT,
        f"Another's rows stand where this pack's must go: {named}{more}.",
        hint="Rename the workflow in Git, or delete or rename the other in Attune"
        f"{_adopting(conflicts)}; nothing was written.",
    )


def _adopting(conflicts: list[Step]) -> str:
    """How to take over what was made by hand, as far as it is."""
    refs = [step.ref for step in conflicts if step.is_adoptable]
    if not refs:
        return ""
    named = ",".join(refs[:_NAMED]) + (",…" if len(refs) > _NAMED else "")
    return f", or let Git have it: annotate the Pack with {ADOPT}={named}, or use `packctl adopt`"
