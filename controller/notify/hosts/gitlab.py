"""GitLab: the external status of a commit. After its REST reference, "Commits API". Imports this
room."""

from __future__ import annotations

from urllib.parse import quote, unquote

from controller.notify.calls import Caller
from controller.notify.hosts.entry import Entry, items, says
from controller.notify.news import State

_STATES = {State.PENDING: "pending", State.SUCCESS: "success", State.FAILURE: "failed"}


def status(caller: Caller, entry: Entry) -> None:
    """Set the status of the commit."""
    told = entry.result
    project = f"/projects/{quote(unquote(entry.api.path), safe='')}"
    name = quote(entry.context, safe="")
    path = f"{project}/repository/commits/{told.commit}/statuses?name={name}&per_page=20"
    state = _STATES[told.state]
    shown = [one for one in items(caller.ask("GET", path).json) if one.get("name") == entry.context]
    page = entry.subject.page or None
    if any(says(one, status=state, description=told.text, target_url=page) for one in shown):
        return
    if told.state is State.PENDING and any(one.get("status") == state for one in shown):
        # GitLab refuses to have what is pending become pending: only its words would be new.
        return
    body = {"state": state, "name": entry.context, "description": told.text}
    if page:
        body["target_url"] = page
    caller.ask("POST", f"{project}/statuses/{told.commit}", body)
