"""GitHub: commit statuses with a token, check runs with an App, which alone may write them.

After GitHub's REST reference, "Commit statuses" and "Check runs". Imports this room.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from controller.notify.calls import Caller
from controller.notify.hosts.entry import Entry, items, says
from controller.notify.news import Result, State
from controller.pack.diagnostic import Severity
from controller.pack.status import DiagnosticStatus
from controller.redact import brief
from controller.status.words import plural

_PAGES = 10
_PER_PAGE = 100
_ANNOTATIONS = 50
_TITLE = 255
_HEADERS = {"Accept": "application/vnd.github+json", "X_GitHub_Api_Version": "2022-11-28"}


def status(caller: Caller, entry: Entry) -> None:
    """Set the status of the commit."""
    caller, place = caller.with_headers(**_HEADERS), _place(entry)
    told = entry.result
    wanted = {
        "state": told.state.value,
        "description": told.text,
        "target_url": entry.subject.page or None,
    }
    shown = _shown(caller, f"{place}/commits/{told.commit}/status", entry.context)
    if shown is None or not says(shown, **wanted):
        body = {**wanted, "context": entry.context}
        caller.ask("POST", f"{place}/statuses/{told.commit}", body)


def _shown(caller: Caller, path: str, context: str) -> dict[str, Any] | None:
    for page in range(1, _PAGES + 1):
        found = caller.ask("GET", f"{path}?per_page={_PER_PAGE}&page={page}").json
        listed = items(found.get("statuses")) if isinstance(found, dict) else []
        for one in listed:
            if one.get("context") == context:
                return one
        if len(listed) < _PER_PAGE:
            return None
    return None


def check(caller: Caller, entry: Entry) -> None:
    """Have a check run with the result and its problems at their lines."""
    caller, place = caller.with_headers(**_HEADERS), _place(entry)
    told = entry.result
    query = f"check_name={quote(entry.context, safe='')}&filter=latest"
    found = caller.ask("GET", f"{place}/commits/{told.commit}/check-runs?{query}").json
    runs = items(found.get("check_runs")) if isinstance(found, dict) else []
    newest = runs[0] if runs else None
    if newest is not None and newest.get("external_id") == told.key:
        return
    body = _run(entry)
    if newest is not None and newest.get("status") != "completed":
        caller.ask("PATCH", f"{place}/check-runs/{newest.get('id')}", body)
        return
    # A run that has ended keeps its annotations for ever: new ones get a run of their own.
    caller.ask("POST", f"{place}/check-runs", {**body, "head_sha": told.commit})


def _run(entry: Entry) -> dict[str, Any]:
    told = entry.result
    body: dict[str, Any] = {"name": entry.context, "external_id": told.key}
    if entry.subject.page:
        body["details_url"] = entry.subject.page
    output: dict[str, Any] = {"title": brief(told.text, limit=_TITLE), "summary": _summary(told)}
    if told.state is State.PENDING:
        return {**body, "status": "in_progress", "output": output}
    output["annotations"] = [_annotation(entry, one) for one in told.found[:_ANNOTATIONS]]
    done = {"status": "completed", "conclusion": told.state.value}
    return {**body, **done, "output": output}


def _summary(told: Result) -> str:
    if told.state is State.PENDING:
        return told.text
    return f"{plural(told.errors, 'error')}, {plural(told.warnings, 'warning')}."


def _annotation(entry: Entry, one: DiagnosticStatus) -> dict[str, Any]:
    level = "failure" if one.severity == Severity.ERROR else "warning"
    made: dict[str, Any] = {
        "path": entry.file(one.file),
        "start_line": one.line,
        "end_line": max(one.line, one.end_line),
        "annotation_level": level,
        "title": one.code,
        "message": f"{one.message} {one.hint or ''}".rstrip(),
    }
    if one.line == one.end_line:
        # GitHub takes columns of one line only; its end is inclusive.
        columns = {"start_column": one.column, "end_column": max(one.column, one.end_column - 1)}
        made |= columns
    return made


def _place(entry: Entry) -> str:
    owner, name = entry.api.parts
    return f"/repos/{owner}/{name}"
