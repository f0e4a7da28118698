"""What all repositories of one host share: how many ask it at once, and when it is left alone.

Imports `errors`. Thread-safe.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from controller.errors import Reason, Transient
from controller.source.commands import OverdueError

_SILENCE = (Reason.GIT_UNREACHABLE, Reason.GIT_TIMEOUT)

AT_ONCE = 8
"""Looks and fetches of one host at the same time."""


@dataclass(slots=True)
class _Host:
    room: threading.BoundedSemaphore
    paused_until: float = 0.0
    answer: Transient | None = None
    silent: bool = field(default=False)


class Hosts:
    """Every host that was asked, by its origin (`https://git.example.com`)."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._at_once = at_once
        self._hosts: dict[str, _Host] = {}
        self._guard = threading.Lock()

    @contextmanager
    def turn(self, origin: str, deadline: float) -> Iterator[None]:
        """One of the host's places until the end of the context, which tells how the host did.

        Raises the `Transient` that asked to be left alone, with the time that is left, and
        `OverdueError` when no place comes free before `deadline`.
        """
        host = self._host(origin)
        self._refuse_paused(host)
        if not host.room.acquire(timeout=max(0.0, deadline - time.monotonic())):
            raise OverdueError
        try:
            yield
            host.silent = False
        except OverdueError:
            host.silent = True
            raise
        except Transient as error:
            host.silent = error.reason in _SILENCE
            if error.retry_after is not None:
                host.paused_until = time.monotonic() + error.retry_after
                host.answer = error
            raise
        finally:
            host.room.release()

    def is_silent(self, origin: str) -> bool:
        """Whether its last answer was none: it gets few workers until it answers again."""
        host = self._hosts.get(origin)
        return host is not None and host.silent

    def _host(self, origin: str) -> _Host:
        with self._guard:
            if origin not in self._hosts:
                self._hosts[origin] = _Host(threading.BoundedSemaphore(self._at_once))
            return self._hosts[origin]

    def _refuse_paused(self, host: _Host) -> None:
        left = host.paused_until - time.monotonic()
        if left > 0 and host.answer is not None:
            raise host.answer.later(left)
