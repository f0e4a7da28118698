"""One request to the API server: JSON in and out, always with a time limit, failures typed.

    ClusterError
    ├── Conflict          the object is another one by now, or already there: read it again
    ├── ApiRefused        the API server will not do this: a person must act
    └── ApiUnavailable    it does not answer, or asks for patience: try later

Imports the Kubernetes client, tenacity and `redact`. Safe to use from many threads: urllib3's pool
is, and the client keeps no state of a request; two threads that refresh one token at once both
read the same file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

import tenacity
import urllib3
from kubernetes import client

from controller import __version__
from controller.redact import brief

Body = dict[str, Any]
"""A Kubernetes object as JSON has it."""

MERGE_PATCH = "application/merge-patch+json"

_TIMEOUT = (5.0, 30.0)
"""Seconds to connect, and to wait for an answer."""
_MAY_MISS = {"GET", "PATCH"}
"""Methods whose object may be gone. A POST that finds no namespace to create in is refused."""
_ATTEMPTS = 3
_LONGEST_WAIT = 5.0


class ClusterError(Exception):
    """The API server did not do what it was asked."""


class Conflict(ClusterError):
    """The object is another one by now, or already there: read it again."""


class ApiRefused(ClusterError):
    """The API server will not do this: a person must act."""


class ApiUnavailable(ClusterError):
    """It does not answer, or asks for patience: try again, after `retry_after` seconds if said."""

    def __init__(self, message: str, retry_after: float = 0.0) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Requests:
    """Requests to one API server over a pool of `connections` that stay open."""

    def __init__(self, access: client.Configuration, *, connections: int) -> None:
        access.connection_pool_maxsize = connections
        self._client = client.ApiClient(access)
        self._client.user_agent = f"attune-pack-controller/{__version__}"

    def close(self) -> None:
        """Close the idle connections."""
        self._client.close()

    def send(
        self,
        method: str,
        path: str,
        body: Body | None = None,
        *,
        content_type: str = "application/json",
        query: Mapping[str, str] | None = None,
        attempts: int = _ATTEMPTS,
        timeout: tuple[float, float] = _TIMEOUT,
    ) -> Body | None:
        """The object that the API server answers with; None when what is read or patched is gone.

        Repeats what was not answered, so a POST may meet its own object and raise `Conflict`.
        """
        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(ApiUnavailable),
            stop=tenacity.stop_after_attempt(attempts),
            wait=_wait,
            reraise=True,
        )
        target = f"{path}?{urlencode(query)}" if query else path
        return retrying(self._once, method, target, body, content_type, timeout)

    def _once(
        self,
        method: str,
        path: str,
        body: Body | None,
        content_type: str,
        timeout: tuple[float, float],
    ) -> Body | None:
        what = f"{method} {path.partition('?')[0]}"
        headers = {"Accept": "application/json", "Content-Type": content_type}
        request = self._client.param_serialize(
            method, path, header_params=headers, body=body, auth_settings=["BearerToken"]
        )
        try:
            response = self._client.call_api(*request, _request_timeout=timeout)
            text = response.read()
        except (urllib3.exceptions.HTTPError, client.ApiException, OSError) as error:
            raise ApiUnavailable(
                f"The API server does not answer to {what} "
                f"({type(error).__name__}: {brief(str(error))})."
            ) from error
        if response.status == HTTPStatus.NOT_FOUND and method in _MAY_MISS:
            return None
        return _answer(what, response.status, response.headers, text)


def _answer(what: str, status: int, headers: Mapping[str, str], text: bytes) -> Body:
    if status < HTTPStatus.MULTIPLE_CHOICES:
        return _parsed(what, text)
    said = f"The API server answered {status} to {what}: {_reason(text)}"
    if status == HTTPStatus.CONFLICT:
        raise Conflict(said)
    if status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise ApiUnavailable(said, _seconds(headers.get("Retry-After")))
    raise ApiRefused(f"{said} {_hint(status)}".rstrip())


def _parsed(what: str, text: bytes) -> Body:
    try:
        body: Body = json.loads(text)
    except ValueError:
        # Something between us and the API server answered in its place.
        raise ApiUnavailable(f"The answer to {what} is not JSON: {_reason(text)}") from None
    return body


def _reason(text: bytes) -> str:
    """The message of a `Status` object, or the beginning of whatever a proxy answered."""
    try:
        message = json.loads(text)["message"]
    except (ValueError, TypeError, KeyError):
        message = text.decode(errors="replace")
    return brief(str(message), limit=300)


def _hint(status: int) -> str:
    if status == HTTPStatus.UNAUTHORIZED:
        return "Check the token or certificate that the controller was given."
    if status == HTTPStatus.FORBIDDEN:
        return "Check the ClusterRole and Roles of the controller's service account."
    return ""


def _seconds(retry_after: str | None) -> float:
    return float(retry_after) if retry_after and retry_after.isdigit() else 0.0


def _wait(state: tenacity.RetryCallState) -> float:
    """As long as the server asks, else about 0.2, 0.4, … s; never so long that a worker is lost."""
    error = state.outcome.exception() if state.outcome else None
    asked = error.retry_after if isinstance(error, ApiUnavailable) else 0.0
    usual = tenacity.wait_random_exponential(multiplier=0.2, max=_LONGEST_WAIT)(state)
    return min(max(asked, usual), _LONGEST_WAIT)
