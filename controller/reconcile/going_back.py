"""The steps of a reconcile that look at Git, or apply a recorded revision in its place.

What is rolled back to holds without Git, until Git has another commit than the skipped ones.
"""

from __future__ import annotations

from dataclasses import replace

from controller.errors import PackError, Stage
from controller.pack.outcome import Failure
from controller.pack.source import Look
from controller.pack.spec import Until
from controller.pack.unverified import Unverified
from controller.reconcile.applying import kept, plan_only, shortfall_of
from controller.reconcile.restoring import Return, known_to_be, restore, to_return
from controller.reconcile.under_way import Flow, Run, known


def roll_back(run: Run) -> Flow:
    """Apply a recorded revision where one is asked for and no newer commit has come since."""
    wanted, asked = run.asked.spec.rollback, run.asked
    if wanted is None:
        return Flow.GO_ON
    run.stage = Stage.SYNCED
    store = known(run.store)
    standing = run.standing = store.standing(asked.owner, pack_ref=asked.spec.ref or "")
    last = standing.rollback if standing else None
    if last is not None and last.meets(wanted) and last.is_over:
        run.ended = last
        return Flow.GO_ON
    is_begun = last is not None and last.meets(wanted)
    run.restoration = None if asked.dry_run else known_to_be(asked, standing, wanted, store)
    run.verified = run.restoration is not None
    if run.restoration is None:
        _restore(run, to_return(asked, standing, wanted, store))
    is_all = wanted.until is Until.REMOVED or (asked.dry_run and not is_begun)
    return Flow.DONE if is_all else Flow.GO_ON


def fetch(run: Run) -> Flow:
    """Look at the remote, and bring what is new; what was rolled back holds without it."""
    try:
        _observe(run)
    except PackError as error:
        is_git = run.stage is not Stage.SYNCED
        if run.restoration is None or not is_git or _is_news(run):
            raise
        run.hindrance = Failure(run.stage, error)
        _close(run, "")
        return Flow.DONE
    return Flow.GO_ON


def pass_over(run: Run) -> Flow:
    """Stay with what was rolled back to, as long as Git has nothing newer."""
    if run.restoration is None:
        return Flow.GO_ON
    head = run.tree.revision.commit
    _close(run, head)
    rollback = run.restoration.restored.rollback
    if rollback.is_open or head in rollback.skips:
        return Flow.DONE
    run.verified = False
    return Flow.GO_ON


def _restore(run: Run, back: Return) -> None:
    """Bring a recorded revision back, or plan it."""
    if run.asked.dry_run:
        run.restoration = back.done()
        plan_only(run, back.request)
        return
    run.restoration = restore(back, known(run.store), lambda done: kept(run, done))
    if shortfall := shortfall_of(run):
        run.fail(shortfall)


def _observe(run: Run) -> None:
    run.stage = Stage.FETCHED
    look = Look(run.asked.since, lambda: _number(run), urgent=run.asked.urgent)
    try:
        run.observed = run.asked.source.observe(look)
    except Unverified as error:
        run.stage = Stage.VERIFIED
        run.revision, run.commit = error.revision, error.commit
        raise
    run.revision, run.commit = run.tree.revision, run.tree.commit


def _is_news(run: Run) -> bool:
    """Whether a commit that must not be applied is another than what was rolled back from."""
    rollback = known(run.restoration).restored.rollback
    seen = run.revision.commit if run.revision else ""
    return bool(seen) and not rollback.is_open and seen not in rollback.skips


def _close(run: Run, head: str) -> None:
    """After the first look since a rollback, remember what Git's head was."""
    restoration = known(run.restoration)
    rollback, pack_ref = restoration.restored.rollback, restoration.pack_ref
    if not rollback.is_open or run.asked.dry_run:
        return
    run.stage = Stage.SYNCED
    head = head or (run.revision.commit if run.revision else "")
    closed = known(run.store).close_rollback(run.asked.owner, pack_ref, rollback, head)
    now = replace(restoration.restored, rollback=closed)
    run.restoration = replace(restoration, restored=now)


def _number(run: Run) -> int:
    """What tells older observations from newer ones: drawn before the look at Git."""
    if run.store is None or run.asked.dry_run:
        return 0
    run.stage = Stage.SYNCED
    number = run.store.next_sequence()
    run.stage = Stage.FETCHED
    return number
