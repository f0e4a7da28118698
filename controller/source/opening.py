"""A remote, opened for git: the environment of a process that may speak to it, as long as it may.

What a program wants as a file (an authority, a client's key) is written to a folder that only we
can read, and that goes with the context. Imports this room's values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from controller.source.environment import remote_environment
from controller.source.login import resolved
from controller.source.remote import Remote


@contextmanager
def opened(remote: Remote, deadline: float) -> Iterator[Mapping[str, str]]:
    """The environment for git processes that speak to `remote`; raises `PackError` when the way
    there cannot be opened before `deadline` (in `time.monotonic` seconds)."""
    remote = resolved(remote, deadline)
    yield remote_environment(remote.url, remote.access, max_file_size=remote.max_file_size)
