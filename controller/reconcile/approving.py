"""Which revisions wait for a person's word, and which have it. Imports `pack` and `store`'s values.

What was applied once needs no word again: drift is met as always, edits of the spec count at once.
"""

from __future__ import annotations

from dataclasses import replace

from controller.errors import Stage
from controller.pack.identity import PackKey
from controller.pack.outcome import Approval
from controller.pack.spec import Activation
from controller.pack.tree import PackTree
from controller.reconcile.applying import request_of_git
from controller.reconcile.asked import Asked
from controller.reconcile.restoring import request_of
from controller.reconcile.under_way import Flow, Run, known
from controller.store import Fence, Receipt, Standing, Store, SyncRequest


def wait_for_approval(run: Run) -> Flow:
    """Where a person must say so: plan a new revision that nobody has approved, and leave it."""
    asked, tree = run.asked, run.tree
    if asked.spec.activation is not Activation.MANUAL:
        return Flow.GO_ON
    run.stage = Stage.SYNCED
    store, request = known(run.store), request_of_git(run)
    standing = run.standing or store.standing(asked.owner, pack_ref=request.pack_ref)
    if _is_content_of(standing, tree):
        return Flow.GO_ON
    run.is_approved = _is_approved(asked, tree)
    if run.is_approved:
        return Flow.GO_ON
    if standing and run.restoration is None:
        run.kept = _keep(asked, standing, request.fence.sequence, store)
    plan = store.preview(request)
    plan.refuse(request.pack_ref)
    # A file that is invalid today may be valid tomorrow, for what the database has then.
    if not (plan.planned().writes or known(run.checked).invalid):
        return Flow.GO_ON
    key = PackKey(asked.owner.namespace, asked.owner.name)
    run.planned = plan.planned()
    run.approval = Approval(key, _other_approval(asked, standing))
    return Flow.DONE


def _commit_of(revision: str) -> str:
    """The commit that a revision names, as `main@sha1:…`, `sha1:…` or by itself."""
    return revision.strip().rpartition("@")[2].rpartition(":")[2].lower()


def _is_content_of(standing: Standing | None, tree: PackTree) -> bool:
    """Whether the pack's folder is the one that was applied last."""
    return standing is not None and standing.tree_oid == tree.tree_oid


def _is_approved(asked: Asked, tree: PackTree) -> bool:
    """Whether this very commit is what a person wants applied."""
    return bool(asked.approved) and _commit_of(asked.approved) == tree.revision.commit


def _other_approval(asked: Asked, standing: Standing | None) -> str:
    """A word on another revision, unless that is the one that was applied."""
    is_done = standing is not None and _commit_of(asked.approved) == standing.commit
    return "" if is_done else asked.approved


def _keep(asked: Asked, standing: Standing, number: int, store: Store) -> Receipt | None:
    """Put right what others did to the rows of what was applied last, while the next one waits.

    None where nothing is new, or where what was applied is not recorded.
    """
    if not asked.watches_drift:
        return None
    recorded = store.recorded(asked.owner, pack_ref=standing.pack_ref)
    if recorded is None or recorded.drift == asked.drift:
        return None
    newest = store.history(standing.pack_ref, limit=1)
    found = store.revision(standing.pack_ref, newest[0].number) if newest else None
    if found is None or found.manifest is None or found.missing:
        return None
    fence = Fence(asked.owner, number, asked.generation)
    request = request_of(asked, found, fence, asked.asked_by, standing.rollback)
    return store.sync(_as_claimed(request, standing))


def _as_claimed(request: SyncRequest, standing: Standing) -> SyncRequest:
    """The same rows under the commit that they were applied for last, which may be a later one."""
    return replace(
        request,
        revision=standing.revision,
        commit=standing.commit,
        tree_oid=standing.tree_oid,
        inputs=standing.inputs,
        details=request.details if request.commit == standing.commit else None,
    )
