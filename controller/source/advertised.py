"""Ask a remote for its references: the one question that a look costs.

Imports this room's ways to ask.
"""

from __future__ import annotations

from controller.source.login import logged_in
from controller.source.lsremote import ls_remote
from controller.source.references import Advertised
from controller.source.remote import Remote


def advertised(remote: Remote, prefixes: tuple[str, ...], deadline: float) -> Advertised:
    """The references of `remote` that begin with one of `prefixes`, or all without any.

    A prefix may be a full name, such as `HEAD` or `refs/heads/main`; others that begin with it
    come along (`refs/heads/main-2`). Raises `PackError` for whatever is wrong with the remote or
    the way there, and `OverdueError` after `deadline` (in `time.monotonic` seconds).
    """
    return logged_in(remote, deadline, lambda known: ls_remote(known, prefixes, deadline))
