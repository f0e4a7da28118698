"""The tokens of Apps' installations, kept for all who share them. Thread-safe.

Imports the rest of this package. Times are `time.monotonic` seconds: how long a token lives is told
by the server's clock alone, so that ours may be wrong, or be set right meanwhile.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from controller.errors import PackError, Transient, Waiting
from controller.source.access import HttpLogin
from controller.source.commands import OverdueError
from controller.source.github.answers import Issued

MARGIN = 600.0
"""Seconds before its end from which on a token is renewed: a fetch may take long, and GitHub's API
may be away for a while."""

_USER = "x-access-token"

Clock = Callable[[], float]
Exchange = Callable[[], Issued]


class Tokens:
    """Tokens by the identity of the access that they are for; `clock` is monotonic."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._places: dict[str, _Place] = {}
        self._guard = threading.Lock()

    def login(self, identity: str, exchange: Exchange, deadline: float) -> HttpLogin:
        """The login for `identity`; of all who lack one, one does the `exchange` for all.

        Raises what the exchange raises, in all who waited for it, and `OverdueError` after
        `deadline`.
        """
        return self._place(identity).login(exchange, deadline)

    def another(
        self, identity: str, refused: HttpLogin, since: float, exchange: Exchange, deadline: float
    ) -> HttpLogin | None:
        """A login in place of one that a server refused; None when that one was issued after
        `since`, because a newer one would fare no better. Raises as `login`."""
        place = self._place(identity)
        return place.login(exchange, deadline) if place.drop(refused, since) else None

    def __len__(self) -> int:
        """How many identities there are tokens of, or were until lately."""
        return len(self._places)

    def _place(self, identity: str) -> _Place:
        with self._guard:
            if identity not in self._places:
                # Keys that nobody has any more, as after a change of a Secret.
                old = [key for key, place in self._places.items() if place.is_empty()]
                for key in old:
                    del self._places[key]
                self._places[identity] = _Place(self._clock)
            return self._places[identity]


@dataclass(frozen=True, slots=True)
class _Token:
    """A login that opens repositories from `since` until `until`; from `stale` on there should be
    a newer one."""

    login: HttpLogin
    since: float
    stale: float
    until: float


@dataclass(frozen=True, slots=True)
class _Failure:
    """Why there is no token, for those who asked before `until`."""

    error: PackError
    until: float


class _Place:
    """What is known of one identity; who holds the turn may ask the API for it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._turn = threading.Lock()
        self._token: _Token | None = None
        self._failure: _Failure | None = None

    def login(self, exchange: Exchange, deadline: float) -> HttpLogin:
        """As `Tokens.login`. While one renews a token that still serves, others go on with it."""
        asked, token = self._clock(), self._token
        if token and (asked < token.stale or (asked < token.until and self._turn.locked())):
            return token.login
        with self._held(deadline):
            token = self._token
            if token and self._clock() < token.stale:
                return token.login
            return self._renewed(token, asked, exchange)

    def drop(self, refused: HttpLogin, since: float) -> bool:
        """Forget a login that a server refused; False when it was issued after `since`."""
        token = self._token
        if token and token.login == refused:
            if token.since >= since:
                return False
            self._token = None
        return True

    def is_empty(self) -> bool:
        """Whether nothing would be lost with it."""
        ends = [one.until for one in (self._token, self._failure) if one]
        return not self._turn.locked() and max(ends, default=0.0) <= self._clock()

    def _renewed(self, old: _Token | None, asked: float, exchange: Exchange) -> HttpLogin:
        try:
            self._token = self._issued(asked, exchange)
        except (Transient, Waiting):
            if old and self._clock() < old.until:
                return old.login  # the API is away, which nobody need notice yet
            raise
        return self._token.login

    def _issued(self, asked: float, exchange: Exchange) -> _Token:
        since, known = self._clock(), self._failure
        if known and asked < known.until:
            raise _seen_from(known, since)
        try:
            issued = exchange()
        except PackError as error:
            wait = error.retry_after if isinstance(error, Waiting) else 0.0
            self._failure = _Failure(error, self._clock() + wait)
            raise
        until = since + issued.life
        stale = until - min(MARGIN, issued.life / 2)
        return _Token(HttpLogin(_USER, issued.token), since, stale, until)

    @contextmanager
    def _held(self, deadline: float) -> Iterator[None]:
        if not self._turn.acquire(timeout=max(0.0, deadline - self._clock())):
            raise OverdueError
        try:
            yield
        finally:
            self._turn.release()


def _seen_from(failure: _Failure, now: float) -> PackError:
    error = failure.error
    if not isinstance(error, Waiting):
        return error.again()
    left = max(1.0, failure.until - now)
    return Waiting(error.reason, error.message, hint=error.hint, retry_after=left)
