"""What is kept of a pack's past → JSON, and words. Pure."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from controller.pack.content import CompiledWorkflow
from controller.pack.identity import AskedBy, Owner
from controller.pack.tree import Commit
from controller.store import AttemptEntry, RecordedRevision, RevisionEntry

_COUNTS = (
    ("created", "created"),
    ("updated", "updated"),
    ("pruned", "pruned"),
    ("skipped", "left alone"),
    ("blocked", "kept by executions"),
    ("drifted", "drifted"),
)


def changes(entry: RevisionEntry) -> str:
    """What was done to the rows, the zeros left out."""
    counts = ((getattr(entry, name), what) for name, what in _COUNTS)
    done = [f"{count} {what}" for count, what in counts if count]
    if entry.pack_changed:
        done.append("the pack's row")
    return ", ".join(done) or "-"


def asked_by(one: RevisionEntry | AttemptEntry) -> str:
    """What asked for it; a dash where an older program did not record it."""
    return one.asked_by.value or "-"


def owner(one: RevisionEntry | AttemptEntry) -> str:
    """Who had it done."""
    if one.asked_by is AskedBy.UNKNOWN and not one.owner_name:
        return "-"
    return str(one.owner) if one.owner.is_resource else "packctl"


def made(commit: Commit | None) -> str:
    """Who made a commit and what for, in a line."""
    return f"{commit.author}: {commit.subject}" if commit else "-"


def clock(time: datetime) -> str:
    """A time for people, in their own zone."""
    return f"{time.astimezone():%Y-%m-%d %H:%M:%S}"


def revision_data(entry: RevisionEntry) -> dict[str, Any]:
    """One applied revision, what there is not left out."""
    return _given(
        number=entry.number,
        revision=entry.revision,
        commit=_commit(entry.commit, entry.author, entry.committed_at, entry.subject),
        appliedAt=_time(entry.applied_at),
        askedBy=entry.asked_by.value,
        owner=_owner(entry.owner),
        source=_given(url=entry.source_url, ref=entry.source_ref),
        treeOid=entry.tree_oid,
        version=entry.version,
        packChanged=entry.pack_changed,
        created=entry.created,
        updated=entry.updated,
        unchanged=entry.unchanged,
        pruned=entry.pruned,
        skipped=entry.skipped,
        blocked=entry.blocked,
        drifted=entry.drifted,
        isComplete=entry.is_complete,
    )


def attempt_data(entry: AttemptEntry) -> dict[str, Any]:
    """One attempt, what there is not left out."""
    return _given(
        id=entry.id,
        endedAt=_time(entry.ended_at),
        durationMs=entry.duration_ms,
        askedBy=entry.asked_by.value,
        owner=_owner(entry.owner),
        generation=entry.generation,
        revision=entry.revision,
        commit=_commit(entry.commit, entry.author, entry.committed_at, entry.subject),
        number=entry.number,
        stage=entry.stage,
        reason=entry.reason,
        message=entry.message,
        hint=entry.hint,
        errorCount=entry.errors,
        warningCount=entry.warnings,
        diagnostics=list(entry.diagnostics),
    )


def recorded_data(found: RecordedRevision) -> dict[str, Any]:
    """One applied revision with its inventory, without the bodies."""
    manifest = found.manifest
    return _given(
        **revision_data(found.entry),
        manifest=None if manifest is None else json.loads(manifest.document),
        workflows=[_item(one) for one in found.workflows],
        missing=list(found.missing),
    )


def _item(one: CompiledWorkflow) -> dict[str, Any]:
    return {
        "ref": one.ref,
        "version": one.version,
        "label": one.label,
        "digest": one.digest,
        "file": one.file,
        "blob": one.blob,
    }


def _commit(
    commit: str, author: str | None, time: datetime | None, subject: str | None
) -> dict[str, Any]:
    return _given(id=commit, author=author, time=time and _time(time), subject=subject)


def _owner(whose: Owner) -> dict[str, str]:
    return _given(uid=whose.uid, namespace=whose.namespace, name=whose.name)


def _time(time: datetime) -> str:
    return time.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _given(**values: Any) -> dict[str, Any]:
    """Those of `values` that are there: zero, false and an empty list are."""
    return {name: value for name, value in values.items() if value not in (None, "", {})}
