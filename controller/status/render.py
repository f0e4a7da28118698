"""Outcome and the status before → the status now. Pure: the time comes in as a value.

Imports `pack`, `errors` and this room. What a reconcile did not get to stays as it was: a failure
never takes the last good revision out of the status.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from controller.errors import PackError, Reason
from controller.pack.outcome import Applied, Outcome
from controller.pack.status import (
    CommitStatus,
    Condition,
    ConditionType,
    HistoryEntry,
    PackIdentity,
    PackStatus,
    SourceStatus,
    SyncStatus,
    WebhookStatus,
)
from controller.pack.tree import Commit
from controller.redact import brief
from controller.status import approving, conditions, drift, dry_run, fit, words
from controller.status.conditions import Finding
from controller.status.events import condition
from controller.status.moves import moved
from controller.status.rollback import rollback_status

HISTORY = 5
_SUBJECT = 120


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a status says beside the outcome: `retry` is when the next try is, after a failure that
    passes by itself; `requested` and `dry_run` are the annotations as they were read at the
    start."""

    generation: int
    now: datetime
    requested: str | None = None
    retry: datetime | None = None
    dry_run: str = ""
    webhook: WebhookStatus | None = None


def render(outcome: Outcome, before: PackStatus, around: Circumstances) -> PackStatus:
    """The status after `outcome`."""
    now = timestamp(around.now)
    changed: dict[str, Any] = {
        "conditions": conditions.merged(
            _asked(before, outcome), _found(outcome, before), generation=around.generation, now=now
        ),
        "next_sync_time": timestamp(around.retry) if around.retry else None,
        "drift": drift.drift_status(outcome, before, now),
        "dry_run": dry_run.dry_run(outcome, before, around.dry_run, now),
        "pending_revision": approving.pending(outcome, before, _commit(outcome.commit), now),
        "rollback": rollback_status(outcome, before, now),
        **_observed(before, around),
    }
    if outcome.revision is not None:
        changed["last_attempted_revision"] = str(outcome.revision)
        changed["moved"] = moved(outcome, before, now)
    if outcome.findings is not None:
        changed["validation"] = fit.validation(outcome.findings)
    if outcome.failure is None and outcome.planned is None:
        changed |= _good(outcome, before)
    if outcome.applied is not None:
        changed |= _applied(outcome, outcome.applied, before, now)
    return before.model_copy(update=changed)


def _asked(before: PackStatus, outcome: Outcome) -> tuple[Condition, ...]:
    """The conditions before, without those of what nobody asks for any more."""
    gone = {
        ConditionType.VERIFIED: not outcome.verifies,
        ConditionType.DRIFT_FREE: not outcome.watches_drift,
    }
    return tuple(one for one in before.conditions if not gone.get(one.type))


def _found(outcome: Outcome, before: PackStatus) -> tuple[Finding, ...]:
    """The conditions that are news: Ready goes on telling of the sync that brought a revision."""
    found = conditions.of(outcome)
    waits = outcome.approval is not None
    if outcome.planned is not None and outcome.failure is None and not waits:
        held = dry_run.finding(outcome, before)
        stages = [one for one in found if one.type is not ConditionType.READY]
        return (*stages, held) if held else tuple(stages)
    news = drift.finding(outcome, before)
    found = (*found, news) if news else found
    if waiting := approving.finding(outcome):
        stages = [one for one in found if one.type is not ConditionType.READY]
        return (*stages, waiting)
    ready = condition(before, ConditionType.READY)
    is_known = before.last_applied_revision == str(outcome.revision) and not outcome.restored
    if outcome.verified_unchanged and is_known and ready and ready.status == "True":
        return tuple(one for one in found if one.type is not ConditionType.READY)
    return found


def suspended(before: PackStatus, around: Circumstances) -> PackStatus:
    """The status of a Pack that is left alone: Ready says so, everything else stays."""
    words_of_it = "Reconciliation is suspended; set spec.suspend to false to go on."
    ready = Finding(ConditionType.READY, "False", Reason.SUSPENDED, words_of_it)
    return _only(before, (ready,), around)


