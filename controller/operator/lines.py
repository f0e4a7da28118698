"""What the log says of a reconcile. Imports the resource, `pack`, `redact` and `status`' words."""

from __future__ import annotations

from typing import Any

import structlog

from controller.operator.resource import Resource
from controller.pack.drift import Drift
from controller.pack.outcome import Failure, Outcome
from controller.redact import brief
from controller.status.words import planned, row_drift

_log = structlog.get_logger(__name__)


def log_outcome(pack: Resource, outcome: Outcome, delay: float | None) -> None:
    """One log line for each reconcile that did something or failed."""
    known = {
        "pack": str(pack.key),
        "revision": str(outcome.held) if outcome.held else None,
        "seconds": round(outcome.seconds, 3),
    }
    if outcome.hindrance is not None:
        _log_failure("rolled back, without a look at Git", outcome.hindrance, delay, known)
    if outcome.failure is not None:
        _log_failure("not in sync", outcome.failure, delay, known)
    elif outcome.planned is not None:
        what = "waits for approval" if outcome.approval else "dry run"
        _log.info(what, **known, planned=planned(outcome.planned))
    elif outcome.applied and outcome.applied.wrote:
        done = outcome.applied
        _log.info(
            "applied",
            **known,
            created=done.created,
            updated=done.updated,
            pruned=done.pruned,
            unchanged=done.unchanged,
        )
    else:
        _log.debug("in sync", **known)


def _log_failure(what: str, failure: Failure, delay: float | None, known: dict[str, Any]) -> None:
    error = failure.error
    again = round(delay, 1) if delay is not None else None
    _log.warning(what, **known, reason=error.reason.value, error=str(error), retry_seconds=again)


def log_drift(pack: Resource, drift: Drift) -> None:
    """One log line for what others did to the rows, once."""
    rows = [row_drift(one) for one in drift.rows]
    _log.warning(
        "rows were changed by others",
        pack=str(pack.key),
        total=drift.total,
        corrected=drift.corrected,
        rows=[brief(one) for one in rows],
    )
