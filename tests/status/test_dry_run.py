"""What a Pack tells of a dry run: the plan, once, and nothing that would pass for a sync."""

from __future__ import annotations

from datetime import timedelta

import pytest

from controller.errors import Reason, Stage
from controller.pack.outcome import Outcome
from controller.pack.planned import Kind, Step
from controller.pack.status import PackStatus
from controller.status import Circumstances, Event, EventType, events, render, to_patch
from tests.status.outcomes import (
    FIRST,
    NOW,
    STALLED,
    TRANSIENT,
    after,
    failed,
    rehearsed,
    summary,
    synced,
)

CREATE = Step("demo.c", Kind.CREATE)
PRUNE = Step("demo.a", Kind.PRUNE)
APPLIED = after(synced())


def _held(outcome: Outcome, before: PackStatus = APPLIED, value: str = "1") -> PackStatus:
    return render(outcome, before, Circumstances(1, NOW + timedelta(hours=1), dry_run=value))


def test_the_plan_is_told_and_what_is_applied_stays() -> None:
    status = _held(rehearsed(CREATE, PRUNE))
    assert summary(status)["Ready"] == ("False", "DryRun")
    assert summary(status)["Validated"] == ("True", "Succeeded")
    told = status.dry_run
    assert told
    assert told.plan
    assert (told.handled_at, told.reason) == ("1", "DryRun")
    assert told.message == "Dry run of main@22222222: 1 to create, 1 to remove, 1 unchanged."
    assert (told.plan.created, told.plan.pruned, told.plan.unchanged) == (1, 1, 1)
    assert [(one.ref, one.change) for one in told.plan.workflows] == [CREATE[:2], PRUNE[:2]]
    assert status.last_applied_revision == APPLIED.last_applied_revision
    assert (status.sync, status.history) == (APPLIED.sync, APPLIED.history)
    assert events(APPLIED, status) == (Event(EventType.NORMAL, "DryRun", told.message),)


def test_the_same_plan_again_is_no_news() -> None:
    status = _held(rehearsed(CREATE))
    again = render(
        rehearsed(CREATE), status, Circumstances(1, NOW + timedelta(hours=2), dry_run="1")
    )
    assert to_patch(status, again) is None


@pytest.mark.parametrize("news", ["value", "plan"])
def test_another_value_is_answered_and_another_plan_told(news: str) -> None:
    status = _held(rehearsed(CREATE))
    outcome = rehearsed(CREATE) if news == "value" else rehearsed(CREATE, PRUNE)
    again = _held(outcome, status, "2" if news == "value" else "1")
    assert [one.reason for one in events(status, again)] == ["DryRun"]


def test_nothing_to_do_leaves_ready_as_it_is() -> None:
    status = _held(rehearsed(revision=FIRST))
    assert summary(status)["Ready"] == ("True", "Succeeded")
    assert status.dry_run
    assert status.dry_run.message == "Dry run of main@11111111: 1 unchanged."


def test_another_revision_with_the_same_rows_waits_all_the_same() -> None:
    assert summary(_held(rehearsed()))["Ready"] == ("False", "DryRun")


def test_a_refusal_is_an_answer_and_what_passes_by_itself_is_none() -> None:
    refused = _held(failed(STALLED, Stage.VALIDATED))
    assert refused.dry_run
    assert (refused.dry_run.reason, refused.dry_run.plan) == (Reason.REF_NOT_FOUND, None)
    assert summary(refused)["Ready"] == ("False", "RefNotFound")
    assert _held(failed(TRANSIENT)).dry_run is None
    told = _held(rehearsed(CREATE))
    assert _held(failed(TRANSIENT), told).dry_run == told.dry_run


def test_without_the_annotation_nothing_is_left_of_it() -> None:
    status = _held(rehearsed(CREATE))
    assert _held(synced(), status, value="").dry_run is None
