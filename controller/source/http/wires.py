"""What a request travels over: a connection, a secured one, or one within another.

Imports the sockets of this package, `network` and `failures`.
"""

from __future__ import annotations

import ssl
from socket import AF_INET, AF_INET6, IPPROTO_TCP, SOCK_STREAM, TCP_NODELAY, TCP_USER_TIMEOUT
from typing import cast

from urllib3.util.ssltransport import SSLTransport

from controller.source.commands import OverdueError
from controller.source.failures import FailedError, Failure
from controller.source.http.timed import TimedSocket, TimedTls, left
from controller.source.network import Place

Wire = TimedSocket | TimedTls | SSLTransport

_LONGEST_SILENCE = 10_000
"""Milliseconds until what we sent must be acknowledged: a firewall that has forgotten a kept
connection says nothing."""

_LONGEST_TRY = 5.0
"""Seconds that one address is tried when there are others."""


def connected(place: Place, failure: Failure) -> TimedSocket:
    """A connection to the first address of `place` that takes one; `FailedError` with `failure`
    when none does, and `OverdueError`."""
    error: OSError | None = None
    for rest, address in zip(range(len(place.addresses) - 1, -1, -1), place.addresses, strict=True):
        made = TimedSocket(AF_INET6 if ":" in address else AF_INET, SOCK_STREAM)
        try:
            made.settimeout(min(left(), _LONGEST_TRY) if rest else left())
            made.connect((address, place.port))
            made.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
            made.setsockopt(IPPROTO_TCP, TCP_USER_TIMEOUT, _LONGEST_SILENCE)
        except OSError as one:
            made.close()
            error = one
        except OverdueError:
            made.close()
            raise
        else:
            return made
    raise lost(error, failure)


def secured(wire: Wire, context: ssl.SSLContext, host: str) -> Wire:
    """`wire` with TLS on it, to `host` in a URL's form; raises `ssl.SSLError` and `OSError`, and
    closes `wire` then."""
    name = host.strip("[]")
    try:
        if not isinstance(wire, TimedSocket):
            return SSLTransport(cast("TimedTls", wire), context, name)
        wire.settimeout(left())
        return cast("TimedTls", context.wrap_socket(wire, server_hostname=name))
    except BaseException:
        wire.close()
        raise


def lost(error: OSError | None, failure: Failure) -> Exception:
    """What to raise for an error of a socket: the time is over, or it is `failure`."""
    # The kernel gives up, too (ETIMEDOUT); only our own limit has no number.
    overdue = isinstance(error, TimeoutError) and error.errno is None
    return OverdueError() if overdue else FailedError(failure)
