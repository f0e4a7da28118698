"""What GitHub's API answers to an App → a token, or the error that a user can act on. Pure.

The rules are those of GitHub's REST reference, "Create an installation access token for an app" and
"Rate limits for the REST API". None of the server's own words is passed on.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from controller.errors import PackError, Reason, Stalled, Transient, Waiting
from controller.source.access import GitHubApp
from controller.source.github.assertion import SKEW
from controller.source.http import answers

LONGEST_LIFE = 3600.0
"""Seconds; what GitHub gives a token, and the most that we believe."""

_TOKEN = re.compile(r"[\x21-\x7e]{1,4096}\Z")  # long ago 40 characters, today a few hundred


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of the API. Header names are in lower case; `at` is when it came by our clock, in
    seconds since the epoch."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    at: float

    @property
    def server_time(self) -> float:
        """When it was sent by the server's clock; by ours if it does not tell."""
        try:
            return parsedate_to_datetime(self.headers.get("date", "")).timestamp()
        except (ValueError, OverflowError):
            return self.at

    @property
    def fields(self) -> Mapping[str, Any]:
        """The JSON object in it; empty when there is none."""
        try:
            value = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return value if isinstance(value, dict) else {}


@dataclass(frozen=True, slots=True, repr=False)
class Issued:
    """A token, and how many seconds it has left from when it was asked for."""

    token: str
    life: float

    def __repr__(self) -> str:
        return "Issued(***)"


def issued(answer: Answer, app: GitHubApp) -> Issued:
    """The token in the answer to "create an installation access token"; raises `PackError`."""
    if answer.status != 201:
        raise refusal(answer, app)
    token, expires = (answer.fields.get(name) for name in ("token", "expires_at"))
    if not isinstance(token, str) or not _TOKEN.match(token):
        raise not_the_api(app.api)
    return Issued(token, min(max(0.0, _time(expires) - answer.server_time), LONGEST_LIFE))


def installation(answer: Answer, app: GitHubApp) -> str | None:
    """The id in the answer to "get an installation"; None when there is none; raises
    `PackError`."""
    if answer.status == 404:
        return None
    if answer.status != 200:
        raise refusal(answer, app)
    number = answer.fields.get("id")
    if not isinstance(number, int):
        raise not_the_api(app.api)
    return str(number)


def refusal(answer: Answer, app: GitHubApp) -> PackError:
    """The error for an answer that gives nothing."""
    status = answer.status
    limited = _limited(answer, app)
    if limited:
        return limited
    if status == 401:
        return _unknown_app(answer, app)
    if status == 403:
        return _denied(answer, app)
    if status == 404:
        return no_installation(app)
    if status == 422:
        return _failed(
            f"{_place(app)} does not let the App read contents.",
            "Give the App the repository permission 'Contents: Read-only', and accept it in the "
            "installation.",
        )
    if status >= 500:
        return Transient(
            Reason.GIT_UNREACHABLE,
            f"GitHub's API at {app.api} fails with HTTP {status}.",
            hint="It is tried again.",
        )
    return not_the_api(app.api)


def no_installation(app: GitHubApp) -> Stalled:
    """The error for an App that is not, or no longer, where the Secret says that it is."""
    return _failed(
        f"{_place(app)} is not (or no longer) there, says {app.api}.",
        "Install the App again and correct githubAppInstallationID (it ends the address of the "
        "installation's page), or give githubAppInstallationOwner instead.",
    )


def not_the_api(address: str) -> Stalled:
    """The error for a server that is something else."""
    return _failed(
        f"{address} answers, but not as GitHub's API does.",
        "Correct githubAppBaseURL: https://HOST/api/v3 for GitHub Enterprise Server, none for "
        "github.com. Redirects are not followed.",
    )


def _unknown_app(answer: Answer, app: GitHubApp) -> Stalled:
    ahead = round(answer.at - answer.server_time)
    if abs(ahead) > SKEW:
        word = "ahead of" if ahead > 0 else "behind"
        return _failed(
            f"{app.api} takes no login of this machine, whose clock is {abs(ahead)} s {word} its.",
            "Set the clock where the controller runs: synchronize it with NTP.",
        )
    return _failed(
        f"{app.api} does not know the GitHub App {app.app_id} with this private key.",
        "Check githubAppID, and that githubAppPrivateKey is one of this App's keys and was not "
        "deleted; for GitHub Enterprise Server set githubAppBaseURL.",
    )


def _denied(answer: Answer, app: GitHubApp) -> Stalled:
    if "suspended" in str(answer.fields.get("message", "")):
        return _failed(
            f"{_place(app)} is suspended.",
            "Let its owner unsuspend it in GitHub's settings, where the App is configured.",
        )
    return _failed(
        f"{_place(app)} gets no token from {app.api}.",
        "Check the installation in GitHub's settings; an IP allow list there must have the "
        "addresses of the controller.",
    )


def _limited(answer: Answer, app: GitHubApp) -> Waiting | None:
    """The error for an answer that wants us to wait; None for another one."""
    failed = answers.failed(answer.status, answer.headers, answer.at)
    wait = failed.retry_after if failed else None
    if wait is None and "rate limit" in str(answer.fields.get("message", "")):
        wait = answers.DEFAULT_PAUSE
    if wait is None:
        return None
    return Waiting(
        Reason.RATE_LIMITED,
        f"{app.api} has had too many requests, and is left alone for {wait:.0f} s.",
        hint="It is tried again then; see who else uses the same App.",
        retry_after=wait,
    )


def _time(value: object) -> float:
    """`2026-07-11T22:14:10Z` in seconds since the epoch; 0 for anything else."""
    try:
        time = datetime.fromisoformat(str(value))
    except ValueError:
        return 0.0
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()


def _failed(message: str, hint: str) -> Stalled:
    return Stalled(Reason.AUTHENTICATION_FAILED, message, hint=hint)


def _place(app: GitHubApp) -> str:
    place = app.installation_id or f"in {app.owner}"
    return f"The installation {place} of the GitHub App {app.app_id}"
