"""GitHub's API over HTTP, reached as the repository is. Imports this room's values and `http`."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from controller.errors import InvalidSpec, PackError
from controller.source.access import Access, unusable
from controller.source.failures import FailedError, Failure
from controller.source.github.answers import Answer, not_the_api
from controller.source.http.exchange import Request, Response, exchange
from controller.source.http.protocol import AGENT
from controller.source.remote import Remote
from controller.source.urls import RemoteUrl, Scheme, parse_url

MAX_BODY = 256 * 1024
"""Bytes of an answer; those that matter have less than 4 KiB."""

_HEADERS = {
    "Accept": "application/vnd.github+json",
    "Content-Type": "application/json",
    "User-Agent": AGENT,
    "X-GitHub-Api-Version": "2022-11-28",
}


@dataclass(frozen=True, slots=True, repr=False)
class Api:
    """The API at `address`, asked as who shows `assertion`: with the authority, the proxy and the
    limits of `remote`."""

    remote: Remote
    address: str
    assertion: str
    deadline: float

    def ask(self, method: str, path: str, body: bytes = b"") -> Answer:
        """The answer to a request; a redirect is an answer, and not followed.

        Raises `PackError` when there is none, and `OverdueError` after the deadline.
        """
        url = self._url(path)
        there = replace(self.remote, url=url, access=self._access(url))
        headers = {**_HEADERS, "Authorization": f"Bearer {self.assertion}"}
        asked = Request(method, url.path, headers, body)
        try:
            with exchange(there, asked, self.deadline) as response:
                return Answer(response.status, response.headers, _body(response), time.time())
        except FailedError as failed:
            if failed.failure is Failure.NOT_GIT:
                raise not_the_api(self.address) from None
            raise _of_the_api(failed.told(url, there.access)) from None

    def _url(self, path: str) -> RemoteUrl:
        # In the clear only where the repository itself is read in the clear.
        plain = {Scheme.HTTP} & {self.remote.url.scheme}
        try:
            return parse_url(f"{self.address}{path}", frozenset(plain))
        except InvalidSpec:
            raise unusable(
                f"has {self.address} in `githubAppBaseURL`, which is no https:// address"
            ) from None

    def _access(self, url: RemoteUrl) -> Access:
        """Our own certificate is for the host of the repository alone."""
        access = self.remote.access
        tls = access.tls
        if tls and url.origin != self.remote.url.origin:
            tls = replace(tls, certificate="", key="")
        return replace(access, login=None, tls=tls)


def _body(response: Response) -> bytes:
    body = b""
    for piece in response.pieces():
        body += piece
        if len(body) > MAX_BODY:
            raise FailedError(Failure.NOT_GIT)
    return body


def _of_the_api(error: PackError) -> PackError:
    told = error.again()
    told.hint = f"That is GitHub's API, which gives the App its tokens. {error.hint}"
    return told
