"""The steps of one reconcile, in order. Imports `source`'s values, `load`, `validate` and `store`.

Each step takes the run, reads what earlier steps left in it, and leaves its own result. A step
that returns Done ends the run well; one that raises `PackError` ends it with that failure.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TypeVar

from controller.errors import PackError, Reason, Stage, Stalled, Waiting
from controller.load.select import Selection, select
from controller.pack.diagnostic import Diagnostic
from controller.pack.identity import AskedBy, PackKey
from controller.pack.outcome import Applied, Approval, Failure, Findings, Item, Outcome
from controller.pack.planned import Planned
from controller.pack.rollback import Rollback
from controller.pack.rules import UNMET_DEPENDENCY
from controller.pack.source import Look, Observed
from controller.pack.spec import Activation, OnInvalid, Until
from controller.pack.tree import Commit, PackTree, Revision
from controller.pack.unverified import Unverified
from controller.reconcile.approving import is_approved, is_content_of, keep, other_approval
from controller.reconcile.asked import Asked, Asker, Settled
from controller.reconcile.attempt import attempt
from controller.reconcile.awaiting import awaited, unready
from controller.reconcile.restoring import Restoration, Return, known_to_be, restore, to_return
from controller.status.words import plural, problems, short
from controller.store import (
    Attempt,
    Comparison,
    Fence,
    Policy,
    Receipt,
    Standing,
    Store,
    SyncRequest,
)
from controller.validate import (
    Checked,
    CheckedManifest,
    CheckedSettings,
    Examined,
    Installed,
    InstalledPack,
    Known,
    Memo,
    are_met,
    check_manifest,
    check_pack,
    check_settings,
    examine,
    operator_levels,
)

_BLOCKED_RETRY = 30.0

T = TypeVar("T")


class Flow(Enum):
    """Whether the next step has something to do."""

    GO_ON = "go on"
    DONE = "done"


@dataclass(slots=True)
class Run:
    """One reconcile under way: what it works with, and what its steps have found so far."""

    asked: Asked
    memo: Memo
    store: Store | None = None
    stage: Stage = Stage.FETCHED
    verified: bool = False
    observed: Observed | None = None
    revision: Revision | None = None
    commit: Commit | None = None
    selection: Selection | None = None
    manifest: CheckedManifest | None = None
    settings: CheckedSettings | None = None
    examined: Examined | None = None
    known: Known | None = None
    installed: Installed | None = None
    checked: Checked | None = None
    planned: Planned | None = None
    comparison: Comparison | None = None
    for_owner: bool = False
    receipt: Receipt | None = None
    restoration: Restoration | None = None
    hindrance: Failure | None = None
    ended: Rollback | None = None
    standing: Standing | None = None
    approval: Approval | None = None
    kept: Receipt | None = None
    is_approved: bool = False
    failure: Failure | None = field(default=None)
    begun: float = field(default_factory=time.monotonic)

    @property
    def asker(self) -> Asker:
        """Who asks, and for which pack."""
        known, back = self.asked.asker, self.restoration
        found = (self.manifest.ref if self.manifest else "") or (back.pack_ref if back else "")
        cause = back.cause if back else known.asked_by
        cause = AskedBy.APPROVAL if self.is_approved else cause
        return replace(known, pack_ref=found or known.pack_ref, asked_by=cause)

    @property
    def applied(self) -> Receipt | None:
        """What the last sync did."""
        return self.receipt or (self.restoration.receipt if self.restoration else None)

    @property
    def over(self) -> Rollback | None:
        """The rollback that Git's commit ends or has ended."""
        back = self.restoration
        return back.restored.rollback.ended() if back else self.ended

    @property
    def tree(self) -> PackTree:
        """What `fetch` found."""
        return _known(self.observed).tree

    @property
    def _version(self) -> str:
        """The version of the pack that is applied."""
        if self.restoration is not None:
            return self.restoration.version
        manifest = self.checked.manifest if self.checked else None
        return manifest.version if manifest else ""

    def fail(self, error: PackError) -> None:
        """Note the first failure; later ones are its consequences."""
        self.failure = self.failure or Failure(self.stage, error)

    def outcome(self) -> Outcome:
        """What came of it so far."""
        seen, restoration, receipt = self.observed, self.restoration, self.applied
        changed = receipt or self.kept
        return Outcome(
            source_url=self.asked.source_url,
            source_ref=self.asked.source_ref,
            followed=self.asked.followed,
            revision=self.revision,
            commit=self.commit,
            verifies=self.asked.spec.git.verify is not None,
            verdict=seen.tree.verdict if seen else None,
            drift=changed.drift if changed else None,
            watches_drift=self.asked.watches_drift,
            tree_oid=seen.tree.tree_oid if seen and not restoration else "",
            begun=seen.begun if seen else None,
            findings=_findings(self.checked),
            applied=_applied(receipt, self._version),
            failure=self.failure,
            restored=restoration.restored if restoration else None,
            hindrance=self.hindrance,
            ended=self.ended,
            approval=self.approval,
            verified_unchanged=self.verified,
            planned=self.planned,
            awaited=awaited(self.asker.pack_ref, self.examined, self.checked),
            seconds=time.monotonic() - self.begun,
        )


