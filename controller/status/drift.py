"""What others did to the rows, as the Pack tells it. Pure; imports `pack`, `errors` and this room.

A look that finds the same drift again says nothing new, whatever the time.
"""

from __future__ import annotations

from controller.errors import Reason
from controller.pack.drift import Drift, DriftedRow
from controller.pack.outcome import Outcome
from controller.pack.status import (
    ConditionType,
    DriftChangeStatus,
    DriftedStatus,
    DriftStatus,
    PackStatus,
)
from controller.redact import brief
from controller.status import fit, words
from controller.status.conditions import Finding
from controller.status.events import condition

_KIND = ConditionType.DRIFT_FREE
_FIELD = 200


def finding(outcome: Outcome, before: PackStatus) -> Finding | None:
    """What is news of DriftFree, None where nothing is."""
    drift = outcome.drift
    if drift is None or not outcome.watches_drift or _is_known(drift, before):
        return None
    if drift.total > drift.corrected:
        return Finding(_KIND, "False", Reason.DRIFT_DETECTED, words.drifted(drift))
    if drift.total:
        return Finding(_KIND, "True", Reason.DRIFT_CORRECTED, words.drifted(drift))
    was = condition(before, _KIND)
    if was and was.status == "False":
        return Finding(_KIND, "True", Reason.DRIFT_RESOLVED, "The rows are as applied again.")
    if was and outcome.applied and not outcome.applied.wrote:
        return None
    return Finding(_KIND, "True", Reason.SUCCEEDED, "The rows are as applied.")


def drift_status(outcome: Outcome, before: PackStatus, now: str) -> DriftStatus | None:
    """`status.drift` after `outcome`."""
    if not outcome.watches_drift:
        return None
    drift, was = outcome.drift, condition(before, _KIND)
    if drift is None or _is_known(drift, before):
        return before.drift
    if drift.total == 0:
        settled = was and was.status == "True" and outcome.applied and not outcome.applied.wrote
        return before.drift if settled else None
    rows = fit.drift([_row(row, before, now) for row in drift.rows])
    return DriftStatus(
        digest=drift.digest or None,
        time=now,
        total_count=drift.total,
        corrected_count=drift.corrected,
        truncated=len(rows) < drift.total,
        rows=rows,
    )


def _is_known(drift: Drift, before: PackStatus) -> bool:
    """Whether all of it was told before."""
    known = before.drift.digest if before.drift else None
    return bool(drift.digest) and drift.digest == known and not drift.corrected


def _row(row: DriftedRow, before: PackStatus, now: str) -> DriftedStatus:
    made = DriftedStatus(
        ref=brief(row.ref, limit=_FIELD),
        happened=tuple(row.happened),
        changes=tuple(
            DriftChangeStatus(
                field=brief(change.field, limit=_FIELD), applied=change.applied, found=change.found
            )
            for change in row.changes
        ),
        corrected=row.is_corrected,
        since=now,
    )
    known = before.drift.rows if before.drift else ()
    same = (one for one in known if one.model_copy(update={"since": now}) == made)
    return next(same, made)
