"""What a server says to somebody without a login: is it there, is it Git, what can it do?

Imports `source`'s HTTP. Raises `PackError`.
"""

from __future__ import annotations

import re
import time
from collections.abc import Container, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from controller.doctor.case import told
from controller.doctor.finding import Fact, Noted
from controller.redact import brief
from controller.source.failures import FailedError, Failure
from controller.source.http import answers
from controller.source.http.asking import greeting
from controller.source.http.exchange import Response, exchange
from controller.source.http.pktline import CutShortError, GarbageError, Line, lines
from controller.source.login import logged_in
from controller.source.remote import Remote

_CLOSED = frozenset({401, 403, 404})
_MAX_LINES = 100  # of what a server can do; git has about ten
_MAX_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Answered:
    """What the server said; `features` are those of its `fetch` command, None when it said nothing
    of them, and `scopes` what it says that the login may do, as some forges do."""

    status: int
    server: str = ""
    version: int | None = None
    features: frozenset[str] | None = None
    challenges: tuple[str, ...] = ()
    scopes: str = ""

    @property
    def is_open(self) -> bool:
        """Whether everybody may read the repository."""
        return self.status == 200

    def noted(self) -> Noted:
        """It, as a finding."""
        parts = [f"HTTP {self.status}", self.server]
        if self.version is not None:
            parts.append(f"Git protocol version {self.version}")
        if self.challenges:
            parts.append(f"wants a login ({', '.join(self.challenges)})")
        facts: dict[str, Fact] = {
            "status": self.status,
            "server": self.server or None,
            "protocolVersion": self.version,
        }
        return Noted(", ".join(part for part in parts if part), facts)


def ask(remote: Remote, deadline: float) -> Answered:
    """What the server of `remote` says to somebody who shows no login; that it wants one is no
    failure here."""
    stranger = replace(remote, access=replace(remote.access, login=None))
    return _greeted(stranger, deadline, _CLOSED if remote.access.login else _CLOSED - {404})


def log_in(remote: Remote, deadline: float) -> Answered:
    """What the server says to the login of `remote`, when that lets us in."""
    return logged_in(remote, deadline, lambda known: _greeted(known, deadline))


def _greeted(remote: Remote, deadline: float, closed: Container[int] = ()) -> Answered:
    with told(remote), exchange(remote, greeting(remote), deadline) as response:
        if response.status in closed:
            return Answered(response.status, _server(response), challenges=_challenges(response))
        failed = answers.failed(response.status, response.headers, time.time())
        if failed:
            raise failed
        return _read(response)


def _read(response: Response) -> Answered:
    try:
        version, features = _spoken(lines(response.pieces()))
    except (GarbageError, CutShortError):
        raise FailedError(Failure.NOT_GIT) from None
    scopes = brief(response.headers.get("x-oauth-scopes", ""), limit=_MAX_SHOWN)
    return Answered(200, _server(response), version, features, scopes=scopes)


def _spoken(stream: Iterator[Line]) -> tuple[int, frozenset[str] | None]:
    """The version that the server speaks, and what its `fetch` can do (gitprotocol-v2(5)).

    Before version 2 all references follow, which are not read.
    """
    few = islice(stream, _MAX_LINES)
    words = (line.decode(errors="replace").strip() for line in few if isinstance(line, bytes))
    first = next(words, "")
    announced = first.startswith("# service=")
    version = next(words, "") if announced else first
    if version.startswith("ERR "):
        raise FailedError(Failure.REFUSED, f"remote error: {version[4:]}")
    if version == "version 2":
        able = dict(word.partition("=")[::2] for word in words)
        return 2, frozenset(able.get("fetch", "").split())
    if not announced:
        raise GarbageError
    return int(version == "version 1"), None


def _server(response: Response) -> str:
    return brief(response.headers.get("server", ""), limit=_MAX_SHOWN)


def _challenges(response: Response) -> tuple[str, ...]:
    """How it wants to be logged in to: the schemes of WWW-Authenticate (RFC 9110, 11.6.1)."""
    header = response.headers.get("www-authenticate", "")
    return tuple(re.findall(r"(?i)\b(basic|bearer|digest|negotiate|ntlm)\b", header)[:3])
