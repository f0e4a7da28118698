"""What waits for an approval, in the status of a Pack."""

from __future__ import annotations

from dataclasses import replace

import pytest

from controller.errors import Stage
from controller.pack.identity import PackKey
from controller.pack.outcome import Approval, Failure, Outcome, Restored
from controller.pack.planned import Kind, Step
from controller.pack.rollback import Rollback
from controller.pack.spec import RollbackSpec
from tests.status.outcomes import (
    COMMIT,
    FIRST,
    SECOND,
    STALLED,
    TRANSIENT,
    URL,
    WAITING,
    after,
    failed,
    rehearsed,
    synced,
)

_WAITS = replace(
    rehearsed(Step("demo.a", Kind.CREATE)), approval=Approval(PackKey("team-a", "demo"))
)


def _away() -> Outcome:
    """Git is away, and what was rolled back to holds."""
    back = Restored(FIRST, COMMIT, Rollback.wanted(RollbackSpec(revision=1)))
    return Outcome(URL, "main", restored=back, hindrance=Failure(Stage.FETCHED, TRANSIENT))


@pytest.mark.parametrize(
    ("outcome", "waits"),
    [
        (_WAITS, True),
        (failed(TRANSIENT), True),
        (_away(), True),
        (failed(TRANSIENT, Stage.SYNCED), True),
        (failed(WAITING, Stage.SYNCED), False),
        (failed(STALLED, Stage.SYNCED), False),
        (synced(SECOND), False),
    ],
)
def test_it_goes_on_waiting_through_what_passes_by_itself(outcome: Outcome, waits: bool) -> None:
    status = after(_WAITS, outcome)
    assert (status.pending_revision is not None) is waits
