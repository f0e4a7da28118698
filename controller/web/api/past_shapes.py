"""The past in answers: revisions, attempts, diagnostics. Pure; imports values of `store`."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from controller.pack.status import DiagnosticStatus
from controller.store import AttemptEntry, RecordedRevision, RevisionEntry


class CommitShape(BaseModel):
    """Who made a commit."""

    author: str = Field(description="Who wrote it.")
    time: datetime = Field(description="When.")
    subject: str = Field(description="The first line of its message.")


class RevisionShape(BaseModel):
    """One applied revision; the counts are workflows."""

    number: int = Field(description="Its number in the history of the pack.")
    revision: str = Field(description="Its name, such as `main@sha1:1f3a…`.")
    commit: str = Field(description="The commit's id.")
    details: CommitShape | None = Field(None, description="Who made the commit.")
    applied_at: datetime = Field(description="When it was applied.")
    asked_by: str = Field(description="What asked for it.")
    owner: str = Field(description="Who had it applied, as `namespace/name`.")
    source_url: str = Field(description="Where it came from.")
    source_ref: str = Field(description="What was followed there.")
    version: str = Field(description="The version in its pack.yaml.")
    pack_changed: bool = Field(description="Whether the pack's own row was written.")
    created: int = Field(description="New ones.")
    updated: int = Field(description="Changed ones.")
    unchanged: int = Field(description="Those that were as they must be.")
    pruned: int = Field(description="Removed ones.")
    skipped: int = Field(description="Those that were left alone.")
    blocked: int = Field(description="Those that running executions keep.")
    drifted: int = Field(description="Those that others had changed.")
    is_complete: bool = Field(description="Whether it can be applied again.")


class RecordedWorkflow(BaseModel):
    """A workflow of a recorded revision."""

    ref: str = Field(description="Its ref.")
    version: str = Field(description="Its version.")
    label: str = Field(description="Its name for people.")
    digest: str = Field(description="SHA-256 of what was stored.")
    file: str = Field(description="Its file inside of the pack.")


class RecordedShape(RevisionShape):
    """One applied revision with its content."""

    manifest: dict[str, Any] | None = Field(None, description="Its pack.yaml, as it was stored.")
    workflows: list[RecordedWorkflow] = Field(description="Its workflows, by ref.")
    missing: list[str] = Field(description="Workflows whose text nobody recorded.")


class PlacedDiagnostic(DiagnosticStatus):
    """One problem, with the lines around it where they were asked for and are known."""

    source: str | None = Field(None, description="Lines of the file.")
    source_line: int | None = Field(None, description="Number of the first of them.")


class Diagnostics(BaseModel):
    """What validation found last."""

    validated_count: int | None = Field(None, description="Workflow files looked at.")
    error_count: int = Field(0, description="Errors.")
    warning_count: int = Field(0, description="Warnings.")
    total_count: int = Field(0, description="Both.")
    truncated: bool = Field(default=False, description="Whether some are left out below.")
    diagnostics: list[PlacedDiagnostic] = Field([], description="Errors first, by file and line.")


class AttemptShape(BaseModel):
    """What came of one reconcile that was news."""

    id: int = Field(description="Its number among all attempts.")
    ended_at: datetime = Field(description="When it ended.")
    duration_ms: int = Field(description="How long it took.")
    asked_by: str = Field(description="What asked for it.")
    generation: int = Field(description="The generation of the spec.")
    revision: str = Field(description="The revision that was tried.")
    commit: str = Field(description="The commit's id.")
    details: CommitShape | None = Field(None, description="Who made the commit.")
    number: int | None = Field(description="Number of the revision that it made, if it did.")
    stage: str = Field(description="Where it failed, if it did.")
    reason: str = Field(description="Succeeded, or why it failed, for programs.")
    message: str = Field(description="The same for people.")
    hint: str = Field(description="What to do.")
    error_count: int = Field(description="Errors in the files.")
    warning_count: int = Field(description="Warnings in the files.")
    diagnostics: list[DiagnosticStatus] = Field(description="The first of them, errors first.")


def revision_of(entry: RevisionEntry) -> RevisionShape:
    """One line of the history."""
    return RevisionShape.model_validate(_revision(entry))


def recorded_of(found: RecordedRevision) -> RecordedShape:
    """One revision with its content."""
    manifest = json.loads(found.manifest.document) if found.manifest else None
    workflows = [
        RecordedWorkflow(
            ref=one.ref, version=one.version, label=one.label, digest=one.digest, file=one.file
        )
        for one in found.workflows
    ]
    content = {"manifest": manifest, "workflows": workflows, "missing": list(found.missing)}
    return RecordedShape.model_validate({**_revision(found.entry), **content})


def attempt_of(entry: AttemptEntry) -> AttemptShape:
    """One attempt."""
    names = AttemptShape.model_fields.keys() - {
        "asked_by",
        "details",
        "error_count",
        "warning_count",
        "diagnostics",
    }
    return AttemptShape.model_validate(
        {name: getattr(entry, name) for name in names}
        | {
            "asked_by": entry.asked_by.value,
            "details": _commit(entry),
            "error_count": entry.errors,
            "warning_count": entry.warnings,
            "diagnostics": [DiagnosticStatus.model_validate(one) for one in entry.diagnostics],
        }
    )


def _revision(entry: RevisionEntry) -> dict[str, Any]:
    names = RevisionShape.model_fields.keys() - {"asked_by", "details", "owner"}
    owner = entry.owner
    return {name: getattr(entry, name) for name in names} | {
        "asked_by": entry.asked_by.value,
        "details": _commit(entry),
        "owner": f"{owner.namespace}/{owner.name}" if owner.is_resource else owner.name,
    }


def _commit(entry: RevisionEntry | AttemptEntry) -> CommitShape | None:
    made = entry.details
    if made is None:
        return None
    return CommitShape(author=made.author, time=made.time, subject=made.subject)
