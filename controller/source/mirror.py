"""One bare mirror on disk: who may use it when, and what is done when a fetch does not work.

A mirror is a cache: whatever is odd about it, it is thrown away and fetched again. It has one
user at a time: threads take turns by a lock, processes by a locked file beside the mirror. The git
process that writes inherits the locked file, so a mirror stays locked for as long as one writes to
it, even when the controller was killed meanwhile.
"""

from __future__ import annotations

import errno
import os
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

from controller.errors import Reason, Stalled, Transient
from controller.source import place
from controller.source.catfile import ObjectReader, reading
from controller.source.commands import Finished, run_git
from controller.source.environment import local_environment
from controller.source.fetching import NotShallowError, TooLargeError, Wanted, fetch
from controller.source.remote import Remote
from controller.source.shelf import Shelf

MAX_PACKS = 64
"""Each fetch leaves one pack file. A mirror with more of them starts afresh with its next fetch,
which costs one full fetch of the tip and frees what old commits left behind."""

REFUSED_FOR = 3600.0
"""Seconds for which what was too large is not fetched again: it would be too large again."""

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


class Mirror:
    """A mirror's place on disk and its turn; `path` need not exist yet."""

    def __init__(self, path: Path, shelf: Shelf) -> None:
        self.path = path
        self.shelf = shelf
        self.shallow = True
        self.tenants: frozenset[str] = frozenset()
        self._refused: dict[tuple[str, ...], float] = {}
        self._turn = threading.Lock()

    @contextmanager
    def held(self, deadline: float) -> Iterator[HeldMirror]:
        """The mirror for this caller alone, swept of what a killed process left behind.

        Raises `Transient` (CacheUnavailable) when the turn does not come before `deadline`, or
        when the disk fails.
        """
        if not self._turn.acquire(timeout=max(0.0, deadline - time.monotonic())):
            raise _busy()
        try:
            with place.locked(place.lock_of(self.path), deadline) as lock:
                os.utime(lock)
                self.shelf.open()
                yield HeldMirror(self, lock)
        except place.BusyError:
            raise _busy() from None
        except OSError as failure:
            raise self._unusable(failure) from failure
        finally:
            self._turn.release()

    def refuse(self, refspecs: tuple[str, ...]) -> None:
        """Remember for a while that these are too large."""
        self._refused[refspecs] = time.monotonic() + REFUSED_FOR

    def refuses(self, refspecs: tuple[str, ...]) -> bool:
        """Whether these were too large not long ago."""
        now = time.monotonic()
        self._refused = {what: until for what, until in self._refused.items() if until > now}
        return refspecs in self._refused

    def _unusable(self, failure: OSError) -> Transient:
        if failure.errno not in _NO_ROOM:
            return Transient(
                Reason.CACHE_UNAVAILABLE,
                f"The controller's cache cannot be used: {failure.strerror}.",
                hint="Check that the cache volume is there and writable.",
            )
        with suppress(OSError):
            self.shelf.relieve()
        return Transient(
            Reason.CACHE_UNAVAILABLE,
            "The controller's cache is full, though what the controller may take of it is not.",
            hint="Give the cache volume more room or inodes (df, df -i), or set PACKCTL_CACHE_SIZE "
            "to what it has.",
        )


class HeldMirror:
    """A mirror that is ours for now; made by `Mirror.held`."""

    def __init__(self, mirror: Mirror, lock: int) -> None:
        self._mirror = mirror
        self._path = mirror.path
        self._shelf = mirror.shelf
        self._lock = lock
        self._found = place.tidy(self._path)

    def drop(self) -> None:
        """Remove the mirror."""
        place.remove(self._path)

    def refuses(self, refspecs: Sequence[str]) -> bool:
        """Whether these were too large not long ago, and would not be fetched again."""
        return self._mirror.refuses(tuple(refspecs))

    def reading(self, deadline: float) -> AbstractContextManager[ObjectReader]:
        """A reader of its objects; see `catfile.reading`."""
        return reading(self._path, deadline)

    def fetch(
        self, remote: Remote, refspecs: Sequence[str], *, digits: int, depth: int, deadline: float
    ) -> Finished:
        """Bring `refspecs` of `remote` here; `digits` is the length of its object ids.

        The result tells whether git succeeded. Raises `OverdueError` after `deadline`, `Stalled`
        (LimitExceeded) when it is too much for one mirror, and `Transient` (CacheUnavailable) when
        there is no room for it.
        """
        wanted = Wanted(remote, tuple(refspecs), digits, depth, deadline)
        if self.refuses(refspecs):
            raise self._too_large(remote)
        if self._found.packs > MAX_PACKS:
            self.drop()
        try:
            return self._fetch(wanted)
        finally:
            self._found = place.tidy(self._path)
            self._shelf.measured(self._path, self._found.size)

    def pack_references(self, deadline: float) -> None:
        """Keep all references in one file: each of its own would take a block and an inode."""
        arguments = (f"--git-dir={self._path}", "pack-refs", "--all", "--prune")
        run_git(arguments, local_environment(), deadline=deadline, keep_open=self._lock)
        self._found = place.tidy(self._path)
        self._shelf.measured(self._path, self._found.size)

    def _fetch(self, wanted: Wanted) -> Finished:
        """Once more with more room when the disk is full."""
        try:
            return self._within_limits(wanted)
        except OSError as failure:
            place.tidy(self._path)
            if failure.errno not in _NO_ROOM or not self._shelf.relieve():
                raise
        return self._within_limits(wanted)

    def _within_limits(self, wanted: Wanted) -> Finished:
        """Once more from nothing when what is here already leaves too little for the rest."""
        was_there = self._path.exists()
        try:
            return self._as_the_server_can(wanted)
        except TooLargeError:
            self.drop()
        if was_there:
            with suppress(TooLargeError):
                return self._as_the_server_can(wanted)
            self.drop()
        self._mirror.refuse(wanted.refspecs)
        raise self._too_large(wanted.remote)

    def _as_the_server_can(self, wanted: Wanted) -> Finished:
        """Once more with the whole history when the server cannot give less."""
        if self._mirror.shallow:
            with suppress(NotShallowError):
                return self._once(wanted)
            self.drop()
            self._mirror.shallow = False
        return self._once(wanted)

    def _once(self, wanted: Wanted) -> Finished:
        shallow = self._mirror.shallow
        return fetch(self._path, wanted, self._shelf, lock=self._lock, shallow=shallow)

    def _too_large(self, remote: Remote) -> Stalled:
        return Stalled(
            Reason.LIMIT_EXCEEDED,
            f"{remote.url} takes more than {self._shelf.budget.each:,} bytes of disk or more "
            "memory than a repository may.",
            hint="Keep packs in a repository of their own, without large files; or ask the "
            "operator to raise PACKCTL_MAX_REPOSITORY_SIZE.",
        )


def _busy() -> Transient:
    return Transient(
        Reason.CACHE_UNAVAILABLE,
        "The mirror of the repository stayed in use by others until the time was over.",
        hint="It is tried again; if this stays, raise spec.timeout.",
    )
