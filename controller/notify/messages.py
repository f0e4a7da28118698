"""The bodies of webhooks. Pure; imports `news` and `subject`."""

from __future__ import annotations

from typing import Any

from controller.notify.news import Kind, Notice
from controller.notify.subject import Subject

EVENT_TYPE = "io.attune.pack."

_MARKS = {
    Kind.READY: ":white_check_mark:",
    Kind.RETRYING: ":hourglass_flowing_sand:",
    Kind.FAILED: ":x:",
    Kind.WAITING: ":raised_hand:",
    Kind.SUSPENDED: ":double_vertical_bar:",
}
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def cloud_event(subject: Subject, told: Notice) -> dict[str, Any]:
    """The event in CloudEvents' JSON (specification 1.0.2); its id is the same whenever it is sent
    again."""
    made: dict[str, Any] = {
        "specversion": "1.0",
        "id": told.key,
        "source": subject.source,
        "type": EVENT_TYPE + told.kind,
        "subject": str(subject.key),
        "time": told.time,
        "datacontenttype": "application/json",
        "data": _data(subject, told),
    }
    return made


def _data(subject: Subject, told: Notice) -> dict[str, Any]:
    status, pack = told.status, told.status.pack
    found = status.validation
    known = {
        "namespace": subject.key.namespace,
        "name": subject.key.name,
        "cluster": subject.cluster or None,
        "ref": pack.ref if pack else None,
        "version": pack.version if pack else None,
        "reason": told.reason,
        "message": told.message,
        "revision": status.last_attempted_revision,
        "appliedRevision": status.last_applied_revision,
        "errors": found.error_count if found else 0,
        "warnings": found.warning_count if found else 0,
        "url": subject.page or None,
    }
    return {name: value for name, value in known.items() if value is not None}


def slack(subject: Subject, told: Notice) -> dict[str, Any]:
    """The text that Slack's incoming webhooks take, and those of Mattermost and others; nothing in
    it can mention or link (Slack, "Formatting text": three characters are to be escaped)."""
    name = _plain(str(subject.key))
    shown = f"<{subject.page}|{name}>" if subject.page else f"*{name}*"
    where = f" ({_plain(subject.cluster)})" if subject.cluster else ""
    head = f"{_MARKS[told.kind]} {shown}{where}: {_plain(told.reason)}"
    return {"text": f"{head}\n{_plain(told.message)}"}


def _plain(text: str) -> str:
    return text.translate(_ESCAPES)
