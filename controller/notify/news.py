"""A Pack's status → what there is to tell of it. Pure; imports `pack`, `errors` and `status`.

News have a `key` that stays the same as long as they say the same: what was told once is not told
again, also not by the next process.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from controller.errors import Reason
from controller.pack.status import Condition, ConditionType, DiagnosticStatus, PackStatus
from controller.redact import brief
from controller.status.events import condition
from controller.status.words import plural

TEXT = 140
"""Characters of a description that GitHub takes; the others take more."""

_KEY = 16
# A commit that is in the database stays well while the controller is kept from a look at it; these
# are the commit's own.
_OF_THE_COMMIT = frozenset(
    {
        Reason.PARTIALLY_SYNCED,
        Reason.VALIDATION_FAILED,
        Reason.PACK_INVALID,
        Reason.VERIFICATION_FAILED,
    }
)
_UNSAID = frozenset({Reason.SUSPENDED, Reason.DRY_RUN})


class State(StrEnum):
    """What a host shows beside a commit."""

    PENDING = "pending"
    SUCCESS = "success"
    FAILURE = "failure"


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a commit. `text` has TEXT bytes at most; `found` are its problems, as many as
    the status has, and `errors` and `warnings` count all."""

    commit: str
    state: State
    text: str
    key: str
    errors: int = 0
    warnings: int = 0
    found: tuple[DiagnosticStatus, ...] = ()


class Kind(StrEnum):
    """The states of a Pack that are told of, as the last part of a CloudEvent's type."""

    READY = "ready"
    RETRYING = "retrying"
    FAILED = "failed"
    WAITING = "waiting"
    SUSPENDED = "suspended"


@dataclass(frozen=True, slots=True)
class Notice:
    """The state that a Pack is in since `time`."""

    kind: Kind
    key: str
    time: str
    reason: str
    message: str
    status: PackStatus


def pending(commit: str) -> Result:
    """The news that a commit is being worked on."""
    return Result(commit, State.PENDING, "Being synced.", _key(commit, State.PENDING))


def result(status: PackStatus) -> Result | None:
    """What became of the commit that was looked at last; None where nothing is known of it."""
    ready, fetched = (
        condition(status, one) for one in (ConditionType.READY, ConditionType.FETCHED)
    )
    commit = (status.last_attempted_revision or "").rpartition(":")[2]
    if not commit or ready is None or fetched is None or fetched.status != "True":
        return None
    state = _state(status, ready)
    if state is None:
        return None
    text = brief(_text(status, ready, state), limit=TEXT)
    checked = status.validation
    errors, warnings = (checked.error_count, checked.warning_count) if checked else (0, 0)
    found = checked.diagnostics if checked else ()
    reason = "" if state is State.SUCCESS else ready.reason
    key = _key(commit, state, reason, str(errors), str(warnings))
    return Result(commit, state, text, key, errors, warnings, found)


def _state(status: PackStatus, ready: Condition) -> State | None:
    is_applied = status.last_applied_revision == status.last_attempted_revision
    if ready.reason in _UNSAID:
        return None
    if ready.status == "True":
        return State.SUCCESS if is_applied else State.FAILURE
    if is_applied and ready.reason not in _OF_THE_COMMIT:
        return None
    return State.FAILURE if condition(status, ConditionType.STALLED) else State.PENDING


def _text(status: PackStatus, ready: Condition, state: State) -> str:
    if state is not State.SUCCESS or status.pack is None:
        return ready.message
    count, warnings = status.workflow_count or 0, 0
    if status.validation:
        warnings = status.validation.warning_count
    noted = f"; {plural(warnings, 'warning')}" if warnings else ""
    pack = f"{status.pack.ref} {status.pack.version}"
    return f"{plural(count, 'workflow')} of {pack} in the database{noted}."


def notice(uid: str, status: PackStatus) -> Notice | None:
    """The state that a Pack, told from others of its name by `uid`, is in; None for a state that
    nobody is told of."""
    ready = condition(status, ConditionType.READY)
    if ready is None or ready.reason == Reason.DRY_RUN:
        return None
    kind = _kind(status, ready)
    time = ready.last_transition_time
    revisions = status.last_attempted_revision or "", status.last_applied_revision or ""
    key = _key(uid, kind, ready.reason, time, *revisions)
    return Notice(kind, key, time, ready.reason, ready.message, status)


def _kind(status: PackStatus, ready: Condition) -> Kind:
    if ready.status == "True":
        return Kind.READY
    named = {Reason.SUSPENDED.value: Kind.SUSPENDED, Reason.PENDING_APPROVAL.value: Kind.WAITING}
    if ready.reason in named:
        return named[ready.reason]
    return Kind.FAILED if condition(status, ConditionType.STALLED) else Kind.RETRYING


def _key(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:_KEY]
