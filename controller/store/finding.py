"""What others did to the rows of a pack, read before any of it is put right.

May import `pack` and this room. One or two statements, and only where something was found.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from controller.pack.drift import Drift, DriftedRow
from controller.pack.identity import Owner
from controller.pack.planned import CHANGES
from controller.store.drift import TOLD, Columns, FoundRow, pack_drift, workflow_drift
from controller.store.plan import Plan
from controller.store.rows import manifest_columns
from controller.store.session import Params, Session
from controller.store.statements import Statement
from controller.store.values import Recorded, SyncRequest


def find_drift(session: Session, request: SyncRequest, plan: Plan, *, same_pack: bool) -> Drift:
    """What was changed, with the first rows told by field; its digest is that of nothing left.

    `same_pack`: what we wrote of the pack's row is what the manifest says now.
    """
    drifted = plan.drifted()
    if not (drifted or plan.pack_drifted):
        return Drift()
    rows: list[DriftedRow] = []
    if plan.pack_drifted:
        rows.append(_pack(session, request, plan, same_pack=same_pack))
    rows += _workflows(session, request, plan)
    right = frozenset(plan.refs(*CHANGES))
    corrected = sum(ref in right for ref in drifted) + (plan.pack_drifted and plan.pack_changes)
    return Drift(tuple(rows), len(drifted) + plan.pack_drifted, corrected)


def with_digest(session: Session, drift: Drift, owner: Owner, pack_ref: str) -> Drift:
    """`drift` with the digest of what is left of it, once all else is written."""
    if drift.total == drift.corrected:
        return drift
    params = recorded_params(owner, pack_ref)
    [recorded] = session.rows(Statement.READ_RECORDED, Recorded, params)
    return replace(drift, digest=recorded.drift or "")


def recorded_params(
    owner: Owner, pack_ref: str, tree_oid: str = "", *, look: bool = True
) -> Params:
    """What `read_recorded` asks for; see `Store.recorded`."""
    return {"owner_uid": owner.uid, "pack_ref": pack_ref, "tree_oid": tree_oid, "look": look}


def _pack(session: Session, request: SyncRequest, plan: Plan, *, same_pack: bool) -> DriftedRow:
    params = {"pack_ref": request.pack_ref}
    found = next(iter(session.mappings(Statement.READ_PACK_COLUMNS, params)), None)
    applied: Columns | None = manifest_columns(request) if same_pack else None
    return pack_drift(request.pack_ref, applied, found, is_corrected=plan.pack_changes)


def _workflows(session: Session, request: SyncRequest, plan: Plan) -> Iterator[DriftedRow]:
    told = plan.drifted()[:TOLD]
    if not told:
        return
    right = frozenset(plan.refs(*CHANGES))
    params: Params = {"pack_ref": request.pack_ref, "refs": list(told)}
    for found in session.rows(Statement.READ_DRIFT, FoundRow, params):
        yield workflow_drift(found, request.pack_ref, is_corrected=found.ref in right)
