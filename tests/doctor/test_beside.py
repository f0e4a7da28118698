"""What a Pack's status says, beside what was found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pytest

from controller.doctor.beside import Told, compare
from controller.doctor.finding import Finding, Result, Step
from controller.pack.identity import PackKey
from controller.pack.status import Condition, ConditionType, PackStatus
from controller.pack.tree import Revision

OLD, NEW = Revision("main", "a" * 40), Revision("main", "b" * 40)
SINCE = "2026-11-25T10:00:00Z"
LOGIN = Finding(Step.LOGIN, Result.FAILED, "No.", reason="AuthenticationFailed")


def condition(
    kind: ConditionType, status: Literal["True", "False"] = "True", reason: str = "Succeeded"
) -> Condition:
    return Condition(type=kind, status=status, reason=reason, last_transition_time=SINCE)


def says(*conditions: Condition, generation: int = 1, suspended: bool = False) -> Told:
    status = PackStatus(
        observed_generation=1, conditions=conditions, last_attempted_revision=str(OLD)
    )
    return Told(PackKey("team-a", "payments"), status, generation, suspended)


FETCHED = condition(ConditionType.FETCHED)
READY = condition(ConditionType.READY)
REFUSED = condition(ConditionType.FETCHED, "False", "AuthenticationFailed")
UNSIGNED = condition(ConditionType.VERIFIED, "False", "VerificationFailed")
INVALID = condition(ConditionType.READY, "False", "ValidationFailed")


@dataclass(frozen=True, slots=True)
class Case:
    """What is told, what was found, and what is made of both."""

    told: Told
    result: Result
    says: str
    failed: Finding | None = None
    revision: Revision | None = OLD
    hint: str = ""


CASES = {
    "the same revision": Case(
        says(READY, FETCHED), Result.OK, "main@aaaaaaaa, Ready is True: Succeeded"
    ),
    "a newer one here": Case(
        says(READY, FETCHED),
        Result.OK,
        "main@aaaaaaaa, Ready is True: Succeeded; main@bbbbbbbb comes with the next look",
        revision=NEW,
    ),
    "fetched, and then invalid": Case(
        says(INVALID, FETCHED), Result.OK, "main@aaaaaaaa, Ready is False: ValidationFailed"
    ),
    "the same failure": Case(
        says(REFUSED),
        Result.OK,
        f"the same: Fetched is False since {SINCE}: AuthenticationFailed",
        failed=LOGIN,
    ),
    "another failure": Case(
        says(FETCHED, UNSIGNED),
        Result.FAILED,
        f"Verified is False since {SINCE}: VerificationFailed, but here it is Authentication",
        failed=LOGIN,
        hint="kubectl annotate pack payments -n team-a reconcile.attune.io/requestedAt=",
    ),
    "a failure there alone": Case(
        says(REFUSED),
        Result.FAILED,
        f"Fetched is False since {SINCE}: AuthenticationFailed, but here it works",
        hint="run this command in its Pod",
    ),
    "a failure here alone": Case(
        says(READY, FETCHED), Result.FAILED, "main@aaaaaaaa, and no failure", LOGIN
    ),
    "nothing yet": Case(says(), Result.FAILED, "no controller has looked", hint="Lease"),
    "an older spec": Case(
        says(READY, FETCHED, generation=3), Result.FAILED, "generation 1 of the spec", hint="Lease"
    ),
    "suspended": Case(says(READY, suspended=True), Result.SKIPPED, "spec.suspend is true"),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_compared(case: Case) -> None:
    found = compare(case.told, None if case.failed else case.revision, case.failed)
    assert (found.step, found.result) == (Step.STATUS, case.result)
    assert case.says in found.detail
    assert case.hint in found.hint


def test_facts_for_programs() -> None:
    found = compare(says(INVALID, FETCHED), OLD, None)
    assert found.facts == {
        "lastAttemptedRevision": str(OLD),
        "ready": "ValidationFailed",
        "fetched": "Succeeded",
    }
