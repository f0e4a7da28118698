"""What a sync and a validation are answered with: the shapes of the original service.

Pure; imports `pack`, `status` and values of `reconcile` and `store`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from pydantic import BaseModel, Field

from controller.pack.diagnostic import Diagnostic
from controller.pack.outcome import Findings
from controller.pack.status import ConditionType, DiagnosticStatus, PackStatus
from controller.reconcile import Inspected
from controller.status.fit import diagnostics
from controller.status.words import plural
from controller.store import StoredWorkflow

_ALL_BYTES = 1024 * 1024


class SyncedWorkflow(BaseModel):
    """One workflow of a sync."""

    ref_name: str = Field(description="Its ref.")
    created: bool = Field(description="Whether this sync created it.")
    workflow_def_id: int = Field(description="Its id in Attune.")
    warnings: list[str] = Field(description="What was found in its file that is no error.")


class SyncResult(BaseModel):
    """What a sync did."""

    pack_ref: str = Field(description="The pack's ref.")
    loaded_count: int = Field(description="Valid workflows in the revision.")
    registered_count: int = Field(description="Workflows that are in the database now.")
    workflows: list[SyncedWorkflow] = Field(description="They, by ref; none where it failed.")
    errors: list[str] = Field(description="Why it is not all as the revision has it.")


class ValidationResult(BaseModel):
    """What a validation found."""

    pack_ref: str = Field(description="The pack's ref.")
    validated_count: int = Field(description="Workflow files looked at.")
    error_count: int = Field(description="Workflows and files that have errors.")
    errors: dict[str, list[str]] = Field(
        description="Their errors, by the ref of the workflow, or the file where there is none."
    )


class AllSynced(BaseModel):
    """What a sync of all packs did."""

    packs: list[SyncResult] = Field(description="One for each pack.")
    failed_count: int = Field(description="Packs with errors.")


def of_inspected(
    ref: str, found: Inspected, before: Collection[int], rows: Sequence[StoredWorkflow]
) -> SyncResult:
    """Of a sync that was run here; `before` are the ids of what was there, `rows` what is."""
    outcome = found.outcome
    told = _all(outcome.findings)
    failure = outcome.failure
    errors = list(_errors(told))
    if failure and not (errors and outcome.findings and outcome.findings.errors):
        errors.append(str(failure.error))
    done = outcome.applied is not None
    loaded = outcome.findings.valid if outcome.findings else 0
    return _result(ref, loaded, told, errors, before, rows if done else ())


def of_status(
    ref: str, status: PackStatus, before: Collection[int], rows: Sequence[StoredWorkflow]
) -> SyncResult:
    """Of a reconcile that has ended, by what the Pack's status says."""
    ready = next((one for one in status.conditions if one.type is ConditionType.READY), None)
    good = ready is not None and ready.status == "True"
    told = status.validation.diagnostics if status.validation else ()
    errors = list(_errors(told))
    if ready and not good and not errors:
        errors.append(f"{ready.reason}: {ready.message}")
    loaded = status.sync.loaded_count if status.sync else 0
    return _result(ref, loaded if good else 0, told, errors, before, rows if good else ())


def of_check(ref: str, found: Inspected) -> ValidationResult:
    """Of a validation."""
    findings, failure = found.outcome.findings, found.outcome.failure
    errors: dict[str, list[str]] = {}
    for one in findings.errors if findings else ():
        errors.setdefault(one.workflow or one.file, []).append(_said(one))
    if failure and not errors:
        errors[ref] = [str(failure.error)]
    files = findings.files if findings else 0
    return ValidationResult(
        pack_ref=ref, validated_count=files, error_count=len(errors), errors=errors
    )


def sync_message(result: SyncResult) -> str:
    """What came of a sync, in a sentence."""
    if result.errors:
        return f"Pack {result.pack_ref}: {plural(len(result.errors), 'error')}."
    count = plural(result.registered_count, "workflow")
    return f"Pack {result.pack_ref} is in sync: {count}."


def _result(
    ref: str,
    loaded: int,
    told: Iterable[DiagnosticStatus],
    errors: list[str],
    before: Collection[int],
    rows: Sequence[StoredWorkflow],
) -> SyncResult:
    warnings: dict[str, list[str]] = {}
    for one in told:
        if one.severity == "Warning":
            warnings.setdefault(one.workflow or "", []).append(_placed(one))
    workflows = [
        SyncedWorkflow(
            ref_name=row.ref,
            created=row.id not in before,
            workflow_def_id=row.id,
            warnings=warnings.get(row.ref, []),
        )
        for row in rows
    ]
    return SyncResult(
        pack_ref=ref,
        loaded_count=loaded,
        registered_count=len(workflows),
        workflows=workflows,
        errors=errors,
    )


def _all(findings: Findings | None) -> tuple[DiagnosticStatus, ...]:
    return diagnostics(findings, _ALL_BYTES) if findings else ()


def _errors(told: Iterable[DiagnosticStatus]) -> Iterator[str]:
    return (_placed(one) for one in told if one.severity == "Error")


def _placed(one: DiagnosticStatus) -> str:
    return f"{one.file}:{one.line}:{one.column}: {one.code}: {one.message}"


def _said(one: Diagnostic) -> str:
    place = f"{one.file}:{one.span.line}:{one.span.column}"
    return f"{place}: {one.rule.code}: {one.message}"
