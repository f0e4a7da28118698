"""A revision that waits for an approval, as the Pack tells of it.

Pure; imports `pack`, `errors` and this room.
"""

from __future__ import annotations

from controller.errors import Reason
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
    """`status.pendingRevision` after `outcome`; where the repository could not be looked at, what
    was waiting goes on waiting."""
    known = before.pending_revision
    if outcome.approval is None or outcome.planned is None:
        return known if outcome.failure and outcome.revision is None else None
    made = PendingStatus(
        revision=str(outcome.revision), commit=commit, since=now, plan=fit.plan(outcome.planned)
    )
    is_known = known is not None and known.revision == made.revision
    return made.model_copy(update={"since": known.since}) if known and is_known else made
