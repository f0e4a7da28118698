"""The process that outlives a killed owner just long enough to clean up after it.

Run as a script by `guard.py`, with nothing but the standard library. Its standard input is a pipe
from the owner, one process id a line. When the pipe closes, for whatever reason, it ends those
processes and removes the owner's folder, given as the only argument.
"""

from __future__ import annotations

import os
import select
import shutil
import signal
import sys
from contextlib import suppress

_GRACE_MILLISECONDS = 2000


def watch(folder: str) -> None:
    """Note processes until the owner is gone, then end them and remove `folder`."""
    watched: list[int] = []
    for line in sys.stdin:
        # A pidfd, not a number: it never means another process, however late it is used.
        with suppress(ProcessLookupError):
            watched.append(os.pidfd_open(int(line)))
    # SIGQUIT first: on it PostgreSQL also ends its sessions, which are in sessions of their own.
    for request in (signal.SIGQUIT, signal.SIGKILL):
        for process in watched:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(process, request)
        _wait(watched)
    shutil.rmtree(folder, ignore_errors=True)


def _wait(watched: list[int]) -> None:
    for process in watched:
        poll = select.poll()
        poll.register(process, select.POLLIN)
        poll.poll(_GRACE_MILLISECONDS)


if __name__ == "__main__":
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    watch(sys.argv[1])
