"""Two recorded revisions of a pack → what differs, told as a plan is. Pure; imports the room."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from controller.diff.planned import PackPlan, RowPlan, WorkflowPlan
from controller.diff.workflows import WorkflowChange, compare
from controller.pack.content import CompiledWorkflow, Json
from controller.pack.planned import Kind, Step

_KINDS = {
    WorkflowChange.CREATED: Kind.CREATE,
    WorkflowChange.UPDATED: Kind.UPDATE,
    WorkflowChange.REMOVED: Kind.PRUNE,
}


@dataclass(frozen=True, slots=True)
class Recorded:
    """One revision as it was applied; `missing` are workflows whose text nobody recorded."""

    revision: str
    manifest: Mapping[str, Json] | None
    workflows: tuple[CompiledWorkflow, ...]
    missing: tuple[str, ...] = ()


def between(pack_ref: str, before: Recorded, after: Recorded) -> PackPlan:
    """What makes `after` of `before`."""
    unknown = frozenset({*before.missing, *after.missing})
    old, new = _by_ref(before, unknown), _by_ref(after, unknown)
    found = compare(_documents(old), _documents(new), (before.manifest, after.manifest))
    files = {ref: one.file for ref, one in {**old, **new}.items()}
    plans = [
        WorkflowPlan(Step(one.ref, _KINDS[one.change]), files[one.ref], one.changes)
        for one in found.workflows
    ]
    plans += [WorkflowPlan(Step(ref, Kind.SKIPPED, "its text is not recorded")) for ref in unknown]
    differing = {one.ref for one in found.workflows}
    return PackPlan(
        pack_ref,
        before.revision,
        after.revision,
        RowPlan(Kind.UPDATE if found.manifest else Kind.UNCHANGED, changes=found.manifest),
        tuple(sorted(plans, key=lambda one: one.step.ref)),
        unchanged=len((old.keys() & new.keys()) - differing),
    )


def _by_ref(one: Recorded, unknown: frozenset[str]) -> dict[str, CompiledWorkflow]:
    return {each.ref: each for each in one.workflows if each.ref not in unknown}


def _documents(workflows: Mapping[str, CompiledWorkflow]) -> dict[str, str]:
    return {ref: one.document for ref, one in workflows.items()}
