"""Runs the steps, and turns whatever happens into an `Outcome`. Imports the steps and the clock."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import structlog
from structlog.contextvars import bind_contextvars, unbind_contextvars

from controller.errors import PackError, Reason, Stage, Transient
from controller.load.select import Selection
from controller.pack.outcome import Failure, Outcome, StepTime
from controller.pack.spec import DeletionPolicy, PackSpec
from controller.pack.tree import Entry
from controller.reconcile.asked import Asked, Asker
from controller.reconcile.attempt import attempt
from controller.reconcile.run import CHECK_STEPS, DIFF_STEPS, STEPS, Step
from controller.reconcile.under_way import Flow, Run
from controller.redact import brief
from controller.store import Comparison, Receipt, Store
from controller.validate import Memo

Observer = Callable[[str, float], None]
"""Hears the name of each step that ended, and how many seconds it took."""

_UNRECORDED = frozenset({Reason.DATABASE_UNAVAILABLE, Reason.SUPERSEDED})
"""A database that is away takes no record; and where a newer look was faster, nothing failed."""

_log = structlog.get_logger(__name__)


def _unobserved(_name: str, _seconds: float) -> None:
    """Nobody wants to know."""


@dataclass(frozen=True, slots=True)
class Inspected:
    """What came of a pack: its files that count, its ref, and what was done to its rows by name.

    Each is None where it did not get that far.
    """

    outcome: Outcome
    selection: Selection | None
    pack_ref: str | None
    receipt: Receipt | None
    comparison: Comparison | None = None

    @property
    def files(self) -> tuple[Entry, ...]:
        """The files that were read, or would have been unless remembered, by path."""
        chosen = self.selection
        if chosen is None:
            return ()
        named = (one for one in (chosen.manifest, chosen.settings) if one)
        workflows = (one.entry for one in chosen.workflows)
        actions = (one.entry for one in chosen.actions)
        return tuple(sorted([*named, *workflows, *actions], key=lambda one: one.path))


class Reconciler:
    """Brings packs from their sources into the database. Thread-safe, one owner at a time."""

    def __init__(self, store: Store, memo: Memo, *, on_step: Observer = _unobserved) -> None:
        self._store = store
        self._memo = memo
        self._on_step = on_step

    def reconcile(self, asked: Asked) -> Outcome:
        """Do all of it; never raises for anything that the pack, Git or the database does."""
        return self.inspect(asked).outcome

    def inspect(self, asked: Asked) -> Inspected:
        """`reconcile`, for one who wants to show the files as well."""
        run = Run(asked, self._memo, self._store)
        done = _through(STEPS, run, self._on_step)
        if run.receipt is None and done.outcome.failure is not None and not asked.dry_run:
            # A sync keeps what came of it itself, and a dry run nothing.
            self.note(run.asker, done.outcome)
        return done

    def note(self, asker: Asker, outcome: Outcome) -> None:
        """Keep a failed attempt in the history, where the database is there and it is news.

        Never raises: a failure has been told of already, and this is only its record.
        """
        reason = outcome.failure.error.reason if outcome.failure else None
        is_nobodys = not (asker.owner.is_resource or asker.pack_ref)
        if reason in _UNRECORDED or is_nobodys:
            return
        try:
            self._store.prepare()
            self._store.note(attempt(asker, outcome))
        except PackError as error:
            _log.warning("not recorded", owner=str(asker.owner), error=str(error))

    def tidy(self, spec: PackSpec, outcome: Outcome) -> None:
        """Remove what is too much of the past of a pack, now that there is more of it.

        Never raises, and takes its time: to be called when the outcome has been told.
        """
        done = outcome.applied
        if done is None or not done.wrote:
            return
        try:
            pinned = [spec.rollback.revision] if spec.rollback else []
            self._store.tidy(done.pack_ref, keep=spec.history_limit, pinned=pinned)
        except PackError as error:
            _log.warning("history not tidied", ref=done.pack_ref, error=str(error))

    def remove(self, asker: Asker, policy: DeletionPolicy) -> None:
        """Let go of a pack: delete its rows, or leave them; raises `PackError`.

        Needs the database only, so a repository that is away holds up no deletion.
        """
        try:
            if policy is DeletionPolicy.RETAIN:
                self._store.release(asker.owner)
            else:
                self._store.remove(asker.owner)
        except PackError as error:
            self.note(asker, Outcome("", "", failure=Failure(Stage.SYNCED, error)))
            raise


def check(asked: Asked, memo: Memo, store: Store | None = None) -> Inspected:
    """Fetch and validate only: writes nothing, and asks a database only where there is one."""
    # A number that nobody needs is not drawn: the database may be one that we must not write.
    return _through(CHECK_STEPS, Run(replace(asked, dry_run=True), memo, store), _unobserved)


def difference(asked: Asked, memo: Memo, store: Store, *, for_owner: bool = False) -> Inspected:
    """Fetch, validate and plan, by field: writes nothing. `for_owner` plans what would come of it
    if the Pack asked that the pack belongs to."""
    run = Run(replace(asked, dry_run=True), memo, store, for_owner=for_owner)
    return _through(DIFF_STEPS, run, _unobserved)


def _through(steps: tuple[Step, ...], run: Run, on_step: Observer) -> Inspected:
    gone: list[StepTime] = []
    unbind_contextvars("revision")
    try:
        for step in steps:
            with _timed(step, run, gone):
                flow = step(run)
            on_step(step.__name__, gone[-1].seconds)
            if flow is Flow.DONE:
                break
    except PackError as error:
        run.fail(error)
    except Exception as error:  # noqa: BLE001  # one pack's surprise must stay this pack's
        run.fail(_surprise(error, run.asked))
    ref = run.manifest.ref if run.manifest else None
    outcome = replace(run.outcome(), steps=tuple(gone))
    return Inspected(outcome, run.selection, ref, run.receipt, run.comparison)


@contextmanager
def _timed(step: Step, run: Run, gone: list[StepTime]) -> Iterator[None]:
    """Add `step` to `gone`, also when it fails. Log lines name the revision once it is known."""
    begun = time.monotonic()
    try:
        yield
    finally:
        gone.append(StepTime(step.__name__, begun, time.monotonic() - begun))
        if run.revision is not None:
            bind_contextvars(revision=str(run.revision))


def _surprise(error: Exception, asked: Asked) -> Transient:
    """An error that nobody foresaw, as a failure of this pack alone."""
    _log.error(
        "unexpected error",
        owner=str(asked.owner),
        error=type(error).__name__,
        text=brief(str(error)),
    )
    return Transient(
        Reason.INTERNAL_ERROR,
        f"The controller met an unexpected {type(error).__name__}; its log has the details.",
        hint="Please report it; it is tried again meanwhile.",
    )
