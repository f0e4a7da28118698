"""What a reconcile ended in, as a value for `status/`. May import `errors` and this package."""

from __future__ import annotations

from dataclasses import dataclass

from controller.errors import PackError, Stage
from controller.pack.awaited import Awaited
from controller.pack.caller import Caller
from controller.pack.diagnostic import Diagnostic
from controller.pack.drift import Drift
from controller.pack.identity import PackKey
from controller.pack.planned import Planned
from controller.pack.rollback import Rollback
from controller.pack.tree import Commit, Revision
from controller.pack.verdict import Verdict

_NOTHING = Awaited()


@dataclass(frozen=True, slots=True)
class Item:
    """One workflow in the database; `digest` is hexadecimal SHA-256 of what is stored."""

    ref: str
    version: str
    digest: str
    file: str


@dataclass(frozen=True, slots=True)
class Findings:
    """What validation found; `files` counts the workflow files looked at, `valid` the good ones."""

    files: int
    valid: int
    diagnostics: tuple[Diagnostic, ...]

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The diagnostics that keep something out of the database."""
        return tuple(one for one in self.diagnostics if one.is_error)


@dataclass(frozen=True, slots=True)
class Applied:
    """What the database holds now, and what was done to get there; the counts are workflows.

    `callers` are workflows of others that call what was pruned.
    `number` is that of the recorded revision which the rows are, None where none was recorded.
    """

    pack_ref: str
    version: str
    created: int
    updated: int
    unchanged: int
    pruned: int
    skipped: int
    inventory: tuple[Item, ...]
    wrote: bool
    callers: tuple[Caller, ...] = ()
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Restored:
    """A recorded revision that is applied in place of Git's, and why: `rollback`."""

    revision: Revision
    commit: Commit | None
    rollback: Rollback


@dataclass(frozen=True, slots=True)
class Approval:
    """What is waited for: the word of a person on the revision that is planned.

    `given` is a word on another revision that was not applied either, empty where there is none.
    """

    pack: PackKey
    given: str = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """The first thing that went wrong, and in which stage."""

    stage: Stage
    error: PackError


@dataclass(frozen=True, slots=True)
class StepTime:
    """One step of a reconcile: when it began (in `time.monotonic` seconds) and how long it took."""

    name: str
    begun: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """One reconcile, from the look at Git to the commit.

    `findings` and `applied` are None where the reconcile did not get there or had nothing to do
    there: what the status said before stays true then. `verified_unchanged` tells that the rows
    were found to be those of `revision` without a sync. `followed` says what
    is followed, as in `branch 'main'`; `tree_oid` is the tree of the pack's folder
    in `revision`; `begun` is when the look began that found it (in `time.monotonic` seconds).
    `verifies` is false where no signature is asked for, `watches_drift` where nobody wants to know
    what others did to the rows; `drift` is that, None where nobody looked or nothing is new.
    `awaited` are packs whose coming may change it.
    `planned` is what a sync would have done, where it was held back on purpose.

    `restored` is what is applied in place of `revision`; `hindrance` is then why Git could not be
    looked at, which is no failure. `ended` is a rollback that is still in the spec and ignored.
    `approver` is who says that they approved what is applied; `approval` tells that what is
    `planned` waits for one. `steps` are those that were gone, in their order; the last one is where
    it failed, if it did.
    """

    source_url: str
    source_ref: str
    revision: Revision | None = None
    commit: Commit | None = None
    findings: Findings | None = None
    applied: Applied | None = None
    failure: Failure | None = None
    followed: str = "HEAD"
    tree_oid: str = ""
    begun: float | None = None
    verified_unchanged: bool = False
    seconds: float = 0.0
    verifies: bool = True
    verdict: Verdict | None = None
    drift: Drift | None = None
    watches_drift: bool = True
    awaited: Awaited = _NOTHING
    planned: Planned | None = None
    restored: Restored | None = None
    hindrance: Failure | None = None
    ended: Rollback | None = None
    approval: Approval | None = None
    approver: str = ""
    steps: tuple[StepTime, ...] = ()

    @property
    def held(self) -> Revision | None:
        """The revision that the rows are to be: Git's, or the one in its place."""
        return self.restored.revision if self.restored else self.revision

    @property
    def held_commit(self) -> Commit | None:
        """Who made it."""
        return self.restored.commit if self.restored else self.commit
