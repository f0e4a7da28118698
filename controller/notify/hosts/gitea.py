"""Gitea and Forgejo: the status of a commit. After their API reference (`/api/swagger`). Imports
this room."""

from __future__ import annotations

from typing import Any

from controller.notify.calls import Caller
from controller.notify.hosts.entry import Entry, items, says

_PER_PAGE = 50
_PAGES = 10


def status(caller: Caller, entry: Entry) -> None:
    """Set the status of the commit."""
    owner, name = entry.api.parts
    told, place = entry.result, f"/repos/{owner}/{name}"
    page = entry.subject.page
    shown = _shown(caller, f"{place}/commits/{told.commit}/status", entry.context)
    if shown and says(shown, status=told.state.value, description=told.text, target_url=page):
        return
    body = {
        "state": told.state.value,
        "context": entry.context,
        "description": told.text,
        "target_url": page,
    }
    caller.ask("POST", f"{place}/statuses/{told.commit}", body)


def _shown(caller: Caller, path: str, context: str) -> dict[str, Any] | None:
    """The newest of this context: the list of all has no order within a second."""
    for page in range(1, _PAGES + 1):
        query = f"limit={_PER_PAGE}&page={page}"
        found = caller.ask("GET", f"{path}?{query}").json
        listed = items(found.get("statuses")) if isinstance(found, dict) else []
        for one in listed:
            if one.get("context") == context:
                return one
        # A server may have smaller pages than were asked for.
        if not listed:
            return None
    return None
