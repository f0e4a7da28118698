"""What came of a dry run, as the Pack tells it. Pure; imports `pack`, `errors` and this room.

A look that plans the same again says nothing new, whatever the time.
"""

from __future__ import annotations

from controller.errors import Reason, Stalled
from controller.pack.outcome import Outcome
from controller.pack.status import ConditionType, DryRunStatus, PackStatus
from controller.redact import brief
from controller.status import fit, words
from controller.status.conditions import Finding

_VALUE = 128
_MESSAGE = 256
_WAY_OUT = "Nothing was written; remove the annotation reconcile.attune.io/dryRun to apply it."


def finding(outcome: Outcome, before: PackStatus) -> Finding | None:
    """Ready, where the database is not what Git says because a dry run holds it back."""
    plan = outcome.planned
    is_last = before.last_applied_revision == str(outcome.held)
    if plan is None or outcome.failure is not None or (is_last and not plan.writes):
        return None
    message = f"{words.rehearsed(outcome.held, plan)} {_WAY_OUT}"
    return Finding(ConditionType.READY, "False", Reason.DRY_RUN, message)


def dry_run(outcome: Outcome, before: PackStatus, value: str, now: str) -> DryRunStatus | None:
    """`status.dryRun` after `outcome`, where the annotation is `value`.

    What passes by itself answers nothing: it is tried again.
    """
    if not value:
        return None
    error = outcome.failure.error if outcome.failure else None
    if error is None and outcome.planned:
        reason, message = Reason.DRY_RUN, words.rehearsed(outcome.held, outcome.planned)
    elif isinstance(error, Stalled):
        reason, message = error.reason, str(error)
    else:
        return before.dry_run
    made = DryRunStatus(
        handled_at=brief(value, limit=_VALUE),
        revision=str(outcome.held) if outcome.held else None,
        time=now,
        plan=fit.plan(outcome.planned) if outcome.planned else None,
        reason=reason.value,
        message=brief(message, limit=_MESSAGE),
    )
    known = before.dry_run
    return known if known and known.model_copy(update={"time": now}) == made else made
