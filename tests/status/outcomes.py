"""Outcomes as the reconciler gives them, as short as the tests want them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from controller.errors import PackError, Reason, Stage, Stalled, Transient, Waiting
from controller.pack import rules
from controller.pack.diagnostic import Diagnostic, Span
from controller.pack.outcome import Applied, Failure, Findings, Item, Outcome
from controller.pack.planned import Planned, Step
from controller.pack.status import PackStatus
from controller.pack.tree import Commit, Revision
from controller.status import Circumstances, render

NOW = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
URL = "https://git.example.com/packs.git"
FIRST, SECOND = Revision("main", "1" * 40), Revision("main", "2" * 40)
COMMIT = Commit("Ada", NOW, "Add the pack")
ERROR = Diagnostic(rules.MISSING_FIELD, "the file has no `version`", "workflows/a.yaml", Span(3, 5))

STALLED = Stalled(Reason.REF_NOT_FOUND, "There is no branch.", hint="Push it.")
WAITING = Waiting(Reason.PRUNE_BLOCKED, "Executions are running.", hint="Wait.")
TRANSIENT = Transient(Reason.GIT_UNREACHABLE, "It is away.", hint="Check it.")


def applied(*, created: int = 2, wrote: bool = True) -> Applied:
    """What a sync of a pack of two workflows gives."""
    inventory = tuple(Item(f"demo.{n}", "1.0.0", "ab" * 32, f"workflows/{n}.yaml") for n in "ab")
    return Applied("demo", "1.0.0", created, 0, 2 - created, 0, 0, inventory, wrote=wrote)


def synced(revision: Revision = FIRST, *, created: int = 2, wrote: bool = True) -> Outcome:
    """All went well, and the rows were looked at."""
    return Outcome(
        URL,
        "main",
        revision,
        COMMIT,
        Findings(2, 2, ()),
        applied(created=created, wrote=wrote),
        seconds=0.25,
    )


def verified(revision: Revision = FIRST) -> Outcome:
    """All is as it was."""
    return Outcome(URL, "main", revision, COMMIT, verified_unchanged=True)


def rehearsed(*steps: Step, revision: Revision = SECOND) -> Outcome:
    """A dry run of `revision` that would do `steps`."""
    planned = Planned(steps, 1)
    return Outcome(URL, "main", revision, COMMIT, Findings(2, 2, ()), planned=planned)


def failed(error: PackError, stage: Stage = Stage.FETCHED) -> Outcome:
    """A failure of a stage, and what the stages before it found."""
    found = Findings(2, 1, (ERROR,)) if stage is Stage.VALIDATED else Findings(2, 2, ())
    return Outcome(
        URL,
        "main",
        revision=None if stage is Stage.FETCHED else SECOND,
        commit=None if stage is Stage.FETCHED else COMMIT,
        findings=None if stage is Stage.FETCHED else found,
        failure=Failure(stage, error),
    )


def after(
    *outcomes: Outcome, minutes: int = 0, requested: str | None = None, retry: bool = False
) -> PackStatus:
    """The status after these outcomes, one minute apart."""
    status = PackStatus()
    for number, outcome in enumerate(outcomes, minutes):
        now = NOW + timedelta(minutes=number)
        passes = retry and outcome.failure is not None
        again = now + timedelta(seconds=30) if passes else None
        status = render(outcome, status, Circumstances(1, now, requested, again))
    return status


def summary(status: PackStatus) -> dict[str, tuple[str, str]]:
    """Status and reason of each condition, by type, in their order."""
    return {one.type.value: (one.status, one.reason) for one in status.conditions}
