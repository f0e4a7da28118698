"""Bitbucket, in the cloud and in a data center: the build status of a commit, and a report with the
problems at their lines.

After the REST references "Commit statuses", "Reports" (Cloud), "Build status" and "Code Insights"
(Data Center). Both demand an address for each status. The report comes first: the status that is
there already tells that both are. Imports this room.
"""

from __future__ import annotations

import hashlib
from typing import Any

from controller.notify.calls import Caller
from controller.notify.hosts.entry import Entry, says
from controller.notify.news import State
from controller.pack.diagnostic import Severity
from controller.pack.status import DiagnosticStatus
from controller.redact import brief

_STATES = {State.PENDING: "INPROGRESS", State.SUCCESS: "SUCCESSFUL", State.FAILURE: "FAILED"}
_KEY = 40
_SUMMARY = 450
"""Bytes of an annotation's summary that Cloud takes, the smaller of the two."""
_NOT_FOUND = (404,)


def cloud(caller: Caller, entry: Entry) -> None:
    """Set the status of the commit; its key has room for 40 characters."""
    owner, name = entry.api.parts
    key = _key(entry)
    commit = f"/repositories/{owner}/{name}/commit/{entry.result.commit}"
    place = f"{commit}/statuses/build"
    wanted = _status(entry, key)
    shown = caller.ask("GET", f"{place}/{key}", fine=_NOT_FOUND).json
    if isinstance(shown, dict) and says(shown, **wanted):
        return
    if entry.result.state is not State.PENDING:
        notes = [_cloud_note(entry, key, *one) for one in enumerate(entry.result.found)]
        kind = {"report_type": "TEST"}
        passed = "PASSED", "FAILED"
        _report(caller, f"{commit}/reports/{key}", entry, passed, notes, kind)
    caller.ask("POST", place, wanted)


def data_center(caller: Caller, entry: Entry) -> None:
    """Set the status of the commit."""
    project, name = entry.api.parts
    key = _key(entry)
    commit = f"projects/{project}/repos/{name}/commits/{entry.result.commit}"
    place = f"/rest/api/latest/{commit}/builds"
    wanted = _status(entry, key)
    shown = caller.ask("GET", f"{place}?key={key}", fine=_NOT_FOUND).json
    if isinstance(shown, dict) and says(shown, **wanted):
        return
    if entry.result.state is not State.PENDING:
        notes = {"annotations": [_note(entry, one) for one in entry.result.found]}
        found = notes if entry.result.found else None
        _report(
            caller, f"/rest/insights/latest/{commit}/reports/{key}", entry, ("PASS", "FAIL"), found
        )
    caller.ask("POST", place, wanted)


def _key(entry: Entry) -> str:
    return hashlib.sha256(entry.context.encode()).hexdigest()[:_KEY]


def _status(entry: Entry, key: str) -> dict[str, Any]:
    told = entry.result
    return {
        "key": key,
        "state": _STATES[told.state],
        "name": entry.context,
        "description": told.text,
        "url": entry.link,
    }


def _report(
    caller: Caller,
    place: str,
    entry: Entry,
    words: tuple[str, str],
    notes: object,
    more: dict[str, Any] | None = None,
) -> None:
    """A new report in place of the one before, whose annotations go with it."""
    told = entry.result
    good, bad = words
    body = {
        "title": entry.context,
        "details": told.text,
        "reporter": "Attune",
        "result": good if told.state is State.SUCCESS else bad,
        "link": entry.link,
        "data": [
            {"title": "Errors", "type": "NUMBER", "value": told.errors},
            {"title": "Warnings", "type": "NUMBER", "value": told.warnings},
        ],
        **(more or {}),
    }
    caller.ask("DELETE", place, fine=_NOT_FOUND)
    caller.ask("PUT", place, body)
    if notes:
        caller.ask("POST", f"{place}/annotations", notes)


def _cloud_note(entry: Entry, key: str, number: int, one: DiagnosticStatus) -> dict[str, Any]:
    note = _note(entry, one)
    return {
        "external_id": f"{key}-{number}",
        "annotation_type": "BUG",
        "summary": note["message"],
        **{name: note[name] for name in ("path", "line", "severity")},
    }


def _note(entry: Entry, one: DiagnosticStatus) -> dict[str, Any]:
    said = f"{one.code} {one.message} {one.hint or ''}".rstrip()
    return {
        "path": entry.file(one.file),
        "line": one.line,
        "message": brief(said, limit=_SUMMARY),
        "severity": "HIGH" if one.severity == Severity.ERROR else "MEDIUM",
        "type": "BUG",
    }
