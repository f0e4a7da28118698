"""A revision that waits for an approval, as the Pack tells of it.

Pure; imports `pack`, `errors` and this room.
"""

from __future__ import annotations

from controller.errors import Reason, Transient
from controller.pack.outcome import Outcome
from controller.pack.status import CommitStatus, ConditionType, PackStatus, PendingStatus
from controller.status import fit, words
from controller.status.conditions import Finding


def finding(outcome: Outcome) -> Finding | None:
    """Ready, where a revision waits: the rows are not those of the newest one."""
    if outcome.approval is None:
        return None
    message = words.awaiting(outcome)
    return Finding(ConditionType.READY, "False", Reason.PENDING_APPROVAL, message)


def pending(
    outcome: Outcome, before: PackStatus, commit: CommitStatus | None, now: str
) -> PendingStatus | None:
    """`status.pendingRevision` after `outcome`."""
    known = before.pending_revision
    if outcome.approval is None or outcome.planned is None:
        return known if known and _still_waits(known, outcome) else None
    made = PendingStatus(
        revision=str(outcome.revision), commit=commit, since=now, plan=fit.plan(outcome.planned)
    )
    is_known = known is not None and known.revision == made.revision
    return made.model_copy(update={"since": known.since}) if known and is_known else made


def _still_waits(known: PendingStatus, outcome: Outcome) -> bool:
    """Whether what waited could not be looked at, or not be planned just now."""
    failure = outcome.failure or outcome.hindrance
    if failure is None or outcome.revision is None:
        return failure is not None
    return isinstance(failure.error, Transient) and known.revision == str(outcome.revision)
