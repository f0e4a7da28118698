"""What the controller answers in `Pack.status`, as pydantic models. Imports `spec` and `drift`.

Times are RFC 3339 in UTC with whole seconds, as Kubernetes writes them.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Literal

from pydantic import Field

from controller.pack.drift import Happening
from controller.pack.planned import Kind
from controller.pack.spec import Section, Until

TIME: dict[str, Any] = {"format": "date-time"}


class ConditionType(StrEnum):
    """The conditions; Reconciling and Stalled are present only while they are True (kstatus)."""

    READY = "Ready"
    RECONCILING = "Reconciling"
    STALLED = "Stalled"
    FETCHED = "Fetched"
    VERIFIED = "Verified"
    VALIDATED = "Validated"
    SYNCED = "Synced"
    DRIFT_FREE = "DriftFree"


class Condition(Section):
    """One aspect of the Pack's state (the shape of metav1.Condition)."""

    type: ConditionType = Field(description="The aspect.")
    status: Literal["True", "False", "Unknown"] = Field(description="Whether it holds.")
    reason: str = Field(description="Why, for programs.", max_length=64)
    message: str = Field("", description="Why, for people.", max_length=2048)
    last_transition_time: str = Field(
        description="When status changed last.", json_schema_extra=TIME
    )
    observed_generation: int = Field(
        0, description="The generation of the spec that this speaks of.", ge=0
    )


class PackIdentity(Section):
    """The pack as pack.yaml names it."""

    ref: str = Field(description="The pack's ref in Attune.")
    version: str = Field(description="The version in pack.yaml.")


class SourceStatus(Section):
    """Where the last good revision came from."""

    url: str = Field(description="The repository, without credentials.")
    ref: str = Field("", description="What is followed: a branch, a tag or a commit.")


class MoveStatus(Section):
    """The last time that another revision was found than before."""

    from_: str = Field(alias="from", description="The revision before.")
    to: str = Field(description="The revision that was found.")
    time: str = Field(description="When it was found.", json_schema_extra=TIME)
    why: str = Field(description="What moved: the branch, the newest tag in a range, the spec.")


class CommitStatus(Section):
    """The commit of the last applied revision."""

    author: str = Field(description="Who wrote it.")
    time: str = Field(description="When.", json_schema_extra=TIME)
    subject: str = Field("", description="The first line of its message.")


class CallerStatus(Section):
    """A workflow of another pack that calls one which was removed."""

    ref: str = Field(description="The workflow that calls.")
    calls: str = Field(description="The workflow that was removed.")


class SyncStatus(Section):
    """What the last sync that changed something did."""

    pack_ref: str = Field(description="The pack's ref.")
    loaded_count: int = Field(description="Valid workflows in the revision.", ge=0)
    registered_count: int = Field(description="Workflows of this Pack in the database.", ge=0)
    created: int = Field(0, description="Workflows that were new.", ge=0)
    updated: int = Field(0, description="Workflows that were changed.", ge=0)
    unchanged: int = Field(0, description="Workflows that were left as they were.", ge=0)
    pruned: int = Field(0, description="Workflows that were removed.", ge=0)
    skipped: int = Field(
        0, description="Workflows left alone: invalid, or updateExisting is false.", ge=0
    )
    callers: tuple[CallerStatus, ...] = Field(
        (), description="Workflows of other packs that called what was pruned; the first of them."
    )
    duration_ms: int = Field(0, description="From the look at Git to the commit.", ge=0)


class DiagnosticStatus(Section):
    """One problem of the pack, exactly placed."""

    code: str = Field(description="The rule.")
    severity: str = Field(description="Error or Warning.")
    category: str = Field(description="The kind of rule.")
    message: str = Field(description="What is wrong.")
    hint: str | None = Field(None, description="What to do.")
    file: str = Field(description="Path inside the pack.")
    line: int = Field(description="From 1.")
    column: int = Field(description="From 1.")
    end_line: int = Field(description="Where it ends.")
    end_column: int = Field(description="Exclusive.")
    spec_path: str | None = Field(None, description="Place inside the document.")
    workflow: str | None = Field(None, description="The workflow's ref.")