def prepare(run: Run) -> Flow:
    """Make sure of the database's tables, once."""
    run.stage = Stage.SYNCED
    _known(run.store).prepare()
    return Flow.GO_ON


def roll_back(run: Run) -> Flow:
    """Apply a recorded revision where one is asked for and no newer commit has come since."""
    wanted, asked = run.asked.spec.rollback, run.asked
    if wanted is None:
        return Flow.GO_ON
    run.stage = Stage.SYNCED
    store = _known(run.store)
    standing = run.standing = store.standing(asked.owner, pack_ref=asked.spec.ref or "")
    known = standing.rollback if standing else None
    if known is not None and known.meets(wanted) and known.is_over:
        run.ended = known
        return Flow.GO_ON
    is_begun = known is not None and known.meets(wanted)
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
        if run.restoration is None or _is_news(run):
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
    store, owner = _known(run.store), run.asked.owner
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
    selection, manifest = _known(run.selection), _known(run.manifest)
    run.stage = Stage.FETCHED
    recall = run.memo.recall(selection, manifest.ref)
    contents = run.asked.source.read(recall.missing)
    run.stage = Stage.VALIDATED
    run.examined = examine(manifest, _known(run.settings), contents, recall)
    return Flow.GO_ON


def resolve(run: Run) -> Flow:
    """Ask the database for the actions that workflows call and the pack does not have, and for the
    packs that it needs."""
    if run.store is None:
        return Flow.GO_ON
    run.stage = Stage.SYNCED
    examined = _known(run.examined)
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
    run.checked = check_pack(_known(run.examined), operator, run.known, run.installed)
    return Flow.GO_ON


def judge(run: Run) -> Flow:
    """Refuse a revision that must not be applied, or not yet."""
    checked = _known(run.checked)
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
    request = _request(run)
    run.restoration = None
    _plan(run, request)
    return Flow.DONE


def differ(run: Run) -> Flow:
    """Tell by field what the sync would do, and whether it would refuse to."""
    run.stage = Stage.SYNCED
    request = _request(run)
    run.comparison = _known(run.store).compare(request, for_owner=run.for_owner)
    plan = run.comparison.plan
    run.planned = plan.planned()
    plan.refuse(request.pack_ref)
    return Flow.GO_ON


def wait_for_approval(run: Run) -> Flow:
    """Where a person must say so: plan a new revision that nobody has approved, and leave it."""
    asked, tree = run.asked, run.tree
    if asked.spec.activation is not Activation.MANUAL:
        return Flow.GO_ON
    run.stage = Stage.SYNCED
    store, request = _known(run.store), _request(run)
    standing = run.standing or store.standing(asked.owner, pack_ref=request.pack_ref)
    if is_content_of(standing, tree):
        return Flow.GO_ON
    run.is_approved = is_approved(asked, tree)
    if run.is_approved:
        return Flow.GO_ON
    if standing and run.restoration is None:
        run.kept = keep(asked, standing, request.fence.sequence, store)
    plan = store.preview(request)
    plan.refuse(request.pack_ref)
    if not plan.planned().writes:
        return Flow.GO_ON
    key = PackKey(asked.owner.namespace, asked.owner.name)
    run.planned = plan.planned()
    run.approval = Approval(key, other_approval(asked, standing))
    return Flow.DONE


