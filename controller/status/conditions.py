"""Outcome → conditions. Pure; imports `pack` and `errors`.

Ready is computed from the stages, never set by one. Reconciling and Stalled are present only while
True and never both (kstatus, cli-utils pkg/kstatus/status/generic.go): Stalled when a person must
act, Reconciling when the controller tries again by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from controller.errors import Reason, Stage, Stalled
from controller.pack.outcome import Outcome
from controller.pack.rules import UNMET_DEPENDENCY
from controller.pack.status import Condition, ConditionType
from controller.redact import brief
from controller.status import words

Truth = Literal["True", "False", "Unknown"]

_ORDER = tuple(ConditionType)
_STAGES = tuple(Stage)
_ABNORMAL = (ConditionType.RECONCILING, ConditionType.STALLED)


@dataclass(frozen=True, slots=True)
class Finding:
    """A condition before it has a time, its message in full length."""

    type: ConditionType
    status: Truth
    reason: Reason
    message: str


def of(outcome: Outcome) -> tuple[Finding, ...]:
    """The conditions that `outcome` speaks of; a stage it did not reach is left out."""
    if outcome.failure is None:
        return (*_passed(outcome), _ready(outcome))
    stage, error = outcome.failure.stage, outcome.failure.error
    message = str(error)
    failed = Finding(ConditionType(stage), "False", error.reason, message)
    passed = [one for one in _passed(outcome) if _before(one.type, stage)]
    ready = Finding(ConditionType.READY, "False", error.reason, message)
    return (*passed, failed, ready, _abnormal(outcome))


def _abnormal(outcome: Outcome) -> Finding:
    """Who is to move next: a person (Stalled) or the controller (Reconciling)."""
    assert outcome.failure is not None  # noqa: S101  # only called for a failure
    error = outcome.failure.error
    message = str(error)
    if isinstance(error, Stalled):
        return Finding(ConditionType.STALLED, "True", error.reason, message)
    return Finding(ConditionType.RECONCILING, "True", Reason.PROGRESSING_WITH_RETRY, message)


def _before(kind: ConditionType, stage: Stage) -> bool:
    return _STAGES.index(Stage(kind)) < _STAGES.index(stage)


def _passed(outcome: Outcome) -> list[Finding]:
    found = []
    if outcome.hindrance is not None:
        kind, error = ConditionType(outcome.hindrance.stage), outcome.hindrance.error
        found.append(Finding(kind, "False", error.reason, str(error)))
    elif outcome.revision is not None:
        found.append(_good(ConditionType.FETCHED, words.fetched(outcome)))
    if outcome.verdict is not None:
        found.append(
            _good(ConditionType.VERIFIED, words.verified(outcome.revision, outcome.verdict))
        )
    if outcome.findings is not None:
        found.append(_validated(outcome))
    if outcome.applied is not None:
        found.append(_good(ConditionType.SYNCED, words.synced(outcome.applied)))
    return found


def _validated(outcome: Outcome) -> Finding:
    assert outcome.findings is not None  # noqa: S101  # the caller looked
    message = words.validated(outcome.findings)
    if any(one.rule is not UNMET_DEPENDENCY for one in outcome.findings.errors):
        return Finding(ConditionType.VALIDATED, "False", Reason.VALIDATION_FAILED, message)
    return _good(ConditionType.VALIDATED, message)


def _ready(outcome: Outcome) -> Finding:
    reason = Reason.ROLLED_BACK if outcome.restored else Reason.SUCCEEDED
    return Finding(ConditionType.READY, "True", reason, words.ready(outcome))


def _good(kind: ConditionType, message: str) -> Finding:
    return Finding(kind, "True", Reason.SUCCEEDED, message)


def merged(
    before: tuple[Condition, ...], found: tuple[Finding, ...], *, generation: int, now: str
) -> tuple[Condition, ...]:
    """`found` in place of what `before` said of the same things; Ready and other stages stay.

    A condition that says nothing new keeps the time of its last transition.
    """
    old = {one.type: one for one in before}
    new = {one.type: _condition(one, old.get(one.type), generation, now) for one in found}
    staying = {kind: one for kind, one in old.items() if kind not in _ABNORMAL}
    return tuple(sorted({**staying, **new}.values(), key=lambda one: _ORDER.index(one.type)))


def _condition(found: Finding, old: Condition | None, generation: int, now: str) -> Condition:
    same = old is not None and old.status == found.status
    return Condition(
        type=found.type,
        status=found.status,
        reason=found.reason,
        message=brief(found.message),
        last_transition_time=old.last_transition_time if old and same else now,
        observed_generation=generation,
    )
