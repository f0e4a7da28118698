"""What became of spec.rollback, as the Pack tells it. Pure; imports `pack`."""

from __future__ import annotations

from controller.pack.outcome import Outcome
from controller.pack.rollback import Rollback
from controller.pack.spec import Until
from controller.pack.status import PackStatus, RollbackState, RollbackStatus


def rollback_status(outcome: Outcome, before: PackStatus, now: str) -> RollbackStatus | None:
    """`status.rollback` after `outcome`; a failure leaves what was true before."""
    if outcome.restored is not None:
        return _status(outcome.restored.rollback, RollbackState.ACTIVE, before, now)
    if outcome.ended is not None:
        return _status(outcome.ended, RollbackState.ENDED, before, now)
    return before.rollback if outcome.failure else None


def _status(
    rollback: Rollback, state: RollbackState, before: PackStatus, now: str
) -> RollbackStatus:
    made = RollbackStatus(
        state=state,
        revision=rollback.number,
        until=rollback.until,
        from_=rollback.before or None,
        skipped=rollback.skips,
        since=now,
    )
    known = before.rollback
    if known is None or _kind(known) != _kind(made):
        return made
    return made.model_copy(update={"since": known.since})


def _kind(status: RollbackStatus) -> tuple[RollbackState, int, Until]:
    return status.state, status.revision, status.until