def removing(before: PackStatus, error: PackError, around: Circumstances) -> PackStatus:
    """The status of a Pack whose deletion has to wait for `error` to pass."""
    message = f"The deletion has to wait: {error}"
    found = (
        Finding(ConditionType.READY, "False", error.reason, message),
        Finding(ConditionType.RECONCILING, "True", Reason.PROGRESSING_WITH_RETRY, message),
    )
    return _only(before, found, around)


def _only(before: PackStatus, found: tuple[Finding, ...], around: Circumstances) -> PackStatus:
    merged = conditions.merged(
        before.conditions, found, generation=around.generation, now=timestamp(around.now)
    )
    retry = timestamp(around.retry) if around.retry else None
    changed = {"conditions": merged, "next_sync_time": retry, **_observed(before, around)}
    return before.model_copy(update=changed)


def _observed(before: PackStatus, around: Circumstances) -> dict[str, Any]:
    return {
        "observed_generation": around.generation,
        "last_handled_reconcile_at": around.requested or before.last_handled_reconcile_at,
        "webhook": around.webhook,
    }


def _good(outcome: Outcome, before: PackStatus) -> dict[str, Any]:
    """What is true of a revision that the database holds, written by this reconcile or before."""
    held = outcome.held
    revision = str(held) if held else before.last_applied_revision
    return {
        "source": SourceStatus(url=outcome.source_url, ref=outcome.source_ref),
        "last_applied_revision": revision,
        "revision": words.short(held) or before.revision,
        "commit": _commit(outcome.held_commit),
    }


def _commit(commit: Commit | None) -> CommitStatus | None:
    if commit is None:
        return None
    return CommitStatus(
        author=brief(commit.author, limit=_SUBJECT),
        time=timestamp(commit.time),
        subject=brief(commit.subject, limit=_SUBJECT),
    )


def _applied(outcome: Outcome, applied: Applied, before: PackStatus, now: str) -> dict[str, Any]:
    """What a sync says; one that wrote nothing leaves the last one's numbers and times, unless
    the controller died after the commit and before it could tell of it."""
    changed: dict[str, Any] = {
        "pack": PackIdentity(ref=applied.pack_ref, version=applied.version),
        "workflow_count": len(applied.inventory),
        "workflows": fit.workflows(applied.inventory),
    }
    if not applied.wrote and _is_told(outcome, applied, before):
        return changed
    return {
        **changed,
        **_good(outcome, before),
        "last_sync_time": now,
        "sync": _sync(outcome, applied),
        "history": _history(outcome, applied, before, now),
    }


def _is_told(outcome: Outcome, applied: Applied, before: PackStatus) -> bool:
    """Whether the newest entry of the history is the one that the rows are."""
    if not before.history:
        return False
    newest = before.history[0]
    return newest.revision == str(outcome.held) and newest.number in (None, applied.number)


def _sync(outcome: Outcome, applied: Applied) -> SyncStatus:
    return SyncStatus(
        pack_ref=applied.pack_ref,
        loaded_count=outcome.findings.valid if outcome.findings else len(applied.inventory),
        registered_count=len(applied.inventory),
        created=applied.created,
        updated=applied.updated,
        unchanged=applied.unchanged,
        pruned=applied.pruned,
        skipped=applied.skipped,
        callers=fit.callers(applied.callers),
        duration_ms=round(outcome.seconds * 1000),
    )


def _history(
    outcome: Outcome, applied: Applied, before: PackStatus, now: str
) -> tuple[HistoryEntry, ...]:
    entry = HistoryEntry(
        number=applied.number,
        revision=str(outcome.held),
        time=now,
        created=applied.created,
        updated=applied.updated,
        pruned=applied.pruned,
    )
    return (entry, *before.history)[:HISTORY]


def timestamp(moment: datetime) -> str:
    """RFC 3339 in UTC, whole seconds, as metav1.Time is written."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def to_patch(before: PackStatus, after: PackStatus) -> dict[str, Any] | None:
    """The merge patch (RFC 7386) that turns one into the other; None when they are equal.

    Fields that went are null in it; a list is replaced as a whole.
    """
    old, new = _document(before), _document(after)
    if old == new:
        return None
    gone: dict[str, Any] = dict.fromkeys(old.keys() - new.keys())
    return gone | {key: value for key, value in new.items() if old.get(key) != value}


def _document(status: PackStatus) -> dict[str, Any]:
    return status.model_dump(mode="json", by_alias=True, exclude_none=True)
