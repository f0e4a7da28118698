"""Requests to hosts and receivers: over HTTP as `source` speaks it, with its network policy.

No redirect is followed, an answer is read in bounded time and size, and no word of it is passed on.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from controller.errors import InvalidSpec, PackError
from controller.notify.undelivered import Undelivered
from controller.source.access import Access
from controller.source.commands import OverdueError
from controller.source.failures import FailedError, Failure
from controller.source.http import answers
from controller.source.http.exchange import Request, Response, exchange
from controller.source.http.protocol import AGENT
from controller.source.network.policy import NetworkPolicy
from controller.source.remote import Remote
from controller.source.ssh_failures import SshFailure
from controller.source.urls import RemoteUrl, Scheme, parse_url

TIMEOUT = 10.0
"""Seconds from the first byte to the last."""
LARGEST = 1024 * 1024
"""Bytes of an answer that are read; a page of statuses has 100 KiB."""

_NEVER = frozenset({Failure.HOST_NOT_ALLOWED, Failure.PROXY_NOT_ALLOWED})
_WORDS: Mapping[Failure | SshFailure, str] = {
    Failure.HOST_NOT_ALLOWED: "is where the controller may not connect to",
    Failure.PROXY_NOT_ALLOWED: "is behind a proxy that the controller may not connect to",
    Failure.AUTHORITY: "has a certificate of an authority that is not trusted (ca.crt)",
    Failure.EXPIRED: "has a certificate that has expired or is not valid yet",
    Failure.WRONG_HOST: "has a certificate for another host",
    Failure.UNREACHABLE: "cannot be reached",
    Failure.CUT_SHORT: "ended its answer too early",
    Failure.NOT_GIT: "does not answer as HTTP has it",
}
_LATER = frozenset({408, 425, 429})


@dataclass(frozen=True, slots=True)
class Network:
    """What the controller's operator allows: hosts and addresses, and HTTP in the clear."""

    policy: NetworkPolicy
    schemes: frozenset[Scheme]

    def parse(self, url: str) -> tuple[RemoteUrl, str]:
        """The URL, and its query with the question mark. Raises `Undelivered`, which does not show
        it: it may be a secret."""
        bare, mark, query = url.partition("?")
        scheme, colon, rest = bare.partition("://")
        authority, _, path = rest.partition("/")
        # No repository is at the root of a host, but a receiver may be.
        named = bare if path else f"{scheme}{colon}{authority}/-"
        try:
            parsed = parse_url(named, self.schemes & {Scheme.HTTP})
        except InvalidSpec as error:
            raise Undelivered(
                f"The address cannot be used ({_cause(error, bare)}).", passes=False
            ) from None
        if parsed.scheme is Scheme.SSH or not query.isascii() or any(map(_breaks, query)):
            raise Undelivered("The address is none like https://host/path.", passes=False)
        return (parsed if path else replace(parsed, path="/")), mark + query

    def repository(self, url: str) -> RemoteUrl:
        """A repository's URL, as it is looked at. Raises `Undelivered`."""
        try:
            return parse_url(url, self.schemes)
        except InvalidSpec as error:
            raise Undelivered(str(error), passes=False) from None


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer with a good status, or one of those that were asked for."""

    status: int
    body: bytes = field(repr=False)

    @property
    def json(self) -> Any:
        """The JSON in it; None when there is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


@dataclass(frozen=True, slots=True, repr=False)
class Caller:
    """Who asks at `base`, a URL without a slash at its end, with `headers` that open it."""

    network: Network
    base: str
    access: Access
    headers: Mapping[str, str]

    def ask(
        self, method: str, path: str = "", body: object = None, *, fine: tuple[int, ...] = ()
    ) -> Reply:
        """The answer to a request, `body` as JSON; statuses 2xx and `fine` are good.

        Raises `Undelivered`.
        """
        url, query = self.network.parse(self.base + path)
        headers = {"User-Agent": AGENT, **self.headers}
        sent = None
        if body is not None:
            sent = json.dumps(body, ensure_ascii=False).encode()
            headers = {"Content-Type": "application/json", **headers}
        remote = Remote(url, self.access, 0, self.network.policy)
        asked = Request(method, (url.path or "/") + query, headers, sent)
        return self._answer(remote, asked, fine)

    def with_headers(self, **headers: str) -> Caller:
        """The same with more headers, their underscores as dashes."""
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        return replace(self, headers={**self.headers, **more})

    def _answer(self, remote: Remote, asked: Request, fine: tuple[int, ...]) -> Reply:
        host = remote.url.host
        try:
            with exchange(remote, asked, time.monotonic() + TIMEOUT) as response:
                status, headers = response.status, response.headers
                body = _body(response)
        except OverdueError:
            raise Undelivered(f"{host} did not answer in {TIMEOUT:g} s.", passes=True) from None
        except FailedError as failed:
            raise _of_the_wire(host, failed) from None
        except PackError:
            raise Undelivered(
                "The certificates in the Secret cannot be used.", passes=False
            ) from None
        if 200 <= status < 300 or status in fine:
            return Reply(status, body)
        raise refusal(host, status, headers)


def refusal(host: str, status: int, headers: Mapping[str, str]) -> Undelivered:
    """What an answer that is no good one means."""
    failed = answers.failed(status, headers, time.time())
    wait = failed.retry_after if failed else None
    if wait is not None:
        return Undelivered(
            f"{host} has had too many requests (HTTP {status}).", passes=True, retry_after=wait
        )
    if 300 <= status < 400:
        return Undelivered(
            f"{host} redirects (HTTP {status}), which is not followed: give the final address.",
            passes=False,
        )
    if status in (401, 403):
        return Undelivered(
            f"{host} refuses what the Secret opens it with (HTTP {status}).", passes=False
        )
    if status == 404:
        return Undelivered(
            f"{host} has no such address or repository, or hides it from this login (HTTP 404).",
            passes=False,
        )
    passes = status >= 500 or status in _LATER
    return Undelivered(f"{host} answers with HTTP {status}.", passes=passes)


def _of_the_wire(host: str, failed: FailedError) -> Undelivered:
    failure = failed.failure
    words = _WORDS.get(failure) or f"fails ({failure.name.lower().replace('_', ' ')})"
    return Undelivered(f"{host} {words}.", passes=failure not in _NEVER)


def _body(response: Response) -> bytes:
    body = b""
    for piece in response.pieces():
        body += piece
        if len(body) > LARGEST:
            raise FailedError(Failure.CUT_SHORT)
    return body


def _cause(error: InvalidSpec, url: str) -> str:
    scheme = url.partition("://")[0].lower()
    return "http:// is not allowed here" if scheme == "http" else error.reason.value


def _breaks(letter: str) -> bool:
    return letter <= " " or letter == "\x7f"
