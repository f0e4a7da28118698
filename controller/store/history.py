"""Applied revisions with their bodies: written within a sync, and read again.

May import `pack`, `redact` and this room's values, plan, SQL and session.
"""

from __future__ import annotations

from dataclasses import dataclass

from controller.pack.content import CompiledWorkflow, PackManifest
from controller.pack.planned import Kind
from controller.pack.tree import Commit
from controller.redact import brief
from controller.store.plan import Plan
from controller.store.records import RecordedRevision, RevisionEntry
from controller.store.session import Params, Session
from controller.store.statements import Statement
from controller.store.values import SyncRequest


@dataclass(frozen=True, slots=True)
class _Body:
    """One workflow of a revision; all but `manifest` is None in a revision without any."""

    manifest: str | None
    ref: str | None
    file: str | None
    blob: str | None
    document: str | None


def record(session: Session, request: SyncRequest, plan: Plan, *, number: int | None) -> int:
    """Add a revision that is what the inventory is now, under the pack's lock; its number.

    With a `number`, complete that one. Bodies that are there are not written again.
    """
    missing = frozenset(session.values(Statement.FIND_MISSING_BODIES, _key(request)))
    new = [workflow for workflow in request.workflows if workflow.digest in missing]
    if new:
        bodies = {
            "digests": [workflow.digest for workflow in new],
            "documents": [workflow.document for workflow in new],
        }
        session.run(Statement.WRITE_BODIES, {**_key(request), **bodies})
    params = _revision(request, plan)
    return int(session.value(Statement.WRITE_REVISION, {**params, "number": number}))


def history(
    session: Session, pack_ref: str, limit: int | None, before: int | None
) -> tuple[RevisionEntry, ...]:
    """The newest first; see `Store.history`."""
    params: Params = {"pack_ref": pack_ref, "limit": limit, "before": before}
    return tuple(session.rows(Statement.READ_REVISIONS, RevisionEntry, params))


def revision(session: Session, pack_ref: str, number: int) -> RecordedRevision | None:
    """One of them with its bodies; see `Store.revision`."""
    params: Params = {"pack_ref": pack_ref, "number": number}
    found = session.rows(Statement.READ_REVISION, RevisionEntry, params)
    bodies = session.rows(Statement.READ_BODIES, _Body, params)
    if not (found and bodies):
        return None
    manifest = bodies[0].manifest
    return RecordedRevision(
        entry=found[0],
        manifest=None if manifest is None else PackManifest.recorded(manifest),
        workflows=tuple(
            CompiledWorkflow.recorded(one.document, file=one.file or "", blob=one.blob or "")
            for one in bodies
            if one.document is not None
        ),
        missing=tuple(one.ref for one in bodies if one.ref and one.document is None),
    )


def commit_columns(details: Commit | None) -> Params:
    """Who made a commit, by column."""
    return {
        "author": brief(details.author) if details else None,
        "committed_at": details.time if details else None,
        "subject": brief(details.subject) if details else None,
    }


def _revision(request: SyncRequest, plan: Plan) -> Params:
    owner = request.fence.owner
    return {
        **_key(request),
        **commit_columns(request.details),
        "revision": request.revision,
        "commit": request.commit,
        "created": len(plan.refs(Kind.CREATE)),
        "updated": len(plan.refs(Kind.UPDATE)),
        "unchanged": len(plan.refs(Kind.UNCHANGED)),
        "pruned": len(plan.refs(Kind.PRUNE)),
        "skipped": len(plan.refs(Kind.SKIPPED, Kind.KEPT)),
        "blocked": len(plan.refs(Kind.BLOCKED)),
        "drifted": len(plan.drifted()),
        "owner_uid": owner.uid,
        "owner_namespace": owner.namespace,
        "owner_name": owner.name,
        "asked_by": request.asked_by.value,
        "tree_oid": request.tree_oid,
        "inputs": request.inputs,
        "source_url": request.source_url,
        "source_ref": request.source_ref,
        "pack_changed": plan.pack_changes,
        "version": request.manifest.version,
        "manifest": request.manifest.document,
        # What Git no longer has, and only running executions keep, is no part of the revision.
        "leaving": list(plan.refs(Kind.BLOCKED)),
    }


def _key(request: SyncRequest) -> Params:
    return {"pack_ref": request.pack_ref}
