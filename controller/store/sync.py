"""One pack's sync, from the lock to the last write, inside one transaction.

May import `pack`, `errors` and this room. Whatever the number of workflows, it is the same
handful of statements; the first ones only read, and where nothing differs nothing else is sent.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter

from psycopg.errors import SerializationFailure

from controller.pack.content import CompiledWorkflow
from controller.pack.drift import Drift
from controller.pack.planned import CHANGES, Kind
from controller.pack.rollback import Rollback
from controller.store.attempts import write
from controller.store.claims import Claim, admit, remembered
from controller.store.finding import find_drift, with_digest
from controller.store.history import record
from controller.store.plan import ActualRow, Plan, make_plan
from controller.store.records import Attempt
from controller.store.rows import (
    PackRow,
    pack_columns,
    read_callers,
    read_pack,
    read_rows,
    with_running,
)
from controller.store.session import Params, Session
from controller.store.statements import Statement
from controller.store.values import InventoryItem, Policy, Receipt, SyncRequest

Tell = Callable[[Receipt], Attempt | None]
"""What is to be kept of the attempt that a receipt comes from. Pure: a sync may be tried again."""

_NEWEST = 2**63 - 1
"""After all observations that there are: nothing draws a number for a look that writes nothing."""

_CURRENT = (Kind.CREATE, Kind.UPDATE, Kind.UNCHANGED)
_STAYING = (Kind.KEPT, Kind.SKIPPED, Kind.BLOCKED)


@dataclass(frozen=True, slots=True)
class _Sight:
    """What a sync saw before its first write."""

    claim: Claim | None
    pack: PackRow
    rows: tuple[ActualRow, ...]
    plan: Plan
    rollback: Rollback | None

    @property
    def fingerprint(self) -> str | None:
        """The pack's row as we wrote it last, None where we never did."""
        return self.claim.pack_fingerprint if self.claim else None


def sync(session: Session, request: SyncRequest, tell: Tell, keep: int) -> Receipt:
    """Make the rows what `request` says; see `Store.sync`. Of attempts, `keep` are kept."""
    session.run(Statement.LOCK_PACK, {"pack_ref": request.pack_ref})
    sight = _look(session, request, lock=True)
    sight.plan.refuse(request.pack_ref)
    drift = find_drift(
        session, request, sight.plan, same_pack=sight.pack.wanted == sight.fingerprint
    )
    stale = _stale(request, sight)
    changes = sight.plan.pack_changes or bool(sight.plan.refs(*CHANGES))
    number = sight.claim.number if sight.claim else None
    is_complete = number is None or (sight.claim is not None and sight.claim.is_complete)
    wrote = (
        changes
        or sight.plan.pack_restamped
        or bool(stale)
        or not is_complete
        or _claim_differs(sight, request)
    )
    if wrote:
        _write(session, request, sight, stale)
    if changes or not is_complete:
        number = record(session, request, sight.plan, number=None if changes else number)
    drift = with_digest(session, drift, request.fence.owner, request.pack_ref)
    receipt = _receipt(request, sight, drift, wrote=wrote, number=number)
    if attempt := _news(tell(receipt), sight, wrote=wrote):
        made = number if changes else None
        write(session, attempt, keep, pack_ref=request.pack_ref, number=made)
    return receipt


@dataclass(frozen=True, slots=True)
class Foreseen:
    """The plan that a sync would carry out or refuse, the revision that is applied, empty where
    none is, and whether the pack has a row."""

    plan: Plan
    revision: str
    has_pack: bool


def foresee(session: Session, request: SyncRequest) -> Foreseen:
    """What `sync` sees before its first write. Only reads; the request's number does not count."""
    fence = replace(request.fence, sequence=_NEWEST)
    sight = _look(session, replace(request, fence=fence), lock=False)
    revision = sight.claim.revision if sight.claim else ""
    return Foreseen(sight.plan, revision, sight.pack.id is not None)


