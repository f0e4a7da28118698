from __future__ import annotations

from dataclasses import replace

import pytest

from controller.errors import Reason, Stage, Stalled, Transient, Waiting
from controller.operator.rounds import Rounds
from controller.operator.schedule import Priority, Turn
from controller.pack.identity import Owner, PackKey
from controller.pack.outcome import Failure, Outcome
from controller.pack.source import Look, Observed
from controller.pack.spec import PackSpec
from controller.reconcile import Asked, Settled

KEY = PackKey("team", "a")
SPEC = PackSpec.model_validate({"git": {"url": "https://example.com/a.git"}, "interval": "100s"})


class Nowhere:
    """A source that nobody asks here."""

    def observe(self, look: Look) -> Observed:
        raise AssertionError(look)

    def read(self, oids: object) -> dict[str, bytes]:
        raise AssertionError(oids)


ASKED = Asked(Owner("u", "team", "a"), 1, SPEC, Nowhere())
FOUND = Outcome("", "", tree_oid="7ree", begun=1000.0)
AWAY = Failure(Stage.SYNCED, Transient(Reason.DATABASE_UNAVAILABLE, "The database is away."))


def turn(priority: Priority, asked: float | None = None) -> Turn:
    return Turn(KEY, priority, asked)


def rounds() -> Rounds:
    return Rounds(jitter=0.05)


@pytest.mark.parametrize(
    ("why", "since", "urgent"),
    [
        pytest.param(turn(Priority.NOW, 990.0), 990.0, True, id="somebody asked"),
        pytest.param(turn(Priority.SOON), 950.0, False, id="its interval is over"),
        pytest.param(turn(Priority.LATER), 950.0, False, id="it stands in the list at the start"),
        pytest.param(turn(Priority.SOON, 990.0), 990.0, False, id="asked long before its turn"),
        pytest.param(turn(Priority.MOVED), 0.0, False, id="another one's look found it moved"),
        pytest.param(turn(Priority.FOLLOWS), 0.0, False, id="what it waited for has come"),
        pytest.param(turn(Priority.MOVED, 990.0), 990.0, False, id="moved, and somebody asked"),
    ],
)
def test_how_fresh_a_look_must_be(why: Turn, since: float, *, urgent: bool) -> None:
    begun = rounds().begin(ASKED, why, 1000.0)
    assert (begun.since, begun.urgent) == (since, urgent)


def test_an_ask_stands_until_a_look_has_answered_it() -> None:
    made = rounds()
    made.begin(ASKED, turn(Priority.NOW, 990.0), 1000.0)
    made.end(ASKED, turn(Priority.NOW, 990.0), Outcome("", "", failure=AWAY))
    assert made.begin(ASKED, turn(Priority.SOON), 1001.0).since == 990.0
    made.end(ASKED, turn(Priority.SOON), FOUND)
    assert made.begin(ASKED, turn(Priority.SOON), 1002.0).since == 952.0


def test_what_is_settled_counts_for_a_move_alone() -> None:
    made = rounds()
    assert made.begin(ASKED, turn(Priority.MOVED), 1000.0).settled is None
    made.end(ASKED, turn(Priority.SOON), FOUND)
    settled = Settled("7ree", ASKED.inputs())
    assert made.begin(ASKED, turn(Priority.MOVED), 1000.0).settled == settled
    assert made.begin(ASKED, turn(Priority.SOON), 1000.0).settled is None, "drift is looked for"
    made.end(ASKED, turn(Priority.MOVED), replace(FOUND, failure=AWAY))
    assert made.begin(ASKED, turn(Priority.MOVED), 1000.0).settled is None


def test_the_next_round_is_an_interval_after_the_look_that_was_taken() -> None:
    made = rounds()
    made.begin(ASKED, turn(Priority.SOON), 1040.0)
    made.end(ASKED, turn(Priority.SOON), FOUND)
    assert made.next(KEY, 100.0, 1040.0, 0.5) == pytest.approx(60.0)
    assert made.next(KEY, 100.0, 1040.0, 0.0) == pytest.approx(55.0)
    assert made.next(KEY, 100.0, 5000.0, 0.5) == 1.0, "never at once"


def test_a_move_leaves_the_rounds_as_they_are() -> None:
    made = rounds()
    made.begin(ASKED, turn(Priority.SOON), 1000.0)
    made.end(ASKED, turn(Priority.SOON), FOUND)
    assert made.next(KEY, 100.0, 1000.0, 0.5) == pytest.approx(100.0)
    made.begin(ASKED, turn(Priority.MOVED), 1030.0)
    made.end(ASKED, turn(Priority.MOVED), replace(FOUND, begun=1030.0))
    assert made.next(KEY, 100.0, 1030.0, 0.5) == pytest.approx(70.0)
    made.drop(KEY)
    assert made.next(KEY, 100.0, 1030.0, 0.5) == pytest.approx(100.0)


LOCKED = Failure(Stage.FETCHED, Stalled(Reason.AUTHENTICATION_FAILED, "We are not let in."))


def test_a_secret_in_the_way_is_looked_at_more_often_than_the_repository() -> None:
    made = rounds()
    made.judge(KEY, Outcome("", "", failure=LOCKED))
    assert made.next(KEY, 100.0, 1000.0, 0.5) == 5.0
    assert made.waits_for_secret(turn(Priority.SOON), 1005.0)
    assert made.again(KEY, 1097.0) == pytest.approx(3.0)
    for urgent in (turn(Priority.NOW, 1005.0), turn(Priority.SOON, 1005.0), turn(Priority.MOVED)):
        assert not made.waits_for_secret(urgent, 1005.0)
    assert not made.waits_for_secret(turn(Priority.SOON), 1100.0), "the round is over"
    made.judge(KEY, FOUND)
    assert not made.waits_for_secret(turn(Priority.SOON), 1005.0)
    assert made.next(KEY, 100.0, 1000.0, 0.5) == pytest.approx(100.0)


def test_a_look_that_came_too_late_is_not_taken_again() -> None:
    late = Failure(Stage.SYNCED, Waiting(Reason.SUPERSEDED, "Another one was faster."))
    made = rounds()
    made.end(ASKED, turn(Priority.SOON), replace(FOUND, failure=late))
    since = made.begin(ASKED, turn(Priority.SOON), 1001.0).since
    assert since is not None
    assert 1000.0 < since < 1000.1
