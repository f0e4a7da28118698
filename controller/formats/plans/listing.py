"""A plan as JSON: docs/diff.md describes its shape, which only grows. Imports the report."""

from __future__ import annotations

import json
from typing import Any

from controller.diff import Change, ChangeKind, PackPlan, WorkflowPlan
from controller.formats.listing import failure, validation
from controller.formats.plans.report import PlanReport, line
from controller.pack.planned import Kind
from controller.redact import escaped


def plan_listing(report: PlanReport, *, brief: bool = False) -> str:
    """`{"pack": …, "differs": …, "summary": {…}, "row": {…}, "workflows": […]}`; a `brief` one
    has neither row nor workflows."""
    value: dict[str, Any] = {"source": line(report.name)}
    if report.plan is not None:
        value |= _plan(report.plan, report, brief=brief)
    if report.failure is not None:
        value["failure"] = failure(report.failure)
    if report.found is not None and report.found.failure is None:
        value["validation"] = validation(report.found)
    return escaped(json.dumps(value, indent=2, ensure_ascii=False)) + "\n"


def _plan(plan: PackPlan, report: PlanReport, *, brief: bool) -> dict[str, Any]:
    value: dict[str, Any] = {
        "pack": plan.pack_ref,
        "from": plan.before,
        "to": plan.after,
        "owner": report.owner,
        "differs": plan.differs,
        "summary": _summary(plan),
    }
    if report.numbers:
        value["fromNumber"], value["toNumber"] = report.numbers
    if brief:
        return value
    row = {
        "change": plan.row.kind.value,
        "drifted": plan.row.drifted,
        "changes": [_change(one) for one in plan.row.changes],
    }
    return {**value, "row": row, "workflows": [_workflow(one) for one in plan.workflows]}


def _summary(plan: PackPlan) -> dict[str, Any]:
    return {
        "created": plan.count(Kind.CREATE),
        "updated": plan.count(Kind.UPDATE),
        "unchanged": plan.unchanged,
        "pruned": plan.count(Kind.PRUNE),
        "skipped": plan.count(Kind.SKIPPED, Kind.KEPT),
        "blocked": plan.count(Kind.BLOCKED),
        "conflicts": plan.count(Kind.CONFLICT),
        "adopted": sum(one.step.is_adopted for one in plan.workflows),
        "drifted": sum(one.step.drifted for one in plan.workflows),
        "packChanged": plan.row.kind in (Kind.CREATE, Kind.UPDATE),
    }


def _workflow(one: WorkflowPlan) -> dict[str, Any]:
    return {
        "ref": one.step.ref,
        "change": one.step.kind.value,
        "why": one.step.why,
        "file": one.file,
        "adopted": one.step.is_adopted,
        "drifted": one.step.drifted,
        "changes": [_change(change) for change in one.changes],
        "action": {
            "change": one.companion.value,
            "changes": [_change(change) for change in one.columns],
        },
    }


def _change(one: Change) -> dict[str, Any]:
    value: dict[str, Any] = {"path": one.path, "change": one.kind.value}
    if one.kind is not ChangeKind.ADDED:
        value["before"] = one.before
    if one.kind is not ChangeKind.REMOVED:
        value["after"] = one.after
    return value
