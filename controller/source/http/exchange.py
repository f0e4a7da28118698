"""One request to a server and its answer, over a kept connection or a new one.

No redirect is followed, no cookie kept, nothing unpacked, and no proxy or login taken from the
environment. Imports this package and this room's values.
"""

from __future__ import annotations

import atexit
import http.client
import socket
import ssl
from collections.abc import Hashable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import cast

from controller.source.failures import FailedError, Failure
from controller.source.http import trust
from controller.source.http.dialling import dial, is_forwarded
from controller.source.http.kept import Kept
from controller.source.http.proxying import login
from controller.source.http.timed import until
from controller.source.http.wires import Wire, lost
from controller.source.remote import Remote
from controller.source.traffic import received

_PIECE = 64 * 1024

_kept = Kept()
atexit.register(_kept.close)


@dataclass(frozen=True, slots=True)
class Request:
    """`target` is a path with its query, below the origin of the remote that it is sent to."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes | None = None


class Response:
    """An answer whose body is still to come; header names are in lower case."""

    def __init__(self, answer: http.client.HTTPResponse) -> None:
        self._answer = answer
        self.status = answer.status
        self.headers = {name.lower(): value for name, value in answer.getheaders()}

    def pieces(self) -> Iterator[bytes]:
        """The body, in pieces of 64 KiB at most, as they come."""
        while piece := self._answer.read1(_PIECE):
            received(len(piece))
            yield piece

    def is_at_end(self) -> bool:
        """Whether nothing of it is left on the connection, and more may be asked over it."""
        return not self._answer.read1(1) and not self._answer.will_close


@contextmanager
def exchange(remote: Remote, request: Request, deadline: float) -> Iterator[Response]:
    """The answer of the server of `remote` to `request`; its body is read within the context.

    The way there is that of `remote`: its certificates, its proxy, its network. A kept connection
    that proves dead is replaced once. Raises `FailedError`, `Stalled` for certificates that cannot
    be used, and `OverdueError` after `deadline` (in `time.monotonic` seconds).
    """
    place = (remote.url.origin, remote.access.tls, remote.access.proxy, remote.network)
    with until(deadline), _named(remote):
        wire, answer = _ask(remote, request, place, deadline)
        good = False
        try:
            response = Response(answer)
            yield response
            good = response.is_at_end()
        finally:
            answer.close()
            if good:
                _kept.give(place, wire)
            else:
                wire.close()


def _ask(
    remote: Remote, request: Request, place: Hashable, deadline: float
) -> tuple[Wire, http.client.HTTPResponse]:
    wire = _kept.take(place)
    if wire:
        # It may have been closed over there while we asked, or forgotten on the way.
        with suppress(ConnectionError, ssl.SSLEOFError, TimeoutError):
            return wire, _answer(wire, remote, request)
        _kept.drop(place)
    wire = dial(remote, deadline)
    return wire, _answer(wire, remote, request)


def _answer(wire: Wire, remote: Remote, request: Request) -> http.client.HTTPResponse:
    origin = remote.url.origin
    target = request.target
    headers = {"Host": origin.partition("://")[2], "Accept-Encoding": "identity", **request.headers}
    if remote.access.proxy and is_forwarded(remote):
        target = f"{origin}{target}"
        headers |= login(remote.access.proxy)
    connection = http.client.HTTPConnection("unused")
    connection.auto_open = 0
    connection.sock = cast("socket.socket", wire)
    try:
        connection.request(request.method, target, request.body, headers)
        return connection.getresponse()
    except BaseException:
        wire.close()
        raise


@contextmanager
def _named(remote: Remote) -> Iterator[None]:
    """What sockets, TLS and HTTP raise, by its name."""
    try:
        yield
    except ssl.SSLError as error:
        raise trust.failed(error, remote.access.tls) from None
    except OSError as error:
        raise lost(error, Failure.UNREACHABLE) from None
    except http.client.IncompleteRead:
        raise FailedError(Failure.CUT_SHORT) from None
    except http.client.HTTPException:
        raise FailedError(Failure.NOT_GIT) from None
