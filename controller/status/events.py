"""What is worth an event: only changes of state. Pure; imports `pack` and `errors`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from controller.errors import Reason
from controller.pack.status import Condition, ConditionType, PackStatus


class EventType(StrEnum):
    """The two types of a Kubernetes event."""

    NORMAL = "Normal"
    WARNING = "Warning"


@dataclass(frozen=True, slots=True)
class Event:
    """One line in `kubectl describe`."""

    type: EventType
    reason: str
    message: str


def events(before: PackStatus, after: PackStatus) -> tuple[Event, ...]:
    """One when Ready says something new or a new revision was applied, and one when rows were
    found changed by others, were put right, or are as applied again; one when workflows of other
    packs call what was pruned; one for each new plan of a dry run; and one when the Pack's own
    webhook cannot be."""
    return (
        *_ready(before, after),
        *_drift(before, after),
        *_callers(before, after),
        *_dry_run(before, after),
        *_webhook(before, after),
    )


def _webhook(before: PackStatus, after: PackStatus) -> tuple[Event, ...]:
    if after.webhook is None or not after.webhook.message or after.webhook == before.webhook:
        return ()
    return (Event(EventType.WARNING, "WebhookUnavailable", after.webhook.message),)


def _ready(before: PackStatus, after: PackStatus) -> tuple[Event, ...]:
    ready = condition(after, ConditionType.READY)
    if ready is None or ready.reason == Reason.DRY_RUN:
        return ()
    if _same(condition(before, ConditionType.READY), ready, before, after):
        return ()
    is_well = ready.status == "True" or ready.reason == Reason.PENDING_APPROVAL
    kind = EventType.NORMAL if is_well else EventType.WARNING
    return (Event(kind, ready.reason, ready.message),)


def _drift(before: PackStatus, after: PackStatus) -> tuple[Event, ...]:
    found = condition(after, ConditionType.DRIFT_FREE)
    if found is None:
        return ()
    if after.drift and after.drift != before.drift:
        return (Event(EventType.WARNING, found.reason, found.message),)
    was = condition(before, ConditionType.DRIFT_FREE)
    if found.reason == Reason.DRIFT_RESOLVED and was and was.status == "False":
        return (Event(EventType.NORMAL, found.reason, found.message),)
    return ()


def _callers(before: PackStatus, after: PackStatus) -> tuple[Event, ...]:
    synced = condition(after, ConditionType.SYNCED)
    is_news = after.sync is not None and after.sync != before.sync and bool(after.sync.callers)
    if not (is_news and synced):
        return ()
    return (Event(EventType.WARNING, Reason.STILL_CALLED, synced.message),)


def _dry_run(before: PackStatus, after: PackStatus) -> tuple[Event, ...]:
    found = after.dry_run
    if found is None or found == before.dry_run or found.reason != Reason.DRY_RUN:
        return ()
    return (Event(EventType.NORMAL, found.reason, found.message),)


def condition(status: PackStatus, kind: ConditionType) -> Condition | None:
    """The condition of this type, if there is one."""
    return next((one for one in status.conditions if one.type == kind), None)


def _same(old: Condition | None, new: Condition, before: PackStatus, after: PackStatus) -> bool:
    """Whether a reader of the events knows all of it already.

    While Ready stays True its message also changes when a sync is looked at again; then only a
    new revision or new rows are news.
    """
    if old is None or (old.status, old.reason) != (new.status, new.reason):
        return False
    if new.status == "True":
        return before.last_applied_revision == after.last_applied_revision and (
            before.last_sync_time == after.last_sync_time
        )
    return old.message == new.message
