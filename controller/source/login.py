"""The login that goes over the wire: a GitHub App's is a token that is asked for first.

Imports this room's values and `github`. The tokens are kept for the whole process.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeVar

from controller.errors import Reason, Stalled, Transient
from controller.source.access import GitHubApp, HttpLogin
from controller.source.commands import OverdueError
from controller.source.github import Issued, Tokens, exchange
from controller.source.remote import Remote

_tokens = Tokens()

T = TypeVar("T")


def resolved(remote: Remote, deadline: float) -> Remote:
    """`remote` as it is spoken to: an App's login is replaced by that of a token.

    Raises `PackError` when the App gets none before `deadline` (in `time.monotonic` seconds).
    """
    app = remote.access.login
    if not isinstance(app, GitHubApp):
        return remote
    with _in_time(app):
        ask = _exchange(remote, app, deadline)
        return _with(remote, _tokens.login(remote.access.identity, ask, deadline))


def logged_in(remote: Remote, deadline: float, work: Callable[[Remote], T]) -> T:
    """`work` with `remote` as it is spoken to.

    When the server refuses a token that was issued before this call, as after it was revoked, the
    work is done once more with a new one. Raises as `resolved`, and what `work` raises.
    """
    since = time.monotonic()
    spoken = resolved(remote, deadline)
    try:
        return work(spoken)
    except Stalled as error:
        again = _again(remote, spoken, error, since, deadline)
        if again is None:
            raise
    return work(again)


def _again(
    remote: Remote, spoken: Remote, error: Stalled, since: float, deadline: float
) -> Remote | None:
    """The remote with a login in place of the one that failed; None when that would not help."""
    app, refused = remote.access.login, spoken.access.login
    if error.reason is not Reason.AUTHENTICATION_FAILED:
        return None
    if not isinstance(app, GitHubApp) or not isinstance(refused, HttpLogin):
        return None
    ask = _exchange(remote, app, deadline)
    with _in_time(app):
        login = _tokens.another(remote.access.identity, refused, since, ask, deadline)
    return _with(remote, login) if login else None


def _exchange(remote: Remote, app: GitHubApp, deadline: float) -> Callable[[], Issued]:
    return lambda: exchange(remote, app, deadline)


def _with(remote: Remote, login: HttpLogin) -> Remote:
    return replace(remote, access=replace(remote.access, login=login))


@contextmanager
def _in_time(app: GitHubApp) -> Iterator[None]:
    try:
        yield
    except OverdueError:
        raise Transient(
            Reason.GIT_TIMEOUT,
            f"{app.api} did not give the GitHub App a token in time.",
            hint="Check githubAppBaseURL and the server, or raise spec.timeout.",
        ) from None