def _look(session: Session, request: SyncRequest, *, lock: bool) -> _Sight:
    owner = {"pack_ref": request.pack_ref, "owner_uid": request.fence.owner.uid}
    claims = session.rows(Statement.READ_CLAIMS, Claim, owner)
    claim = admit(claims, request.pack_ref, request.fence)
    pack = read_pack(session, request)
    rows = read_rows(session, request.pack_ref, pack.id, request.workflows)
    rows = with_running(session, pack.id, request, rows, lock=lock)
    plan = make_plan(request.workflows, rows, request.policy)
    plan = plan.called_by(read_callers(session, request.pack_ref, plan.refs(Kind.PRUNE)))
    plan = _with_pack(plan, claim, pack, request.policy)
    return _Sight(claim, pack, rows, plan, remembered(claim, request.rollback, request.fence.owner))


def _with_pack(plan: Plan, claim: Claim | None, pack: PackRow, policy: Policy) -> Plan:
    """`plan`, with what is to be done to the pack's own row."""
    if pack.is_current:
        return replace(plan, pack_restamped=policy.update_existing and not pack.is_stamped)
    fingerprint = claim.pack_fingerprint if claim else None
    drifted = claim is not None and fingerprint != pack.fingerprint
    # Without a row there is nothing that a workflow could belong to.
    needed = pack.id is None and bool(plan.refs(Kind.CREATE, Kind.UPDATE))
    left = drifted and policy.leaves_drift and fingerprint == pack.wanted and not needed
    changes = not left and (pack.id is None or policy.update_existing)
    return replace(plan, pack_changes=changes, pack_drifted=drifted)


def _stale(request: SyncRequest, sight: _Sight) -> list[CompiledWorkflow]:
    """The workflows whose inventory entry must be written: new rows, and files that moved."""
    listed = {row.ref: row for row in sight.rows}
    changed = frozenset(sight.plan.refs(Kind.CREATE, Kind.UPDATE))
    unchanged = frozenset(sight.plan.refs(Kind.UNCHANGED))
    return [
        workflow
        for workflow in request.workflows
        if workflow.ref in changed
        or (workflow.ref in unchanged and not listed[workflow.ref].lists(workflow))
    ]


def _claim_differs(sight: _Sight, request: SyncRequest) -> bool:
    claim = sight.claim
    return (
        claim is None
        or (claim.pack_fingerprint != sight.pack.fingerprint and not sight.plan.pack_drifted)
        or (claim.owner, claim.generation) != (request.fence.owner, request.fence.generation)
        or (claim.revision, claim.commit) != (request.revision, request.commit)
        or (claim.tree_oid, claim.inputs) != (request.tree_oid, request.inputs)
        or claim.blocked != len(sight.plan.refs(Kind.BLOCKED))
        or claim.rollback != sight.rollback
    )


def _write(
    session: Session, request: SyncRequest, sight: _Sight, stale: Sequence[CompiledWorkflow]
) -> None:
    pack = _write_pack(session, request, sight)
    session.run(Statement.WRITE_CLAIM, _claim(request, sight, pack))
    changed = frozenset(sight.plan.refs(Kind.CREATE, Kind.UPDATE))
    key: Params = {"pack": pack, "pack_ref": request.pack_ref}
    adopts = sorted(request.policy.adopts & changed)
    _write_rows(session, key, [one for one in stale if one.ref in changed], adopts)
    _write_inventory(session, key, stale)
    if pruned := sight.plan.refs(Kind.PRUNE):
        session.run(Statement.DELETE_DEFINITIONS, {**key, "refs": list(pruned)})


def _write_pack(session: Session, request: SyncRequest, sight: _Sight) -> int | None:
    if sight.plan.pack_changes and sight.pack.id is None:
        return int(session.value(Statement.INSERT_PACK, pack_columns(request)))
    if sight.plan.pack_changes or sight.plan.pack_restamped:
        session.run(Statement.UPDATE_PACK, pack_columns(request))
    return sight.pack.id


