"""What all repositories of one host share: how many ask it at once, and when it is left alone.

Imports `errors`. Thread-safe.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import IntEnum

from controller.errors import PackError, Reason, Transient
from controller.source.commands import OverdueError

_SILENCE = (Reason.GIT_UNREACHABLE, Reason.GIT_TIMEOUT)

AT_ONCE = 8
"""Looks and fetches of one host at the same time."""


class Manners(IntEnum):
    """How a host did last time, by how many workers it may hold: one that does not answer keeps
    each until a timeout, and must leave the rest to others."""

    SILENT = 1
    UNKNOWN = 4
    ANSWERS = AT_ONCE


@dataclass(slots=True)
class _Host:
    room: threading.BoundedSemaphore
    manners: Manners = Manners.UNKNOWN
    paused_until: float = 0.0
    answer: Transient | None = None


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
            host.manners = Manners.ANSWERS
        except OverdueError:
            host.manners = Manners.SILENT
            raise
        except PackError as error:
            host.manners = Manners.SILENT if error.reason in _SILENCE else Manners.ANSWERS
            if isinstance(error, Transient) and error.retry_after is not None:
                host.paused_until = time.monotonic() + error.retry_after
                host.answer = error
            raise
        finally:
            host.room.release()

    def manners(self, origin: str) -> Manners:
        """How it did last time."""
        host = self._hosts.get(origin)
        return Manners.UNKNOWN if host is None else host.manners

    def _host(self, origin: str) -> _Host:
        with self._guard:
            if origin not in self._hosts:
                self._hosts[origin] = _Host(threading.BoundedSemaphore(self._at_once))
            return self._hosts[origin]

    def _refuse_paused(self, host: _Host) -> None:
        left = host.paused_until - time.monotonic()
        if left > 0 and host.answer is not None:
            raise host.answer.later(left)
