"""What a Pack says after each kind of outcome, and that it says nothing new about nothing new."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.errors import PackError, Stage
from controller.pack.outcome import Outcome
from controller.pack.unverified import Unverified
from controller.pack.verdict import SignatureKind, Signer, Verdict
from controller.status import Circumstances, events, removing, render, suspended, to_patch
from tests.status.outcomes import (
    FIRST,
    NOW,
    SECOND,
    STALLED,
    TRANSIENT,
    WAITING,
    after,
    failed,
    summary,
    synced,
    verified,
)

GOOD = ("True", "Succeeded")
UNVERIFIED = Unverified("It is not signed.", hint="Sign it.")
AROUND = Circumstances(1, NOW)


def unasked(outcome: Outcome) -> Outcome:
    """It, of a Pack that asks for no signatures."""
    return replace(outcome, verifies=False)


@dataclass(frozen=True, slots=True)
class Case:
    """A failure, and the conditions it leads to after a good sync."""

    error: PackError
    stage: Stage
    conditions: dict[str, tuple[str, str]]


CASES = {
    "a person must act on Git": Case(
        STALLED,
        Stage.FETCHED,
        {
            "Ready": ("False", "RefNotFound"),
            "Stalled": ("True", "RefNotFound"),
            "Fetched": ("False", "RefNotFound"),
            "Validated": GOOD,
            "Synced": GOOD,
        },
    ),
    "Git is away": Case(
        TRANSIENT,
        Stage.FETCHED,
        {
            "Ready": ("False", "GitUnreachable"),
            "Reconciling": ("True", "ProgressingWithRetry"),
            "Fetched": ("False", "GitUnreachable"),
            "Validated": GOOD,
            "Synced": GOOD,
        },
    ),
    "a bad revision": Case(
        STALLED,
        Stage.VALIDATED,
        {
            "Ready": ("False", "RefNotFound"),
            "Stalled": ("True", "RefNotFound"),
            "Fetched": GOOD,
            "Validated": ("False", "RefNotFound"),
            "Synced": GOOD,
        },
    ),
    "a revision that is not signed": Case(
        UNVERIFIED,
        Stage.VERIFIED,
        {
            "Ready": ("False", "VerificationFailed"),
            "Stalled": ("True", "VerificationFailed"),
            "Fetched": GOOD,
            "Verified": ("False", "VerificationFailed"),
            "Validated": GOOD,
            "Synced": GOOD,
        },
    ),
    "the database makes it wait": Case(
        WAITING,
        Stage.SYNCED,
        {
            "Ready": ("False", "PruneBlocked"),
            "Reconciling": ("True", "ProgressingWithRetry"),
            "Fetched": GOOD,
            "Validated": GOOD,
            "Synced": ("False", "PruneBlocked"),
        },
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_a_failure_is_a_condition_and_keeps_the_last_good_data(case: Case) -> None:
    good = after(synced())

    status = after(synced(), failed(case.error, case.stage))

    assert summary(status) == case.conditions
    assert {one.message for one in status.conditions if one.status == "False"} == {str(case.error)}
    kept = ("pack", "source", "revision", "last_applied_revision", "commit", "last_sync_time")
    for name in (*kept, "sync", "workflow_count", "workflows", "history"):
        assert getattr(status, name) == getattr(good, name) is not None, name


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_it_heals_without_a_scar(case: Case) -> None:
    status = after(synced(), failed(case.error, case.stage), unasked(synced(SECOND, created=0)))

    assert summary(status) == dict.fromkeys(("Ready", "Fetched", "Validated", "Synced"), GOOD)
    assert status.last_applied_revision == str(SECOND)
    assert status.next_sync_time is None


SIGNER = Signer(SignatureKind.OPENPGP, "Jane <jane@example.com>", "0x0123456789ABCDEF", NOW)
OTHER = Signer(SignatureKind.SSH, "", "SHA256:abc", NOW)
JANE = "Jane <jane@example.com> (OpenPGP 0x0123456789ABCDEF)"


@pytest.mark.parametrize(
    ("verdict", "message"),
    [
        (Verdict(SIGNER, None, ""), f"main@11111111 is signed by {JANE}."),
        (Verdict(None, OTHER, ""), "The tag of main@11111111 is signed by the SSH key SHA256:abc."),
        (
            Verdict(SIGNER, OTHER, ""),
            f"main@11111111 is signed by {JANE}, its tag by the SSH key SHA256:abc.",
        ),
    ],
)
def test_who_signed_is_told_as_long_as_it_is_asked(verdict: Verdict, message: str) -> None:
    signed = replace(synced(), verdict=verdict)
    status = after(signed)
    assert list(summary(status)) == ["Ready", "Fetched", "Verified", "Validated", "Synced"]
    assert status.conditions[2].message == message
    assert summary(after(signed, failed(TRANSIENT)))["Verified"] == GOOD
    assert "Verified" not in summary(after(signed, unasked(synced())))
    assert "Verified" not in summary(after(signed, unasked(failed(TRANSIENT))))


def test_the_first_failure_speaks_only_of_what_it_reached() -> None:
    assert list(summary(after(failed(TRANSIENT)))) == ["Ready", "Reconciling", "Fetched"]


def test_when_it_is_tried_again_is_told_while_it_fails() -> None:
    assert after(failed(TRANSIENT), retry=True).next_sync_time == "2026-05-01T12:00:30Z"


ANY = st.sampled_from(
    [
        synced(),
        synced(SECOND),
        synced(created=0, wrote=False),
        verified(),
        verified(SECOND),
        *(failed(error, stage) for error in (STALLED, WAITING, TRANSIENT) for stage in Stage),
    ]
)


@given(st.lists(ANY, min_size=1, max_size=6))
def test_the_rules_of_kstatus_hold_after_any_history(outcomes: list[Outcome]) -> None:
    status = after(*outcomes)

    said = summary(status)
    assert not {"Reconciling", "Stalled"} <= said.keys()
    is_abnormal = bool({"Reconciling", "Stalled"} & said.keys())
    assert said["Ready"][0] == ("False" if is_abnormal else "True")
    assert is_abnormal == (outcomes[-1].failure is not None)
    assert status.observed_generation == 1
    assert len(status.history) <= 5


@given(st.lists(ANY, min_size=1, max_size=4), ANY)
def test_saying_it_twice_writes_nothing(outcomes: list[Outcome], last: Outcome) -> None:
    before = after(*outcomes, last)
    later = Circumstances(1, NOW.replace(hour=23))

    # A sync that wrote rows a second time is news, all else is not.
    again = verified(last.revision) if last.failure is None and last.revision else last
    assert to_patch(before, render(again, before, later)) is None


def test_a_transition_keeps_its_time_while_nothing_turns() -> None:
    first, second = after(synced()), after(synced(), synced(SECOND))
    assert {one.last_transition_time for one in second.conditions} == {"2026-05-01T12:00:00Z"}
    assert first.last_sync_time == "2026-05-01T12:00:00Z"
    assert second.last_sync_time == "2026-05-01T12:01:00Z"


def test_a_commit_elsewhere_moves_only_the_revision() -> None:
    before, moved = after(synced()), after(synced(), verified(SECOND))

    patch = to_patch(before, moved) or {}

    assert patch.keys() == {
        "conditions",
        "lastAppliedRevision",
        "lastAttemptedRevision",
        "moved",
        "revision",
    }
    assert moved.history == before.history


def test_a_patch_names_what_went_as_null() -> None:
    before = after(synced(), failed(TRANSIENT), retry=True)
    assert before.next_sync_time
    assert (to_patch(before, after(synced())) or {})["nextSyncTime"] is None


def test_suspended_and_removing_leave_the_rest_as_it_was() -> None:
    before = after(synced(), failed(STALLED))
    assert summary(suspended(before, AROUND)) == {
        "Ready": ("False", "Suspended"),
        "Fetched": ("False", "RefNotFound"),
        "Validated": GOOD,
        "Synced": GOOD,
    }
    waiting = removing(before, WAITING, AROUND)
    assert summary(waiting)["Ready"] == ("False", "PruneBlocked")
    assert "Stalled" not in summary(waiting)
    assert waiting.workflows == before.workflows


def test_the_request_that_was_handled_is_named_and_stays_named() -> None:
    status = after(synced(), requested="noon")
    assert status.last_handled_reconcile_at == "noon"
    later = render(verified(FIRST), status, AROUND)
    assert later.last_handled_reconcile_at == "noon"


EVENTS = {
    "the first sync": ([], synced(), ["Normal Succeeded"]),
    "the same commit": ([synced()], verified(), []),
    "a commit elsewhere": ([synced()], verified(SECOND), ["Normal Succeeded"]),
    "rows put right": ([synced()], synced(created=1), ["Normal Succeeded"]),
    "a failure": ([synced()], failed(STALLED), ["Warning RefNotFound"]),
    "the same failure": ([synced(), failed(STALLED)], failed(STALLED), []),
    "another failure": ([failed(STALLED)], failed(TRANSIENT), ["Warning GitUnreachable"]),
    "all well again": ([synced(), failed(TRANSIENT)], synced(created=0), ["Normal Succeeded"]),
}


@pytest.mark.parametrize(("past", "outcome", "told"), EVENTS.values(), ids=EVENTS.keys())
def test_only_news_is_an_event(past: list[Outcome], outcome: Outcome, told: list[str]) -> None:
    before = after(*past)
    now = after(*past, outcome)
    assert [f"{one.type} {one.reason}" for one in events(before, now)] == told