class ValidationStatus(Section):
    """What validation of the last attempted revision found."""

    validated_count: int = Field(description="Workflow files looked at.", ge=0)
    error_count: int = Field(0, description="Errors found.", ge=0)
    warning_count: int = Field(0, description="Warnings found.", ge=0)
    total_count: int = Field(0, description="Errors and warnings found.", ge=0)
    truncated: bool = Field(default=False, description="Whether diagnostics are left out below.")
    diagnostics: tuple[DiagnosticStatus, ...] = Field(
        (), description="Errors first, by file and line."
    )


class WorkflowStatus(Section):
    """One workflow that this Pack has in the database."""

    ref: str = Field(description="Its ref.")
    version: str = Field(description="Its version.")
    digest: str = Field(description="SHA-256 of what is stored, shortened.")
    file: str = Field(description="Path inside the pack.")


class DriftChangeStatus(Section):
    """One field that somebody changed in the database."""

    field: str = Field(description="A column, or a place inside of a document.")
    applied: str | None = Field(None, description="What was applied; of columns only.")
    found: str | None = Field(None, description="What was found; of columns only.")


class DriftedStatus(Section):
    """One workflow whose rows somebody changed or deleted, or the pack's own row."""

    ref: str = Field(description="The workflow's ref, or the pack's.")
    happened: tuple[Happening, ...] = Field(description="What happened to its rows.")
    changes: tuple[DriftChangeStatus, ...] = Field((), description="The fields that differed.")
    corrected: bool = Field(description="Whether it was put right.")
    since: str = Field(description="When it was found.", json_schema_extra=TIME)


class DriftStatus(Section):
    """What was found changed in the database last."""

    digest: str | None = Field(None, description="Stands for what was left as it was found.")
    time: str = Field(description="When it was found.", json_schema_extra=TIME)
    total_count: int = Field(0, description="Workflows, and the pack's row, found changed.", ge=0)
    corrected_count: int = Field(0, description="Those of them that were put right.", ge=0)
    truncated: bool = Field(default=False, description="Whether rows are left out below.")
    rows: tuple[DriftedStatus, ...] = Field((), description="The first of them.")


class PlannedStatus(Section):
    """One workflow that a sync would not leave as it is, or would have to."""

    ref: str = Field(description="Its ref.")
    change: Kind = Field(description="What would happen to it.")
    why: str | None = Field(None, description="Why, where that is not obvious.")
    drifted: bool = Field(
        default=False, description="Whether somebody changed or deleted its rows in the database."
    )


class PlanStatus(Section):
    """What a sync of a revision would do."""

    created: int = Field(0, description="Workflows that are new.", ge=0)
    updated: int = Field(0, description="Workflows that differ.", ge=0)
    unchanged: int = Field(0, description="Workflows that are as they must be.", ge=0)
    pruned: int = Field(0, description="Workflows to be removed.", ge=0)
    skipped: int = Field(0, description="Workflows that would be left alone.", ge=0)
    blocked: int = Field(0, description="Workflows that cannot be removed yet.", ge=0)
    conflicts: int = Field(0, description="Workflows whose place is taken by others.", ge=0)
    pack_changed: bool = Field(
        default=False, description="Whether the pack's own row would be written."
    )
    truncated: bool = Field(default=False, description="Whether workflows are left out below.")
    workflows: tuple[PlannedStatus, ...] = Field(
        (), description="The first of those that are not unchanged."
    )


class DryRunStatus(Section):
    """What came of the dry run that an annotation asks for."""

    handled_at: str = Field(description="The dryRun annotation that this answers.")
    revision: str | None = Field(None, description="The revision that was planned.")
    time: str = Field(description="When this came out first.", json_schema_extra=TIME)
    plan: PlanStatus | None = Field(None, description="What a sync would do.")
    reason: str = Field(description="DryRun, or why a sync would fail, for programs.")
    message: str = Field(description="The same for people.")


class PendingStatus(Section):
    """A revision that waits for an approval."""

    revision: str = Field(description="What an approval must name.")
    commit: CommitStatus | None = Field(None, description="Who made it.")
    since: str = Field(description="When it was found.", json_schema_extra=TIME)
    plan: PlanStatus = Field(description="What applying it would do.")


