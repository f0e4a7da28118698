"""The steps of one reconcile, in order. Imports `load`, `validate`, `store` and this room.

Each step takes the run, reads what earlier steps left in it, and leaves its own result. A step
that returns Done ends the run well; one that raises `PackError` ends it with that failure. Those
that look at Git or hold a revision back stand in `going_back` and `approving`.
"""

from __future__ import annotations

from collections.abc import Callable

from controller.errors import Reason, Stage, Stalled
from controller.load.select import select
from controller.pack.diagnostic import Diagnostic
from controller.pack.rules import UNMET_DEPENDENCY
from controller.pack.spec import OnInvalid
from controller.reconcile.applying import plan_only, request_of_git, shortfall_of, told
from controller.reconcile.approving import wait_for_approval
from controller.reconcile.asked import Settled
from controller.reconcile.awaiting import unready
from controller.reconcile.going_back import fetch, pass_over, roll_back
from controller.reconcile.under_way import Flow, Run, known
from controller.status.words import problems, short
from controller.validate import (
    Installed,
    InstalledPack,
    are_met,
    check_manifest,
    check_pack,
    check_settings,
    examine,
    operator_levels,
)


def prepare(run: Run) -> Flow:
    """Make sure of the database's tables, once."""
    run.stage = Stage.SYNCED
    known(run.store).prepare()
    return Flow.GO_ON


def compare(run: Run) -> Flow:
    """Stop when the database holds this very tree, and the last report says so and what others
    did to the rows."""
    is_told = run.asked.reported and run.asked.owner.is_resource
    if run.asked.dry_run or not is_told or run.restoration is not None:
        return Flow.GO_ON
    run.stage = Stage.SYNCED
    tree = run.tree
    if run.asked.settled == Settled(tree.tree_oid, run.asked.inputs(tree.verdict)):
        run.verified = True
        return Flow.DONE
    watches = run.asked.watches_drift
    store, owner = known(run.store), run.asked.owner
    recorded = store.recorded(owner, tree_oid=tree.tree_oid, look=watches)
    run.verified = (
        recorded is not None
        and recorded.tree_oid == tree.tree_oid
        and recorded.inputs == run.asked.inputs(tree.verdict)
        and recorded.revision == run.asked.reported
        and (recorded.drift == run.asked.drift or not watches)
        and not recorded.blocked
        and are_met(recorded.dependencies, recorded.versions)
    )
    return Flow.DONE if run.verified else Flow.GO_ON


def line_up(run: Run) -> Flow:
    """Wait for those that must come before this pack, now that it has something to do."""
    if run.asked.dry_run:
        # A plan takes nobody's turn.
        return Flow.GO_ON
    run.stage = Stage.SYNCED
    run.asked.check_turn(run.tree.revision)
    return Flow.GO_ON


def load(run: Run) -> Flow:
    """Sort the tree's files, and read and check pack.yaml and packctl.toml."""
    run.stage = Stage.FETCHED
    limit = run.asked.spec.validation.max_file_bytes
    run.selection = select(run.tree, max_file_size=limit)
    wanted = [one.oid for one in (run.selection.manifest, run.selection.settings) if one]
    contents = run.asked.source.read(wanted)
    run.stage = Stage.VALIDATED
    run.manifest = check_manifest(run.selection, contents, expected_ref=run.asked.spec.ref)
    run.settings = check_settings(run.selection, contents)
    return Flow.GO_ON


def inspect(run: Run) -> Flow:
    """Check every file by itself, parsing only those that were never seen before."""
    selection, manifest = known(run.selection), known(run.manifest)
    run.stage = Stage.FETCHED
    recall = run.memo.recall(selection, manifest.ref)
    contents = run.asked.source.read(recall.missing)
    run.stage = Stage.VALIDATED
    run.examined = examine(manifest, known(run.settings), contents, recall)
    return Flow.GO_ON


def resolve(run: Run) -> Flow:
    """Ask the database for the actions that workflows call and the pack does not have, and for the
    packs that it needs."""
    if run.store is None:
        return Flow.GO_ON
    run.stage = Stage.SYNCED
    examined = known(run.examined)
    run.known = run.store.actions(examined.outside, own_pack=examined.manifest.ref)
    found = run.store.installed({one.ref for one in examined.manifest.needs})
    packs = {one.ref: InstalledPack(one.version, tuple(one.dependencies)) for one in found}
    run.installed = Installed(packs, run.asked.waiting)
    return Flow.GO_ON


def validate(run: Run) -> Flow:
    """Hold the files against each other and against what the database has."""
    run.stage = Stage.VALIDATED
    wanted = run.asked.spec.validation
    operator = operator_levels(wanted.severities, wanted.unknown_actions)
    run.checked = check_pack(known(run.examined), operator, run.known, run.installed)
    return Flow.GO_ON


def judge(run: Run) -> Flow:
    """Refuse a revision that must not be applied, or not yet."""
    checked = known(run.checked)
    found = tuple(one for one in checked.diagnostics if one.is_error)
    errors = tuple(one for one in found if one.rule is not UNMET_DEPENDENCY)
    if errors and checked.manifest is None:
        raise _refused(Reason.PACK_INVALID, run, errors)
    if errors and run.asked.spec.validation.on_invalid is OnInvalid.BLOCK:
        raise _refused(Reason.VALIDATION_FAILED, run, errors)
    if len(errors) < len(found):
        run.stage = Stage.SYNCED
        raise unready(tuple(one for one in found if one.rule is UNMET_DEPENDENCY))
    return Flow.GO_ON


def rehearse(run: Run) -> Flow:
    """In a dry run: plan what the sync would do, and leave it at that."""
    if not run.asked.dry_run:
        return Flow.GO_ON
    run.stage = Stage.SYNCED
    request = request_of_git(run)
    run.restoration = None
    plan_only(run, request)
    return Flow.DONE


def differ(run: Run) -> Flow:
    """Tell by field what the sync would do, and whether it would refuse to."""
    run.stage = Stage.SYNCED
    request = request_of_git(run)
    run.comparison = known(run.store).compare(request, for_owner=run.for_owner)
    plan = run.comparison.plan
    run.planned = plan.planned()
    plan.refuse(request.pack_ref)
    return Flow.GO_ON


def apply(run: Run) -> Flow:
    """Make the rows what the revision says, in one transaction."""
    run.stage = Stage.SYNCED
    run.receipt = known(run.store).sync(request_of_git(run), lambda receipt: told(run, receipt))
    if run.restoration is not None:
        run.ended, run.restoration, run.failure = run.receipt.rollback, None, None
    if shortfall := shortfall_of(run):
        run.fail(shortfall)
    return Flow.GO_ON


Step = Callable[[Run], Flow]

STEPS: tuple[Step, ...] = (
    prepare,
    roll_back,
    fetch,
    pass_over,
    compare,
    line_up,
    load,
    inspect,
    resolve,
    validate,
    judge,
    rehearse,
    wait_for_approval,
    apply,
)
"""A reconcile, from the look at the remote to the commit."""

CHECK_STEPS: tuple[Step, ...] = (fetch, load, inspect, resolve, validate, judge)
"""Validation alone; it asks a database only when the run has one."""

DIFF_STEPS: tuple[Step, ...] = (*CHECK_STEPS, differ)
"""Validation, and what a sync would do then."""


def _refused(reason: Reason, run: Run, errors: tuple[Diagnostic, ...]) -> Stalled:
    return Stalled(
        reason,
        f"{short(run.tree.revision)} has {problems(errors)}",
        hint="Correct the files: the last good revision stays in the database until then.",
    )