def apply(run: Run) -> Flow:
    """Make the rows what the revision says, in one transaction."""
    run.stage = Stage.SYNCED
    run.receipt = _known(run.store).sync(_request(run), lambda receipt: _told(run, receipt))
    if run.restoration is not None:
        run.ended, run.restoration, run.failure = run.receipt.rollback, None, None
    if shortfall := _shortfall(run):
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


def _restore(run: Run, back: Return) -> None:
    """Bring a recorded revision back, or plan it."""
    if run.asked.dry_run:
        run.restoration = back.done()
        _plan(run, back.request)
        return
    run.restoration = restore(back, _known(run.store), lambda done: _kept(run, done))
    if shortfall := _shortfall(run):
        run.fail(shortfall)


def _plan(run: Run, request: SyncRequest) -> None:
    """What a sync would do; raises where it would refuse to."""
    plan = _known(run.store).preview(request)
    run.planned = plan.planned()
    plan.refuse(request.pack_ref)


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
    rollback = _known(run.restoration).restored.rollback
    seen = run.revision.commit if run.revision else ""
    return bool(seen) and not rollback.is_open and seen not in rollback.skips


def _close(run: Run, head: str) -> None:
    """After the first look since a rollback, remember what Git's head was."""
    restoration = _known(run.restoration)
    known, pack_ref = restoration.restored.rollback, restoration.pack_ref
    if not known.is_open or run.asked.dry_run:
        return
    run.stage = Stage.SYNCED
    head = head or (run.revision.commit if run.revision else "")
    closed = _known(run.store).close_rollback(run.asked.owner, pack_ref, known, head)
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


def _known(value: T | None) -> T:
    """A value that an earlier step has left, or the store of a run that has one."""
    assert value is not None  # noqa: S101  # the order of STEPS sees to it
    return value


def _request(run: Run) -> SyncRequest:
    asked, tree, checked = run.asked, run.tree, _known(run.checked)
    return SyncRequest(
        fence=Fence(asked.owner, _known(run.observed).number, asked.generation, asked.heir_of),
        manifest=_known(checked.manifest),
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


def _told(run: Run, receipt: Receipt) -> Attempt:
    """What is kept of the attempt if `receipt` is what came of the sync."""
    return _attempt(replace(run, receipt=receipt, restoration=None, ended=receipt.rollback))


def _kept(run: Run, done: Restoration) -> Attempt:
    """The same of a recorded revision."""
    return _attempt(replace(run, restoration=done))


def _attempt(run: Run) -> Attempt:
    outcome = run.outcome()
    shortfall = _shortfall(run)
    failure = Failure(run.stage, shortfall) if shortfall else None
    return attempt(run.asker, replace(outcome, failure=failure))


def _shortfall(run: Run) -> PackError | None:
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


def _refused(reason: Reason, run: Run, errors: tuple[Diagnostic, ...]) -> Stalled:
    return Stalled(
        reason,
        f"{short(run.tree.revision)} has {problems(errors)}",
        hint="Correct the files: the last good revision stays in the database until then.",
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


def _findings(checked: Checked | None) -> Findings | None:
    if checked is None:
        return None
    files = len(checked.workflows) + len(checked.invalid)
    return Findings(files, len(checked.workflows), checked.diagnostics)


def _applied(receipt: Receipt | None, version: str) -> Applied | None:
    if receipt is None:
        return None
    return Applied(
        pack_ref=receipt.pack_ref,
        version=version,
        created=len(receipt.created),
        updated=len(receipt.updated),
        unchanged=len(receipt.unchanged),
        pruned=len(receipt.pruned),
        skipped=len(receipt.skipped) + len(receipt.kept),
        inventory=tuple(
            Item(one.ref, one.version, one.digest, one.file) for one in receipt.inventory
        ),
        wrote=receipt.wrote,
        callers=receipt.callers,
        number=receipt.number,
    )