class RollbackState(StrEnum):
    """Whether a rollback holds."""

    ACTIVE = "Active"
    ENDED = "Ended"


class RollbackStatus(Section):
    """What became of spec.rollback."""

    state: RollbackState = Field(
        description="Active: the rows are the revision that was rolled back to. Ended: another "
        "commit was applied since, and spec.rollback is ignored."
    )
    revision: int = Field(description="Number of the revision that was rolled back to.", ge=1)
    until: Until = Field(description="How long it holds.")
    from_: str | None = Field(None, alias="from", description="The revision before.")
    skipped: tuple[str, ...] = Field((), description="Commits that are not applied meanwhile.")
    since: str = Field(description="When it became so.", json_schema_extra=TIME)


class WebhookStatus(Section):
    """The Pack's own webhook."""

    path: str | None = Field(None, description="Where deliveries go, below the controller's URL.")
    message: str | None = Field(None, description="Why there is no path.")


class NotifiedStatus(Section):
    """What one of those in spec.notify was told last."""

    to: str = Field(description="Who was told.")
    news: str = Field(description="Stands for what was told.")
    time: str = Field(description="When it arrived.", json_schema_extra=TIME)


class HistoryEntry(Section):
    """One applied revision."""

    number: int | None = Field(None, description="Its number in the history of the pack.", ge=1)
    revision: str = Field(description="The revision.")
    time: str = Field(description="When it was applied.", json_schema_extra=TIME)
    created: int = Field(0, description="Workflows created.", ge=0)
    updated: int = Field(0, description="Workflows updated.", ge=0)
    pruned: int = Field(0, description="Workflows pruned.", ge=0)


class PackStatus(Section):
    """What became of a Pack."""

    observed_generation: int = Field(-1, description="The generation of the spec acted on last.")
    conditions: tuple[Condition, ...] = Field(
        (),
        description="Ready sums up Fetched, Verified, Validated and Synced.",
        json_schema_extra={
            "x-kubernetes-list-type": "map",
            "x-kubernetes-list-map-keys": ["type"],
        },
    )
    pack: PackIdentity | None = Field(None, description="The pack as it is in the database.")
    source: SourceStatus | None = Field(None, description="Where it comes from.")
    revision: str | None = Field(None, description="lastAppliedRevision, shortened for people.")
    last_attempted_revision: str | None = Field(None, description="The revision seen last.")
    last_applied_revision: str | None = Field(
        None, description="The revision that the database holds."
    )
    moved: MoveStatus | None = Field(
        None, description="What brought lastAttemptedRevision in place of another."
    )
    commit: CommitStatus | None = Field(None, description="The commit of lastAppliedRevision.")
    last_sync_time: str | None = Field(
        None, description="When the database was changed last.", json_schema_extra=TIME
    )
    next_sync_time: str | None = Field(
        None, description="After a failure: when it is tried again.", json_schema_extra=TIME
    )
    last_handled_reconcile_at: str | None = Field(
        None, description="The requestedAt annotation handled last."
    )
    sync: SyncStatus | None = Field(None, description="What the last sync did.")
    validation: ValidationStatus | None = Field(None, description="What validation found.")
    workflow_count: int | None = Field(
        None, description="Workflows of this Pack in the database.", ge=0
    )
    workflows: tuple[WorkflowStatus, ...] = Field(
        (), description="The first of them; all are in the database."
    )
    drift: DriftStatus | None = Field(
        None, description="Rows that others changed, and what became of that."
    )
    dry_run: DryRunStatus | None = Field(
        None, description="What a sync would do, while the dryRun annotation holds it back."
    )
    pending_revision: PendingStatus | None = Field(
        None, description="The revision that waits for an approval (spec.activation: Manual)."
    )
    rollback: RollbackStatus | None = Field(None, description="What became of spec.rollback.")
    webhook: WebhookStatus | None = Field(None, description="Where pushes are told.")
    notified: tuple[NotifiedStatus, ...] | None = Field(
        None, description="What those in spec.notify were told last."
    )
    history: tuple[HistoryEntry, ...] = Field((), description="The last applied revisions.")
