"""Lists cut by measured bytes, so that a status never grows over its bound. Pure; imports `pack`.

etcd refuses objects over 1.5 MiB and every watcher copies each one; 32 KiB is the design's bound.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TypeVar

from controller.pack.caller import Caller
from controller.pack.diagnostic import Diagnostic
from controller.pack.outcome import Findings, Item
from controller.pack.planned import Kind, Planned, Step
from controller.pack.spec import Section
from controller.pack.status import (
    CallerStatus,
    DiagnosticStatus,
    DriftedStatus,
    PlannedStatus,
    PlanStatus,
    ValidationStatus,
    WorkflowStatus,
)
from controller.redact import brief

DIAGNOSTIC_BYTES = 5 * 1024
WORKFLOW_BYTES = 2 * 1024
DRIFT_BYTES = 2 * 1024
PLAN_BYTES = 768
CALLER_BYTES = 512
"""The rest takes 20 KiB at most: seven messages of 1 KiB, doubled where all of it has to be escaped
in JSON, the URL's 2 KiB, and nine revisions whose branch has 255 characters."""

_TEXT = 400
_DIGEST = 12

Part = TypeVar("Part", bound=Section)


def validation(findings: Findings) -> ValidationStatus:
    """What validation found, with as many diagnostics as fit."""
    fitting = diagnostics(findings, DIAGNOSTIC_BYTES)
    errors = len(findings.errors)
    total = len(findings.diagnostics)
    return ValidationStatus(
        validated_count=findings.files,
        error_count=errors,
        warning_count=total - errors,
        total_count=total,
        truncated=len(fitting) < total,
        diagnostics=fitting,
    )


def diagnostics(findings: Findings, limit: int) -> tuple[DiagnosticStatus, ...]:
    """As many of the diagnostics, from the first, as fit into `limit` bytes of JSON."""
    return _fitting(map(_diagnostic, findings.diagnostics), limit)


def workflows(inventory: Sequence[Item]) -> tuple[WorkflowStatus, ...]:
    """As much of the inventory as fits."""
    listed = (
        WorkflowStatus(
            ref=item.ref, version=item.version, digest=item.digest[:_DIGEST], file=item.file
        )
        for item in inventory
    )
    return _fitting(listed, WORKFLOW_BYTES)


def drift(rows: list[DriftedStatus]) -> tuple[DriftedStatus, ...]:
    """As much of what others did as fits."""
    return _fitting(rows, DRIFT_BYTES)


def plan(planned: Planned) -> PlanStatus:
    """A plan, with as many of its workflows as fit."""
    fitting = _fitting(map(_planned, planned.steps), PLAN_BYTES)
    return PlanStatus(
        created=planned.count(Kind.CREATE),
        updated=planned.count(Kind.UPDATE),
        unchanged=planned.unchanged,
        pruned=planned.count(Kind.PRUNE),
        skipped=planned.count(Kind.SKIPPED, Kind.KEPT),
        blocked=planned.count(Kind.BLOCKED),
        conflicts=planned.count(Kind.CONFLICT),
        pack_changed=planned.pack_changes,
        truncated=len(fitting) < len(planned.steps),
        workflows=fitting,
    )


def _planned(step: Step) -> PlannedStatus:
    return PlannedStatus(
        ref=brief(step.ref, limit=_TEXT),
        change=step.kind,
        why=brief(step.why, limit=_TEXT) or None,
        drifted=step.drifted,
    )


def callers(found: Sequence[Caller]) -> tuple[CallerStatus, ...]:
    """As many of those that call what was pruned as fit."""
    told = (
        CallerStatus(ref=brief(one.ref, limit=_TEXT), calls=brief(one.callee, limit=_TEXT))
        for one in found
    )
    return _fitting(told, CALLER_BYTES)


def _diagnostic(one: Diagnostic) -> DiagnosticStatus:
    return DiagnosticStatus(
        code=one.rule.code,
        severity=one.severity,
        category=one.rule.category,
        message=brief(one.message, limit=_TEXT),
        hint=brief(one.hint, limit=_TEXT) or None,
        file=brief(one.file, limit=_TEXT),
        line=one.span.line,
        column=one.span.column,
        end_line=one.span.end_line,
        end_column=one.span.end_column,
        spec_path=brief(one.path, limit=_TEXT) or None,
        workflow=brief(one.workflow, limit=_TEXT) or None,
    )


def _fitting(parts: Iterable[Part], limit: int) -> tuple[Part, ...]:
    """The first of `parts` that fit; no more of them are made than one that does not."""
    used = 0
    fitting: list[Part] = []
    for part in parts:
        # Measured as the API server gets it: ASCII escapes would count a Japanese text double.
        text = json.dumps(part.model_dump(by_alias=True, exclude_none=True), ensure_ascii=False)
        used += len(text.encode()) + 1
        if used > limit:
            break
        fitting.append(part)
    return tuple(fitting)
