"""One repository, for all Packs that follow something in it: one look, one mirror, one fetch.

Whoever asks where a reference stands gets the newest look that is fresh enough, or makes one that
serves all who follow something here. A look that finds references moved tells their followers.
Imports this room and the clock.
"""

from __future__ import annotations

import random
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from controller.backoff import backoff
from controller.errors import PackError, Reason, Transient
from controller.pack.source import Look
from controller.source.advertised import advertised
from controller.source.commands import OverdueError
from controller.source.hosts import Hosts
from controller.source.login import logged_in
from controller.source.mirror import Mirror
from controller.source.references import Advertised
from controller.source.remote import Remote
from controller.source.sighting import Sighting, not_found, pinned, prefixes, sighted
from controller.source.summaries import Summaries
from controller.source.target import GitReference
from controller.source.traffic import NOBODY, Audience, Kind, told


class Follower:
    """Somebody who wants to know where `reference` stands, and reads the folder `path` there.

    `moved` is called, from any thread and quickly, when another one's look found it moved.
    """

    def __init__(self, reference: GitReference, path: str, moved: Callable[[], None]) -> None:
        self.reference = reference
        self.path = path
        self.moved = moved


@dataclass(frozen=True, slots=True)
class Sight:
    """Where a reference stood, by a look that began at `begun` and was given `number`."""

    sighting: Sighting
    number: int
    begun: float


@dataclass(frozen=True, slots=True)
class _Seen:
    """One look: what was asked for and what the remote answered, the failure where it did not."""

    begun: float
    number: int
    prefixes: tuple[str, ...]
    answer: Advertised | PackError

    def serves(self, reference: GitReference, look: Look, now: float) -> bool:
        """Whether somebody who asks for `reference` need not ask again.

        What passes by itself may have passed since: such a failure serves those who waited for it.
        """
        since = now if look.since is None else look.since
        covered = set(prefixes([reference])).issubset(self.prefixes)
        lasts = look.urgent or not isinstance(self.answer, Transient)
        return self.begun >= since and covered and lasts


