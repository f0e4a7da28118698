"""All mirrors on disk: how much they take together, and making room. Knows files, not git.

Each mirror is measured by who has used it, so a fetch costs a look at its own folder; the folder of
all is only listed once a minute, and before something has to go, because another process may share
it. Sizes are of the disk as it was; the limits leave room for what is written meanwhile.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from controller.errors import Reason, Transient
from controller.source import place
from controller.source.eviction import Budget, Stored, is_over, order

Tenants = Callable[[str], frozenset[str]]
"""Who uses the mirror of a name now."""

_FRESH = 60.0


@dataclass(frozen=True, slots=True)
class Taken:
    """What mirrors take together, in bytes, and how many they are."""

    size: int
    count: int


class Shelf:
    """The mirrors in the folder `root`. Safe to share between threads. `evicted` is called for each
    that has to go."""

    def __init__(
        self, root: Path, budget: Budget, tenants: Tenants, evicted: Callable[[], None]
    ) -> None:
        self.budget = budget
        self._root = root
        self._tenants = tenants
        self._evicted = evicted
        self._sizes: dict[str, int] = {}
        self._used: dict[str, float] = {}
        self._growing: set[str] = set()
        self._listed = float("-inf")
        self._is_open = False
        self._guard = threading.Lock()

    def open(self) -> None:
        """Before the first mirror is used: remove what a controller that was killed left behind.

        It makes nothing, so that it works on a full disk, and whatever it cannot remove it leaves.
        """
        with self._guard:
            if not self._is_open:
                self._is_open = True
                self._sweep()

    def path_of(self, name: str) -> Path:
        """Where the mirror `name` is."""
        return self._root / f"{name}.git"

    def taken(self) -> Taken:
        """What was measured last, without a wait for one who is at work here."""
        sizes = tuple(self._sizes.values())
        return Taken(sum(sizes), len(sizes))

    def measured(self, path: Path, size: int) -> None:
        """The mirror `path` takes `size` bytes now; whatever is too much goes."""
        with self._guard:
            self._growing.discard(path.stem)
            self._measure(path.stem, size)
            self._make_room()

    def growing(self, path: Path, size: int) -> None:
        """The mirror `path` is being written and takes `size` bytes by now.

        Raises `Transient` (CacheUnavailable) when it is too much for all, nothing else can go, and
        it is this one's turn to give way.
        """
        with self._guard:
            self._growing.add(path.stem)
            self._measure(path.stem, max(size, 1))
            if self._make_room():
                return
            growing = [name for name in self._order() if name in self._growing]
        if growing[0] == path.stem:
            raise _full()

    def relieve(self) -> bool:
        """The disk is full although the budget is not: remove half of what can go, one at least.

        Whether something went.
        """
        with self._guard:
            self._list()
            before = self._idle()
            went = False
            for name in self._order():
                if went and self._idle() <= before / 2:
                    break
                went = self._discard(name) or went
            return went

    def _idle(self) -> int:
        return sum(size for name, size in self._sizes.items() if name not in self._growing)

    def _measure(self, name: str, size: int) -> None:
        if size:
            self._sizes[name] = size
        else:
            self._sizes.pop(name, None)

    def _make_room(self) -> bool:
        """Remove mirrors until the rest fits; whether it does."""
        if time.monotonic() - self._listed > _FRESH:
            self._list()
        if not is_over(self._stored(), self.budget):
            return True
        self._list()
        for name in self._order():
            if not is_over(self._stored(), self.budget):
                return True
            self._discard(name)
        return not is_over(self._stored(), self.budget)

    def _stored(self) -> dict[str, Stored]:
        return {
            name: Stored(size, self._used.get(name, 0.0), self._tenants(name))
            for name, size in self._sizes.items()
        }

    def _order(self) -> list[str]:
        return order(self._stored(), self.budget)

    def _list(self) -> None:
        """Learn which mirrors there are and when each was last used."""
        self._listed = time.monotonic()
        found = {path.stem for path in self._root.glob("*.git")}
        for name in self._sizes.keys() - found - self._growing:
            del self._sizes[name]
        for name in found - self._sizes.keys():
            self._sizes[name] = place.survey(self.path_of(name)).size
        self._used = {name: place.last_used(self.path_of(name)) for name in found}

    def _sweep(self) -> None:
        for name in {path.stem for path in self._root.iterdir() if place.is_mirrors(path)}:
            path = self.path_of(name)
            with suppress(place.BusyError, OSError), place.locked(place.lock_of(path), 0.0):
                if not place.tidy(path).size:
                    place.lock_of(path).unlink()

    def _discard(self, name: str) -> bool:
        path = self.path_of(name)
        with suppress(place.BusyError), place.locked(place.lock_of(path), 0.0):
            place.remove(path)
            place.lock_of(path).unlink(missing_ok=True)
            self._sizes.pop(name, None)
            self._evicted()
            return True
        return False


def _full() -> Transient:
    return Transient(
        Reason.CACHE_UNAVAILABLE,
        "The controller's cache is full with repositories that are being fetched.",
        hint="It is tried again; if this stays, raise PACKCTL_CACHE_SIZE and the volume's size.",
    )
