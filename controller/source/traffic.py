"""What this controller asks of Git servers, told to whoever counts it: looks, fetches, bytes.

Imports `errors` and this room's values. The bytes of an exchange are those of the answers that we
read ourselves, and what git made the mirror grow by: git does not tell what it received.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from typing import Protocol

from controller.errors import PackError, Reason
from controller.source.commands import OverdueError, TooMuchOutputError
from controller.source.urls import RemoteUrl


class Kind(StrEnum):
    """What was asked for: where references stand, or objects."""

    LOOK = "look"
    FETCH = "fetch"


class Audience(Protocol):
    """Hears of what happens, from any thread; must be quick and must not fail."""

    def asked(self, host: str, operation: str, reason: Reason, seconds: float, size: int) -> None:
        """A server was asked something, with all tries; `operation` is a `Kind`, `reason` that of a
        condition, and `size` bytes came."""

    def evicted(self) -> None:
        """A mirror had to make room for others."""


class _Nobody:
    def asked(self, host: str, operation: str, reason: Reason, seconds: float, size: int) -> None:
        pass

    def evicted(self) -> None:
        pass


NOBODY: Audience = _Nobody()


class _Tally:
    """The bytes of the exchange that is under way in a thread."""

    __slots__ = ("size",)

    def __init__(self) -> None:
        self.size = 0


_under_way: ContextVar[_Tally | None] = ContextVar("exchange", default=None)


def received(size: int) -> None:
    """Add `size` bytes to the exchange under way; nothing where there is none."""
    tally = _under_way.get()
    if tally is not None:
        tally.size += max(size, 0)


@contextmanager
def told(audience: Audience, url: RemoteUrl, kind: Kind) -> Iterator[None]:
    """Tell `audience` of what is asked of the server of `url` within the context."""
    tally, begun, reason = _Tally(), time.monotonic(), Reason.SUCCEEDED
    token = _under_way.set(tally)
    try:
        yield
    except PackError as error:
        reason = error.reason
        raise
    except OverdueError:
        reason = Reason.GIT_TIMEOUT
        raise
    except TooMuchOutputError:
        reason = Reason.LIMIT_EXCEEDED
        raise
    except BaseException:
        reason = Reason.INTERNAL_ERROR
        raise
    finally:
        _under_way.reset(token)
        audience.asked(url.host, kind, reason, time.monotonic() - begun, tally.size)
