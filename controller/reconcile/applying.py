"""What is checked → the request of its sync, and what is kept of the attempt. Imports `store`.

Pure, but for the plan of a sync, which is only looked at.
"""

from __future__ import annotations

from dataclasses import replace

from controller.errors import PackError, Reason, Stalled, Waiting
from controller.pack.outcome import Failure
from controller.reconcile.asked import Asked
from controller.reconcile.attempt import attempt
from controller.reconcile.restoring import Restoration
from controller.reconcile.under_way import Run, known
from controller.status.words import plural, problems
from controller.store import (
    Attempt,
    Fence,
    Policy,
    Receipt,
    SyncRequest,
)
from controller.validate import (
    Checked,
)

_BLOCKED_RETRY = 30.0


def request_of_git(run: Run) -> SyncRequest:
    """What makes the rows what Git's revision says."""
    asked, tree, checked = run.asked, run.tree, known(run.checked)
    return SyncRequest(
        fence=Fence(asked.owner, known(run.observed).number, asked.generation, asked.heir_of),
        manifest=known(checked.manifest),
        workflows=checked.workflows,
        policy=_policy(asked, checked),
        revision=str(tree.revision),
        commit=tree.revision.commit,
        tree_oid=tree.tree_oid,
        inputs=asked.inputs(tree.verdict),
        source_url=asked.source_url,
        source_ref=asked.source_ref,
        asked_by=run.asker.asked_by,
        details=tree.commit,
        rollback=run.over,
    )


def plan_only(run: Run, request: SyncRequest) -> None:
    """What a sync would do; raises where it would refuse to."""
    plan = known(run.store).preview(request)
    run.planned = plan.planned()
    plan.refuse(request.pack_ref)


def told(run: Run, receipt: Receipt) -> Attempt:
    """What is kept of the attempt if `receipt` is what came of the sync."""
    return _attempt(replace(run, receipt=receipt, restoration=None, ended=receipt.rollback))


def kept(run: Run, done: Restoration) -> Attempt:
    """The same of a recorded revision."""
    return _attempt(replace(run, restoration=done))


def _attempt(run: Run) -> Attempt:
    outcome = run.outcome()
    shortfall = shortfall_of(run)
    failure = Failure(run.stage, shortfall) if shortfall else None
    return attempt(run.asker, replace(outcome, failure=failure))


def shortfall_of(run: Run) -> PackError | None:
    """What was left undone by a sync that did what it could."""
    receipt = run.applied
    if receipt and receipt.blocked:
        return _blocked(receipt.blocked)
    return _partial(run.checked) if run.checked and run.checked.error_count else None


def _policy(asked: Asked, checked: Checked) -> Policy:
    kept = [one.ref for one in checked.invalid]
    return Policy(
        update_existing=asked.spec.update_existing,
        # A file whose ref nobody can tell might be any of those that seem to be gone.
        prune=asked.spec.prune and None not in kept,
        allow_empty=asked.spec.allow_empty,
        keep=frozenset(ref for ref in kept if ref is not None),
        adopts=asked.adopts,
        drift=asked.spec.drift_policy,
    )


def _partial(checked: Checked) -> Stalled:
    errors = tuple(one for one in checked.diagnostics if one.is_error)
    return Stalled(
        Reason.PARTIALLY_SYNCED,
        f"{plural(len(checked.workflows), 'workflow')} applied, {len(checked.invalid)} invalid; "
        f"{problems(errors)}",
        hint="An invalid workflow keeps its last good version until its file is corrected.",
    )


def _blocked(refs: tuple[str, ...]) -> Waiting:
    listed = ", ".join(refs[:3]) + (" …" if len(refs) > 3 else "")
    return Waiting(
        Reason.PRUNE_BLOCKED,
        f"Executions of {listed} are still running, so they are not removed yet.",
        hint="It is tried again by itself; cancel the executions to go on sooner.",
        retry_after=_BLOCKED_RETRY,
    )