def _write_rows(
    session: Session, key: Params, workflows: Sequence[CompiledWorkflow], adopts: Sequence[str]
) -> None:
    if not workflows:
        return
    documents = [workflow.document for workflow in workflows]
    session.run(Statement.WRITE_DEFINITIONS, {**key, "documents": documents})
    session.run(
        Statement.WRITE_ACTIONS,
        {
            **key,
            "refs": [workflow.ref for workflow in workflows],
            "entrypoints": [workflow.entrypoint for workflow in workflows],
            "adopts": adopts,
        },
    )


def _write_inventory(session: Session, key: Params, workflows: Sequence[CompiledWorkflow]) -> None:
    if not workflows:
        return
    written = session.run(
        Statement.WRITE_INVENTORY,
        {
            **key,
            "refs": [workflow.ref for workflow in workflows],
            "digests": [workflow.digest for workflow in workflows],
            "files": [workflow.file for workflow in workflows],
            "blobs": [workflow.blob for workflow in workflows],
        },
    )
    if written != len(workflows):
        # Someone deleted or took one of these rows since the look: the next try sees it.
        raise SerializationFailure("another writer changed the same rows meanwhile")


def _claim(request: SyncRequest, sight: _Sight, pack: int | None) -> Params:
    owner = request.fence.owner
    created = pack if sight.pack.id is None else None
    is_left = sight.plan.pack_drifted and not sight.plan.pack_changes
    return {
        "pack_ref": request.pack_ref,
        "pack": pack,
        "owner_uid": owner.uid,
        "owner_namespace": owner.namespace,
        "owner_name": owner.name,
        "owner_cluster": owner.cluster,
        "generation": request.fence.generation,
        "sequence": request.fence.sequence,
        "revision": request.revision,
        "commit": request.commit,
        "tree_oid": request.tree_oid,
        "inputs": request.inputs,
        "blocked": len(sight.plan.refs(Kind.BLOCKED)),
        "created_pack": created or (sight.claim and sight.claim.created_pack),
        "fingerprint": sight.fingerprint if is_left else None,
        "rollback": json.dumps(sight.rollback.document) if sight.rollback else None,
    }


def _news(attempt: Attempt | None, sight: _Sight, *, wrote: bool) -> Attempt | None:
    """The attempt, if it did something or failed in another way than the one before."""
    failing = sight.claim.failing if sight.claim else ""
    is_news = attempt is not None and (wrote or attempt.fingerprint != failing)
    return attempt if is_news else None


def _receipt(
    request: SyncRequest, sight: _Sight, drift: Drift, *, wrote: bool, number: int | None
) -> Receipt:
    plan = sight.plan
    return Receipt(
        pack_ref=request.pack_ref,
        created=plan.refs(Kind.CREATE),
        updated=plan.refs(Kind.UPDATE),
        unchanged=plan.refs(Kind.UNCHANGED),
        pruned=plan.refs(Kind.PRUNE),
        callers=plan.callers,
        skipped=plan.refs(Kind.SKIPPED),
        kept=plan.refs(Kind.KEPT),
        blocked=plan.refs(Kind.BLOCKED),
        drifted=plan.drifted(),
        drift=drift,
        pack_changed=plan.pack_changes,
        inventory=_inventory(request, sight),
        wrote=wrote,
        number=number,
        rollback=sight.rollback,
    )


def _inventory(request: SyncRequest, sight: _Sight) -> tuple[InventoryItem, ...]:
    """What the inventory holds now: the plan's workflows, and older ones that stay."""
    current = frozenset(sight.plan.refs(*_CURRENT))
    staying = frozenset(sight.plan.refs(*_STAYING))
    items = [
        InventoryItem(w.ref, w.version, w.digest, w.file, w.blob)
        for w in request.workflows
        if w.ref in current
    ]
    items += [row.listed() for row in sight.rows if row.known and row.ref in staying]
    return tuple(sorted(items, key=attrgetter("ref")))