class Repository:
    """A remote with its mirror; made by `Mirrors`, the same one for the same URL and access."""

    def __init__(
        self, remote: Remote, mirror: Mirror, hosts: Hosts, audience: Audience = NOBODY
    ) -> None:
        self.remote = remote
        self.mirror = mirror
        self.audience = audience
        self.summaries = Summaries()
        self._hosts = hosts
        self._followers: weakref.WeakSet[Follower] = weakref.WeakSet()
        self._guard = threading.Lock()
        self._turn = threading.Lock()
        self._seen: _Seen | None = None
        self._all: tuple[_Seen, Advertised] | None = None
        self._failures = 0
        self._quiet_until = 0.0

    def follow(self, follower: Follower) -> None:
        """Look for what `follower` follows, too, as long as somebody holds it."""
        with self._guard:
            self._followers.add(follower)

    def sight(self, asker: Follower, look: Look, deadline: float) -> Sight:
        """Where the reference of `asker` stands, by a look that is as fresh as `look` wants it.

        Raises `PackError` for all that can be wrong with the remote or the reference, also for
        what went wrong in a look that another one made, and `OverdueError` after `deadline`.
        """
        reference = asker.reference
        known = pinned(reference)
        if known is not None:
            return Sight(known, look.number(), time.monotonic())
        now = time.monotonic()
        with self._my_turn(deadline):
            before = seen = self._seen
            if seen is None or not seen.serves(reference, look, now):
                self._refuse_hasty(look)
                seen = self._seen = self._ask(reference, look, deadline)
        if seen is not before:
            self._tell_moved(before, seen, asker)
        return self._sight(reference, seen, deadline)

    def sightings(self) -> dict[GitReference, Sighting]:
        """Where all that is followed stood at the newest look."""
        seen = self._seen
        if seen is None or isinstance(seen.answer, PackError):
            return {}
        found = {one: sighted(one, seen.answer) for one in self._followed()}
        return {one: sighting for one, sighting in found.items() if sighting}

    def paths(self) -> tuple[str, ...]:
        """The folders that are read here, sorted."""
        with self._guard:
            return tuple(sorted({one.path for one in self._followers}))

    @contextmanager
    def host_turn(self, deadline: float) -> Iterator[None]:
        """One of the host's places; see `Hosts.turn`."""
        with self._hosts.turn(self.remote.url.origin, deadline):
            yield

    @contextmanager
    def _my_turn(self, deadline: float) -> Iterator[None]:
        if not self._turn.acquire(timeout=max(0.0, deadline - time.monotonic())):
            raise OverdueError
        try:
            yield
        finally:
            self._turn.release()

    def _followed(self) -> set[GitReference]:
        with self._guard:
            return {one.reference for one in self._followers if not pinned(one.reference)}

    def _refuse_hasty(self, look: Look) -> None:
        """After a failure the remote is left alone for a while; an urgent look is made at once."""
        left = self._quiet_until - time.monotonic()
        if left > 0 and not look.urgent and self._seen and isinstance(self._seen.answer, Transient):
            raise self._seen.answer.later(left)

    def _ask(self, reference: GitReference, look: Look, deadline: float) -> _Seen:
        number = look.number()
        wanted = prefixes(self._followed() | {reference})
        begun = time.monotonic()
        try:
            answer: Advertised | PackError = self._advertised(wanted, deadline)
            self._failures = 0
        except Transient as error:
            answer = error.later(self._back_off(error))
        except PackError as error:
            answer = error
        except OverdueError:
            late = self._overdue(deadline - begun)
            answer = late.later(self._back_off(late))
        return _Seen(begun, number, wanted, answer)

    def _overdue(self, seconds: float) -> Transient:
        return Transient(
            Reason.GIT_TIMEOUT,
            f"{self.remote.url} did not answer within {round(seconds, 1):g} s.",
            hint="Check the server, or raise spec.timeout.",
        )

    def _back_off(self, error: Transient) -> float:
        wait = backoff(self._failures, random.random())  # noqa: S311 - spreads load only
        if error.retry_after is not None:
            wait = max(wait, error.retry_after)
        self._failures += 1
        self._quiet_until = time.monotonic() + wait
        return wait

    def _sight(self, reference: GitReference, seen: _Seen, deadline: float) -> Sight:
        if isinstance(seen.answer, PackError):
            raise seen.answer.again()
        found = sighted(reference, seen.answer)
        if found is not None:
            return Sight(found, seen.number, seen.begun)
        raise not_found(self.remote, reference, self._everything(seen, deadline))

    def _everything(self, seen: _Seen, deadline: float) -> Advertised:
        """All references, asked for once for all who miss one in the same look."""
        with self._my_turn(deadline):
            if self._all is None or self._all[0] is not seen:
                self._all = (seen, self._advertised((), deadline))
            return self._all[1]

    def _advertised(self, wanted: tuple[str, ...], deadline: float) -> Advertised:
        def look(remote: Remote) -> Advertised:
            # An App's token is there by now: it comes from a host that may be slow where ours is
            # not.
            with self.host_turn(deadline):
                return advertised(remote, wanted, deadline)

        with told(self.audience, self.remote.url, Kind.LOOK):
            return logged_in(self.remote, deadline, look)

    def _tell_moved(self, before: _Seen | None, now: _Seen, asker: Follower) -> None:
        if before is None or isinstance(now.answer, PackError):
            return
        if isinstance(before.answer, PackError):
            moved = self._followed()
        else:
            old, new = before.answer, now.answer
            moved = {one for one in self._followed() if sighted(one, old) != sighted(one, new)}
        with self._guard:
            followers = [one for one in self._followers if one.reference in moved]
        for one in followers:
            if one is not asker:
                one.moved()
