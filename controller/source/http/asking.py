"""A look over HTTP: the references of a remote by one request, once its server is known.

Imports this package and this room's values.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from controller.source.access import HttpLogin
from controller.source.commands import MAX_OUTPUT, TooMuchOutputError
from controller.source.failures import FailedError, Failure
from controller.source.http import answers
from controller.source.http.exchange import Request, Response, exchange
from controller.source.http.pktline import CutShortError, GarbageError, Line, lines
from controller.source.http.protocol import (
    AGENT,
    Capabilities,
    RefusedError,
    capabilities,
    references,
    request,
)
from controller.source.references import Advertised
from controller.source.remote import Remote

MAX_REMEMBERED = 10_000
MAX_AGE = 3600.0
"""Seconds after which a server is asked again what it speaks: it may have been upgraded."""

_MAX_CAPABILITIES = 256 * 1024
_SERVICE = "git-upload-pack"
_TYPE = f"application/x-{_SERVICE}"
_COMMON = {
    # Some forges answer by it, to git otherwise than to a browser.
    "User-Agent": f"git/2 ({AGENT})",
    "Git-Protocol": "version=2",
    "Pragma": "no-cache",
}
# What an older server says to a request of version 2, or a proxy before another server.
_MISUNDERSTOOD = (
    Failure.CUT_SHORT,
    Failure.NOT_FOUND,
    Failure.NOT_GIT,
    Failure.REFUSED,
    Failure.SERVER_ERROR,
)


def ask(remote: Remote, prefixes: tuple[str, ...], deadline: float) -> Advertised | None:
    """The references of `remote` that begin with one of `prefixes`, or all without any; None when
    its server speaks another version of the protocol.

    Raises `FailedError`, `Stalled` for certificates that cannot be used, `TooMuchOutputError`, and
    `OverdueError` after `deadline` (in `time.monotonic` seconds).
    """
    known = _servers.known(remote)
    if known:
        if known.capabilities is None:
            return None
        try:
            return _references(remote, known.capabilities, prefixes, deadline)
        except FailedError as failed:
            _servers.forget(remote)
            if failed.failure not in _MISUNDERSTOOD:
                raise
    found = _capabilities(remote, deadline)
    seen = _references(remote, found, prefixes, deadline) if found else None
    _servers.remember(remote, found)
    return seen


def greeting(remote: Remote) -> Request:
    """The request that every conversation begins with: what does the server speak?"""
    target = f"{remote.url.path}/info/refs?service={_SERVICE}"
    return Request("GET", target, {**_COMMON, "Accept": "*/*", **_login(remote)})


def _capabilities(remote: Remote, deadline: float) -> Capabilities | None:
    asked = greeting(remote)
    with _answered(remote, asked, f"{_TYPE}-advertisement", deadline) as response:
        return capabilities(_lines(response, _MAX_CAPABILITIES))


def _references(
    remote: Remote, server: Capabilities, prefixes: tuple[str, ...], deadline: float
) -> Advertised:
    asked = Request(
        "POST",
        f"{remote.url.path}/{_SERVICE}",
        {
            **_COMMON,
            "Content-Type": f"{_TYPE}-request",
            "Accept": f"{_TYPE}-result",
            **_login(remote),
        },
        request(server, prefixes),
    )
    with _answered(remote, asked, f"{_TYPE}-result", deadline) as response:
        return references(_lines(response, MAX_OUTPUT), server, prefixes)


def _login(remote: Remote) -> dict[str, str]:
    login = remote.access.login
    return {"Authorization": login.authorization} if isinstance(login, HttpLogin) else {}


@contextmanager
def _answered(
    remote: Remote, asked: Request, content_type: str, deadline: float
) -> Iterator[Response]:
    """The answer, when it is a good one of Git's; what is read of it may still prove bad."""
    with exchange(remote, asked, deadline) as response:
        failed = answers.failed(response.status, response.headers, time.time())
        if failed:
            raise failed
        # Git itself takes nothing else for a server that knows it ("dumb" ones are not supported).
        if response.headers.get("content-type") != content_type:
            raise FailedError(Failure.NOT_GIT)
        try:
            yield response
        except CutShortError:
            raise FailedError(Failure.CUT_SHORT) from None
        except GarbageError:
            raise FailedError(Failure.NOT_GIT) from None
        except RefusedError as refused:
            raise FailedError(Failure.REFUSED, f"remote error: {refused}") from None


def _lines(response: Response, limit: int) -> Iterator[Line]:
    return lines(_bounded(response.pieces(), limit))


def _bounded(pieces: Iterable[bytes], limit: int) -> Iterator[bytes]:
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > limit:
            raise TooMuchOutputError
        yield piece


@dataclass(frozen=True, slots=True)
class _Known:
    """None: a server of an older version. `since` is in `time.monotonic` seconds."""

    capabilities: Capabilities | None
    since: float


class _Servers:
    """What is known of servers, by remote: a login may be what makes one answer. Thread-safe."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple[object, ...], _Known] = OrderedDict()
        self._guard = threading.Lock()

    def known(self, remote: Remote) -> _Known | None:
        with self._guard:
            known = self._known.get((remote.url, remote.access))
        fresh = known and time.monotonic() - known.since < MAX_AGE
        return known if fresh else None

    def remember(self, remote: Remote, found: Capabilities | None) -> None:
        with self._guard:
            self._known[remote.url, remote.access] = _Known(found, time.monotonic())
            self._known.move_to_end((remote.url, remote.access))
            if len(self._known) > MAX_REMEMBERED:
                self._known.popitem(last=False)

    def forget(self, remote: Remote) -> None:
        with self._guard:
            self._known.pop((remote.url, remote.access), None)


_servers = _Servers()
