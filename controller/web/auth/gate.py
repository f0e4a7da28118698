"""From a request's bearer token to a caller. May import `errors` and the room.

Failures are counted by address, and too many of them are not looked up any more. What is known
without a question to anybody still passes, so nobody locks out those who come the same way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Annotated, Protocol

import structlog
from fastapi import Depends, HTTPException, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from controller.pack.user import User
from controller.web.auth.caller import AnyOf, Caller
from controller.web.auth.cluster import ClusterUsers
from controller.web.auth.tokens import TokenFile

_REALM = 'Bearer realm="attune-pack-controller"'
_LONGEST = 16 * 1024

_log = structlog.get_logger(__name__)


class Named(Protocol):
    """Who knows users by signed tokens."""

    def known(self, token: str) -> User | None:
        """Whose a token is, if nobody need be asked."""

    def find(self, token: str) -> User | None:
        """Whose a token is; it may take a request, and raise `PackError`."""


@dataclass(frozen=True, slots=True)
class Known:
    """Who knows callers; None where that is not set up."""

    tokens: TokenFile | None = None
    users: ClusterUsers | None = None
    issuer: Named | None = None

    def quickly(self, token: str) -> Caller | None:
        """Whose the token is, if nobody need be asked."""
        found = self.tokens.find(token) if self.tokens else None
        if found is None and self.issuer:
            found = self._named(self.issuer.known(token))
        return found or (self.users.remembered(token) if self.users else None)

    def find(self, token: str) -> Caller | None:
        """Whose the token is, after all were asked."""
        found = self._named(self.issuer.find(token)) if self.issuer else None
        return found or (self.users.find(token) if self.users else None)

    def _named(self, user: User | None) -> Caller | None:
        """A user of the issuer: what the cluster and the file let them do."""
        if user is None:
            return None
        scopes = self.tokens.scopes(user) if self.tokens else ()
        known = (self.users.caller(user).grants,) if self.users else ()
        return Caller(user.name, AnyOf((*scopes, *known)))


class Gate:
    """Lets known callers in."""

    def __init__(self, known: Known, *, failures: int = 30) -> None:
        """So many `failures` of an address a minute are looked up."""
        self._known = known
        self._most = RateLimitItemPerMinute(failures)
        self._failures = FixedWindowRateLimiter(MemoryStorage())

    def caller(self, request: Request, token: str) -> Caller:
        """Whose the token is; raises `HTTPException` (401, 429)."""
        if not token:
            raise _unknown("Send a token in the header Authorization, as Bearer (docs/api.md).", "")
        if found := self._known.quickly(token) if len(token) <= _LONGEST else None:
            return found
        address = _address(request)
        if not self._failures.test(self._most, address):
            raise HTTPException(
                429, "Too many wrong tokens: wait a minute.", headers={"Retry-After": "60"}
            )
        found = self._known.find(token) if len(token) <= _LONGEST else None
        if found is None:
            self._failures.hit(self._most, address)
            _log.info("token refused", address=address)
            raise _unknown("The token is wrong or has expired.", ', error="invalid_token"')
        return found


def _unknown(message: str, more: str) -> HTTPException:
    return HTTPException(401, message, headers={"WWW-Authenticate": _REALM + more})


def _address(request: Request) -> str:
    """Whom a failure is counted for: an address, of IPv6 the network of one customer."""
    host = request.client.host if request.client else ""
    try:
        address = ip_address(host)
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(ip_network((address, 64), strict=False))
    return str(address)


_bearer = HTTPBearer(auto_error=False, description="A token: docs/api.md says which.")
Given = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


def known_caller(request: Request, given: Given) -> Caller:
    """Who asks, for routes; the app's state has the gate."""
    gate: Gate = request.app.state.gate
    return gate.caller(request, given.credentials if given else "")


Who = Annotated[Caller, Depends(known_caller)]
"""The caller of a route; a route that has none is open to all."""

__all__: Sequence[str] = ("Gate", "Known", "Who")
