"""Sockets that give up at a deadline, however slowly the other side talks.

A socket's own time limit counts from its last byte, so that a server which sends one every second
would hold us for ever. The deadline is that of the running thread, since a kept connection serves
one request after another. Imports the standard library and `commands`' `OverdueError`.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from controller.source.commands import OverdueError

_deadline: ContextVar[float] = ContextVar("deadline")


@contextmanager
def until(deadline: float) -> Iterator[None]:
    """Let every timed socket used within give up at `deadline` (in `time.monotonic` seconds), by
    `TimeoutError` or `OverdueError`."""
    token = _deadline.set(deadline)
    try:
        yield
    finally:
        _deadline.reset(token)


def left() -> float:
    """The seconds that are left; raises `OverdueError` when there are none."""
    seconds = _deadline.get() - time.monotonic()
    if seconds <= 0:
        raise OverdueError
    return seconds


class TimedSocket(socket.socket):
    """A socket whose every wait ends at the deadline."""

    def recv(self, *arguments: Any) -> bytes:
        """As of any socket."""
        self.settimeout(left())
        return super().recv(*arguments)

    def recv_into(self, *arguments: Any) -> int:
        """As of any socket."""
        self.settimeout(left())
        return super().recv_into(*arguments)

    def sendall(self, *arguments: Any) -> None:
        """As of any socket."""
        self.settimeout(left())
        super().sendall(*arguments)


class TimedTls(ssl.SSLSocket):
    """The same over TLS; made by an `SSLContext` whose `sslsocket_class` it is."""

    def recv(self, *arguments: Any) -> bytes:
        """As of any socket."""
        self.settimeout(left())
        return super().recv(*arguments)

    def recv_into(self, *arguments: Any) -> int:
        """As of any socket."""
        self.settimeout(left())
        return super().recv_into(*arguments)

    def send(self, *arguments: Any) -> int:
        """As of any socket; `sendall` goes through it."""
        self.settimeout(left())
        try:
            return super().send(*arguments)
        except (ConnectionError, ssl.SSLEOFError):
            # Who hangs up on us may have said why before, as one does who wants a certificate.
            self.recv(1)
            raise
