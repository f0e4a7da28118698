"""Bitbucket, in the cloud and in a data center: the build status of a commit.

After the REST references "Commit statuses" (Cloud) and "Build status" (Data Center), which both
demand an address for each. Imports this room.
"""

from __future__ import annotations

import hashlib
from typing import Any

from controller.notify.calls import Caller
from controller.notify.hosts.entry import Entry, says
from controller.notify.news import State

_STATES = {State.PENDING: "INPROGRESS", State.SUCCESS: "SUCCESSFUL", State.FAILURE: "FAILED"}
_KEY = 40
_NOT_FOUND = (404,)


def cloud(caller: Caller, entry: Entry) -> None:
    """Set the status of the commit; its key has room for 40 characters."""
    owner, name = entry.api.parts
    key = hashlib.sha256(entry.context.encode()).hexdigest()[:_KEY]
    place = f"/repositories/{owner}/{name}/commit/{entry.result.commit}/statuses/build"
    shown = caller.ask("GET", f"{place}/{key}", fine=_NOT_FOUND).json
    _write(caller, place, shown, _status(entry, key))


def data_center(caller: Caller, entry: Entry) -> None:
    """Set the status of the commit."""
    project, name = entry.api.parts
    key = hashlib.sha256(entry.context.encode()).hexdigest()[:_KEY]
    place = f"/rest/api/latest/projects/{project}/repos/{name}/commits/{entry.result.commit}/builds"
    shown = caller.ask("GET", f"{place}?key={key}", fine=_NOT_FOUND).json
    _write(caller, place, shown, _status(entry, key))


def _status(entry: Entry, key: str) -> dict[str, Any]:
    told = entry.result
    return {
        "key": key,
        "state": _STATES[told.state],
        "name": entry.context,
        "description": told.text,
        "url": entry.link,
    }


def _write(caller: Caller, place: str, shown: Any, wanted: dict[str, Any]) -> None:
    if isinstance(shown, dict) and says(shown, **wanted):
        return
    caller.ask("POST", place, wanted)
