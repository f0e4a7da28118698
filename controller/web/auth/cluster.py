"""Callers that the cluster knows: what they may do to Packs there, they may do here.

Imports `pack` and the room.
"""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass
from typing import Protocol

from cachetools import TTLCache

from controller.pack.user import User
from controller.web.auth.caller import Caller, Target, Verb

_KEPT = 10_000
_SECONDS = 10.0


class Reviews(Protocol):
    """The API server's answers. Each method takes a request, and may raise `PackError`."""

    def user(self, token: str) -> User | None:
        """Whose a token is."""

    def allows(self, user: User, verb: str, namespace: str, name: str) -> bool:
        """Whether a user may do something to a Pack, or to all of a namespace or the cluster."""


_Question = tuple[User, Verb, str, str]


class ClusterUsers:
    """Users by token. What the API server said counts for ten seconds; safe for many threads."""

    def __init__(self, reviews: Reviews) -> None:
        self._reviews = reviews
        self._users: TTLCache[bytes, User | None] = TTLCache(_KEPT, _SECONDS)
        self._said: TTLCache[_Question, bool] = TTLCache(_KEPT, _SECONDS)
        self._lock = threading.Lock()

    def remembered(self, token: str) -> Caller | None:
        """Whose the token is, if that is known without a request."""
        with self._lock:
            user = self._users.get(_digest(token))
        return self.caller(user) if user else None

    def find(self, token: str) -> Caller | None:
        """Whose the token is; raises `PackError`."""
        user = self._reviews.user(token)
        with self._lock:
            self._users[_digest(token)] = user
        return self.caller(user) if user else None

    def caller(self, user: User) -> Caller:
        """The user as one who asks."""
        return Caller(user.name, _UserGrants(user, self))

    def allows(self, user: User, verb: Verb, namespace: str, name: str = "") -> bool:
        """What the API server says; raises `PackError`."""
        question = user, verb, namespace, name
        with self._lock:
            said = self._said.get(question)
        if said is None:
            said = self._reviews.allows(user, verb, namespace, name)
            with self._lock:
                self._said[question] = said
        return said


@dataclass(frozen=True, slots=True)
class _UserGrants:
    """What a user may do. A pack without a resource needs the permission for all namespaces."""

    user: User
    users: ClusterUsers

    def allows(self, verb: Verb, target: Target) -> bool:
        if self._widely(verb, target):
            return True
        return bool(target.name) and self.users.allows(
            self.user, verb, target.namespace, target.name
        )

    def shows(self, target: Target) -> bool:
        return self._widely(Verb.GET, target)

    def _widely(self, verb: Verb, target: Target) -> bool:
        if self.users.allows(self.user, verb, ""):
            return True
        return bool(target.namespace) and self.users.allows(self.user, verb, target.namespace)


def _digest(token: str) -> bytes:
    """What a token is remembered by, so that no memory dump has it."""
    return hashlib.sha256(token.encode()).digest()
