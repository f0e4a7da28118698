"""A plan with the fields of the rows that it changes; see `Store.compare`. Only reads.

May import `pack`, `diff` and this room.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from controller.diff import PackPlan, RowPlan, State, row_plan, workflow_plan
from controller.pack.planned import CHANGES, Kind
from controller.store.claims import Claim
from controller.store.plan import Plan
from controller.store.rows import manifest_columns
from controller.store.session import Session
from controller.store.statements import Statement
from controller.store.sync import foresee
from controller.store.values import Fence, SyncRequest


@dataclass(frozen=True, slots=True)
class Comparison:
    """A plan, the same by field, and the Pack whose sync it is, empty for the command line's."""

    plan: Plan
    fields: PackPlan
    owner: str


def compare(session: Session, request: SyncRequest, *, for_owner: bool) -> Comparison:
    """What `sync` would do; `for_owner`: if the one asked whose pack it is."""
    if for_owner:
        request = _for_owner(session, request)
    foreseen = foresee(session, request)
    plan = foreseen.plan
    wanted = {workflow.ref: workflow for workflow in request.workflows}
    states = _states(session, request.pack_ref, plan)
    workflows = tuple(
        workflow_plan(step, states.get(step.ref), wanted.get(step.ref), request.pack_ref)
        for step in plan.steps
        if step.kind is not Kind.UNCHANGED
    )
    fields = PackPlan(
        request.pack_ref,
        before=foreseen.revision,
        after=request.revision,
        row=_row(session, request, plan, is_there=foreseen.has_pack),
        workflows=workflows,
        unchanged=len(plan.refs(Kind.UNCHANGED)),
    )
    owner = request.fence.owner
    return Comparison(plan, fields, str(owner) if owner.is_resource else "")


def _for_owner(session: Session, request: SyncRequest) -> SyncRequest:
    """`request` as the Pack would make it whose pack this is: where it comes from stays."""
    params = {"pack_ref": request.pack_ref, "owner_uid": ""}
    claim = next(iter(session.rows(Statement.READ_CLAIMS, Claim, params)), None)
    if claim is None or not claim.owner.is_resource:
        return request
    row = next(iter(session.mappings(Statement.READ_PACK_COLUMNS, params)), {})
    return replace(
        request,
        fence=Fence(claim.owner, request.fence.sequence, claim.generation),
        source_url=row.get("source_url") or "",
        source_ref=row.get("source_ref") or "",
    )


def _states(session: Session, pack_ref: str, plan: Plan) -> dict[str, State]:
    refs = plan.refs(*CHANGES, Kind.BLOCKED)
    if not refs:
        return {}
    params = {"pack_ref": pack_ref, "refs": list(refs)}
    return {one.ref: one for one in session.rows(Statement.READ_STATE, State, params)}


def _row(session: Session, request: SyncRequest, plan: Plan, *, is_there: bool) -> RowPlan:
    if not plan.pack_changes:
        left = Kind.SKIPPED if plan.pack_drifted else Kind.UNCHANGED
        return RowPlan(left, plan.pack_drifted)
    kind = Kind.UPDATE if is_there else Kind.CREATE
    params = {"pack_ref": request.pack_ref}
    before = next(iter(session.mappings(Statement.READ_PACK_COLUMNS, params)), None)
    return row_plan(kind, drifted=plan.pack_drifted, before=before, after=manifest_columns(request))
