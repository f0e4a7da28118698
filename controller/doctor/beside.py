"""What a Pack's status says, beside what was found here. Pure; imports `pack` and `status`' words.

A status that says something else is no fault of the repository: either the controller has not
looked since, or it goes another way than this machine.
"""

from __future__ import annotations

from dataclasses import dataclass

from controller.doctor.finding import Fact, Finding, Result, Step
from controller.pack.identity import PackKey
from controller.pack.spec import REQUESTED_AT
from controller.pack.status import Condition, ConditionType, PackStatus
from controller.pack.tree import Revision
from controller.status.words import short

_STAGES = (ConditionType.FETCHED, ConditionType.VERIFIED)


@dataclass(frozen=True, slots=True)
class Told:
    """What a Pack says of itself; `generation` is that of its spec now."""

    key: PackKey
    status: PackStatus
    generation: int
    suspended: bool

    def condition(self, kind: ConditionType) -> Condition | None:
        """The condition of this type."""
        return next((one for one in self.status.conditions if one.type is kind), None)


def compare(told: Told, revision: Revision | None, failed: Finding | None) -> Finding:
    """The finding for the status: `revision` is what was found, or `failed` what stopped it."""
    if not told.status.conditions:
        return _differs(
            told,
            "It is empty: no controller has looked at this Pack.",
            "See whether the controller runs, holds the Lease and watches this namespace.",
        )
    if told.suspended:
        return Finding(Step.STATUS, Result.SKIPPED, "spec.suspend is true: nobody looks")
    if told.status.observed_generation != told.generation:
        return _differs(
            told,
            f"It speaks of generation {told.status.observed_generation} of the spec, which is at "
            f"{told.generation} now.",
            "See whether the controller runs, holds the Lease and watches this namespace.",
        )
    wrong = _wrong(told)
    if wrong is not None:
        return _beside_failure(told, wrong, failed)
    if failed is not None:
        return _differs(told, f"It has {_seen(told)}, and no failure.", _elsewhere(told))
    return _beside_revision(told, revision)


def _wrong(told: Told) -> Condition | None:
    found = (told.condition(kind) for kind in _STAGES)
    return next((one for one in found if one is not None and one.status != "True"), None)


def _beside_failure(told: Told, wrong: Condition, failed: Finding | None) -> Finding:
    said = f"{wrong.type} is {wrong.status} since {wrong.last_transition_time}: {wrong.reason}"
    if failed is None:
        return _differs(told, f"{said}, but here it works.", _elsewhere(told))
    if failed.reason != wrong.reason:
        return _differs(told, f"{said}, but here it is {failed.reason}.", _elsewhere(told))
    return Finding(Step.STATUS, Result.OK, f"the same: {said}", _facts(told))


def _beside_revision(told: Told, revision: Revision | None) -> Finding:
    found = str(revision) if revision else ""
    ready = told.condition(ConditionType.READY)
    said = f"{_seen(told)}, Ready is {ready.status}: {ready.reason}" if ready else _seen(told)
    if found and found != told.status.last_attempted_revision:
        said = f"{said}; {short(revision)} comes with the next look"
    return Finding(Step.STATUS, Result.OK, said, _facts(told))


def _seen(told: Told) -> str:
    name, _, commit = (told.status.last_attempted_revision or "").rpartition("@")
    short_commit = commit.partition(":")[2][:8]
    return f"{name}@{short_commit}" if name else short_commit or "no revision"


def _differs(told: Told, detail: str, hint: str) -> Finding:
    return Finding(Step.STATUS, Result.FAILED, detail, _facts(told), hint=hint)


def _elsewhere(told: Told) -> str:
    return (
        "Have it look now: kubectl annotate pack "
        f'{told.key.name} -n {told.key.namespace} {REQUESTED_AT}="$(date +%s)" --overwrite. If '
        "that changes nothing, the controller goes another way than this machine: run this "
        "command in its Pod."
    )


def _facts(told: Told) -> dict[str, Fact]:
    conditions = {kind: told.condition(kind) for kind in (ConditionType.READY, *_STAGES)}
    reasons = {kind.value: one.reason for kind, one in conditions.items() if one}
    return {
        "lastAttemptedRevision": told.status.last_attempted_revision,
        **{name[0].lower() + name[1:]: reason for name, reason in reasons.items()},
    }
