"""What a Pack says of rows that others changed, and that it says nothing new about nothing new."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from controller.pack.drift import Change, Drift, DriftedRow, Happening
from controller.pack.outcome import Outcome
from controller.pack.status import DriftStatus, PackStatus
from controller.status import Event, EventType, events, to_patch
from tests.status.outcomes import SECOND, TRANSIENT, after, failed, summary, synced, verified

CHANGED = DriftedRow(
    "demo.a", (Happening.ACTION_CHANGED,), (Change("action.label", "A", "x"),), is_corrected=False
)
DELETED = DriftedRow("demo.b", (Happening.DEFINITION_DELETED,), is_corrected=False)
PACK = DriftedRow("demo", (Happening.PACK_CHANGED,), (Change("meta.team"),), is_corrected=False)

NONE = Drift()
LEFT = Drift((CHANGED,), 1, 0, "d1")
MORE = Drift((CHANGED, DELETED), 2, 0, "d2")
CORRECTED = Drift((replace(CHANGED, is_corrected=True),), 1, 1)
HALF = Drift((replace(CHANGED, is_corrected=True), DELETED), 2, 1, "d3")

FREE = ("True", "Succeeded")
FIXED = ("True", "DriftCorrected")
FOUND = ("False", "DriftDetected")
GONE = ("True", "DriftResolved")


def found(drift: Drift, outcome: Outcome | None = None, *, wrote: bool = False) -> Outcome:
    """A sync that found this."""
    return replace(outcome or synced(created=0, wrote=wrote), drift=drift)


def unwatched(drift: Drift) -> Outcome:
    """The same of a Pack whose driftPolicy is Ignore."""
    return replace(found(drift), watches_drift=False)


FIRST_SYNC = found(NONE, synced())


@dataclass(frozen=True, slots=True)
class Case:
    """What happened, what DriftFree says in the end, and the events of the last outcome."""

    outcomes: tuple[Outcome, ...]
    says: tuple[str, str] | None
    posted: tuple[str, ...] = ()


CASES = {
    "all as applied": Case((FIRST_SYNC,), FREE, ("Succeeded",)),
    "put right": Case((FIRST_SYNC, found(CORRECTED, wrote=True)), FIXED,
                      ("Succeeded", "DriftCorrected")),
    "put right, and nothing since": Case((FIRST_SYNC, found(CORRECTED), found(NONE)), FIXED),
    "put right, then a commit": Case(
        (FIRST_SYNC, found(CORRECTED), found(NONE, synced(SECOND))), FREE, ("Succeeded",)
    ),
    "left": Case((FIRST_SYNC, found(LEFT)), FOUND, ("DriftDetected",)),
    "left, seen again": Case((FIRST_SYNC, found(LEFT), found(LEFT)), FOUND),
    "left, and more": Case((FIRST_SYNC, found(LEFT), found(MORE)), FOUND, ("DriftDetected",)),
    "left, and a look that had nothing to say": Case(
        (FIRST_SYNC, found(LEFT), verified()), FOUND
    ),
    "left, and Git is away": Case(
        (FIRST_SYNC, found(LEFT), failed(TRANSIENT)), FOUND, ("GitUnreachable",)
    ),
    "some put right": Case((FIRST_SYNC, found(HALF)), FOUND, ("DriftDetected",)),
    "taken back": Case((FIRST_SYNC, found(LEFT), found(NONE)), GONE, ("DriftResolved",)),
    "taken back long ago": Case((FIRST_SYNC, found(LEFT), found(NONE), found(NONE)), GONE),
    "nobody wants to know": Case((FIRST_SYNC, unwatched(LEFT)), None),
    "nobody wants to know any more": Case((FIRST_SYNC, found(LEFT), unwatched(LEFT)), None),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_driftfree_and_its_events(case: Case) -> None:
    before, now = after(*case.outcomes[:-1]), after(*case.outcomes)
    assert summary(now).get("DriftFree") == case.says
    assert tuple(event.reason for event in events(before, now)) == case.posted


@pytest.mark.parametrize("again", [found(LEFT), verified()], ids=["a whole look", "a short look"])
def test_the_same_drift_again_is_no_write(again: Outcome) -> None:
    status = after(FIRST_SYNC, found(LEFT))
    assert to_patch(status, after(FIRST_SYNC, found(LEFT), again, again)) is None


def test_the_status_tells_what_happened_to_which_row_and_field() -> None:
    told = _drift(after(FIRST_SYNC, found(Drift((PACK, CHANGED, DELETED), 30, 0, "d"))))
    assert told.model_dump(mode="json", by_alias=True, exclude_none=True) == {
        "digest": "d",
        "time": "2026-05-01T12:01:00Z",
        "totalCount": 30,
        "correctedCount": 0,
        "truncated": True,
        "rows": [
            {
                "ref": "demo",
                "happened": ["PackChanged"],
                "changes": [{"field": "meta.team"}],
                "corrected": False,
                "since": "2026-05-01T12:01:00Z",
            },
            {
                "ref": "demo.a",
                "happened": ["ActionChanged"],
                "changes": [{"field": "action.label", "applied": "A", "found": "x"}],
                "corrected": False,
                "since": "2026-05-01T12:01:00Z",
            },
            {
                "ref": "demo.b",
                "happened": ["DefinitionDeleted"],
                "changes": [],
                "corrected": False,
                "since": "2026-05-01T12:01:00Z",
            },
        ],
    }


def test_a_row_keeps_the_time_when_it_was_found() -> None:
    rows = _drift(after(FIRST_SYNC, found(LEFT), found(MORE))).rows
    times = {row.ref: row.since[11:16] for row in rows}
    assert times == {"demo.a": "12:01", "demo.b": "12:02"}


@pytest.mark.parametrize(
    ("drift", "event"),
    [
        pytest.param(
            LEFT,
            "1 row was changed by others: demo.a: action changed (action.label).",
            id="left",
        ),
        pytest.param(
            CORRECTED,
            "1 row was changed by others, and put right: demo.a: action changed (action.label).",
            id="put right",
        ),
        pytest.param(
            HALF,
            "2 rows were changed by others, 1 of them put right: demo.a: action changed "
            "(action.label); demo.b: definition deleted.",
            id="some put right",
        ),
        pytest.param(
            Drift((PACK, CHANGED, DELETED), 30, 0, "d"),
            "30 rows were changed by others: demo: pack changed (meta.team); demo.a: action "
            "changed (action.label) (and 28 more).",
            id="many",
        ),
    ],
)
def test_the_event_names_the_rows(drift: Drift, event: str) -> None:
    *_, posted = events(after(FIRST_SYNC), after(FIRST_SYNC, found(drift)))
    assert posted == Event(EventType.WARNING, posted.reason, event)


def test_ready_stays_when_drift_is_only_reported() -> None:
    assert summary(after(FIRST_SYNC, found(LEFT)))["Ready"] == ("True", "Succeeded")


def _drift(status: PackStatus) -> DriftStatus:
    assert status.drift
    return status.drift
