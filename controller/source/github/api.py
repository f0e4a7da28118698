"""GitHub's API over HTTP. Imports this room's values; the one here that speaks to anybody."""

from __future__ import annotations

import time
from dataclasses import dataclass

import urllib3

from controller.errors import Reason, Stalled, Transient
from controller.source.commands import OverdueError
from controller.source.github.answers import Answer
from controller.source.remote import Remote
from controller.source.urls import Scheme

_HEADERS = {
    "Accept": "application/vnd.github+json",
    "Content-Type": "application/json",
    "User-Agent": "attune-pack-controller",
    "X-GitHub-Api-Version": "2022-11-28",
}


@dataclass(frozen=True, slots=True, repr=False)
class Api:
    """The API at `address`, asked as who shows `assertion`, the way that `remote` is reached."""

    remote: Remote
    address: str
    assertion: str
    deadline: float

    def ask(self, method: str, path: str, body: bytes = b"") -> Answer:
        """The answer to a request; a redirect is an answer. Raises `PackError` when there is none,
        and `OverdueError` after the deadline."""
        self._check_scheme()
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise OverdueError
        headers = {**_HEADERS, "Authorization": f"Bearer {self.assertion}"}
        url = f"{self.address}{path}"
        with urllib3.PoolManager() as pool:
            try:
                response = pool.request(
                    method, url, headers=headers, body=body, timeout=left, retries=False
                )
            except urllib3.exceptions.HTTPError:
                raise self._away() from None
        found = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status, found, response.data, time.time())

    def _check_scheme(self) -> None:
        plain = self.address.startswith("http:")
        if plain and self.remote.url.scheme is not Scheme.HTTP:
            raise Stalled(
                Reason.AUTHENTICATION_FAILED,
                f"GitHub's API at {self.address} would be asked for a token without encryption.",
                hint="Use an https:// address in githubAppBaseURL.",
            )

    def _away(self) -> Transient:
        return Transient(
            Reason.GIT_UNREACHABLE,
            f"GitHub's API at {self.address} cannot be reached, so the App gets no token.",
            hint="Check githubAppBaseURL, and whether the cluster may connect to it.",
        )
