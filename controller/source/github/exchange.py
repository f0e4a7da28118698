"""An App's key → a token of its installation: the questions to GitHub's API, and nothing kept.

Imports this room's values and the rest of this package.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping

from controller.source.access import GitHubApp
from controller.source.github.answers import Issued, installation, issued, no_installation
from controller.source.github.api import Api
from controller.source.github.assertion import assertion
from controller.source.remote import Remote

READ_CONTENTS = {"contents": "read"}


def exchange(
    remote: Remote,
    app: GitHubApp,
    deadline: float,
    permissions: Mapping[str, str] = READ_CONTENTS,
) -> Issued:
    """A token with `permissions` in the installation's repositories (to read their contents), and
    no others.

    Raises `PackError` when there is none, and `OverdueError` after `deadline` (in
    `time.monotonic` seconds).
    """
    api = Api(remote, app.api, assertion(app, time.time()), deadline)
    number = app.installation_id or _installation_of(app, api)
    body = json.dumps({"permissions": dict(permissions)}).encode()
    answer = api.ask("POST", f"/app/installations/{number}/access_tokens", body)
    return issued(answer, app)


def _installation_of(app: GitHubApp, api: Api) -> str:
    for kind in ("orgs", "users"):
        found = installation(api.ask("GET", f"/{kind}/{app.owner}/installation"), app)
        if found is not None:
            return found
    raise no_installation(app)
