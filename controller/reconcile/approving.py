"""Which revisions wait for a person's word, and which have it. Imports `pack` and `store`'s values.

What was applied once needs no word again: drift is met as always, edits of the spec count at once.
"""

from __future__ import annotations

from dataclasses import replace

from controller.pack.tree import PackTree
from controller.reconcile.asked import Asked
from controller.reconcile.restoring import request_of
from controller.store import Fence, Receipt, Standing, Store, SyncRequest


def commit_of(revision: str) -> str:
    """The commit that a revision names, as `main@sha1:…`, `sha1:…` or by itself."""
    return revision.strip().rpartition("@")[2].rpartition(":")[2].lower()


def is_content_of(standing: Standing | None, tree: PackTree) -> bool:
    """Whether the pack's folder is the one that was applied last."""
    return standing is not None and standing.tree_oid == tree.tree_oid


def is_approved(asked: Asked, tree: PackTree) -> bool:
    """Whether this very commit is what a person wants applied."""
    return bool(asked.approved) and commit_of(asked.approved) == tree.revision.commit


def other_approval(asked: Asked, standing: Standing | None) -> str:
    """A word on another revision, unless that is the one that was applied."""
    is_done = standing is not None and commit_of(asked.approved) == standing.commit
    return "" if is_done else asked.approved


def keep(asked: Asked, standing: Standing, number: int, store: Store) -> Receipt | None:
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
