"""Runs the steps, and turns whatever happens into an `Outcome`. Imports the steps and the clock."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from controller.errors import PackError, Reason, Transient
from controller.load.select import Selection
from controller.pack.identity import Owner
from controller.pack.outcome import Outcome
from controller.pack.spec import DeletionPolicy
from controller.pack.tree import Entry
from controller.reconcile.asked import Asked
from controller.reconcile.run import CHECK_STEPS, STEPS, Flow, Run, Step
from controller.redact import brief
from controller.store import Receipt, Store
from controller.validate import Memo

Observer = Callable[[str, float], None]
"""Hears the name of each step that ended, and how many seconds it took."""

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
        return _through(STEPS, Run(asked, self._memo, self._store), self._on_step)

    def remove(self, owner: Owner, policy: DeletionPolicy) -> None:
        """Let go of an owner's pack: delete its rows, or leave them; raises `PackError`.

        Needs the database only, so a repository that is away holds up no deletion.
        """
        if policy is DeletionPolicy.RETAIN:
            self._store.release(owner)
        else:
            self._store.remove(owner)


def check(asked: Asked, memo: Memo, store: Store | None = None) -> Inspected:
    """Fetch and validate only: writes nothing, and asks a database only where there is one."""
    return _through(CHECK_STEPS, Run(asked, memo, store), _unobserved)


def _through(steps: tuple[Step, ...], run: Run, on_step: Observer) -> Inspected:
    begun = time.monotonic()
    try:
        for step in steps:
            started = time.monotonic()
            flow = step(run)
            on_step(step.__name__, time.monotonic() - started)
            if flow is Flow.DONE:
                break
    except PackError as error:
        run.fail(error)
    except Exception as error:  # noqa: BLE001  # one pack's surprise must stay this pack's
        run.fail(_surprise(error, run.asked))
    ref = run.manifest.ref if run.manifest else None
    return Inspected(run.outcome(time.monotonic() - begun), run.selection, ref, run.receipt)


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
