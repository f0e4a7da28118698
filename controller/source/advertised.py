"""Ask a remote for its references: the one question that a look costs.

Imports this room's ways to ask.
"""

from __future__ import annotations

from controller.source.failures import FailedError
from controller.source.http.asking import ask
from controller.source.lsremote import ls_remote
from controller.source.references import Advertised
from controller.source.remote import Remote
from controller.source.urls import Scheme


def advertised(remote: Remote, prefixes: tuple[str, ...], deadline: float) -> Advertised:
    """The references of `remote` that begin with one of `prefixes`, or all without any.

    A prefix may be a full name, such as `HEAD` or `refs/heads/main`; others that begin with it
    come along (`refs/heads/main-2`). An App's login must be `login.resolved` by now. Raises
    `PackError` for whatever is wrong with the remote or the way there, `TooMuchOutputError`, and
    `OverdueError` after `deadline` (in `time.monotonic` seconds).
    """
    seen = _in_this_process(remote, prefixes, deadline)
    return seen or ls_remote(remote, prefixes, deadline)


def _in_this_process(
    remote: Remote, prefixes: tuple[str, ...], deadline: float
) -> Advertised | None:
    """None where only git knows how to ask."""
    if remote.url.scheme not in (Scheme.HTTPS, Scheme.HTTP):
        return None
    try:
        return ask(remote, prefixes, deadline)
    except FailedError as failed:
        raise remote.told(failed) from None
