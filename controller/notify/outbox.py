"""What is yet to be told, and the threads that tell it: nothing here is in the way of a sync.

A letter that cannot be delivered waits in the box and not in a thread, and a namespace whose
receivers hang has only a part of the threads. Imports `backoff` and `undelivered`.
"""

from __future__ import annotations

import heapq
import itertools
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import structlog

from controller.backoff import backoff
from controller.notify.undelivered import Undelivered

THREADS = 4
OF_ONE_GROUP = 2
LARGEST = 10_000
TRIES = 8
"""With the back-off, two minutes of a receiver that is away; the next look begins anew."""
LONGEST_WAIT = 3600.0

_log = structlog.get_logger(__name__)


class Addressed(Protocol):
    """What the box needs to know of a letter: a later one of the same `slot` replaces it, unless
    it says the same; `group` is whom threads are shared out to."""

    @property
    def slot(self) -> Hashable: ...  # noqa: D102

    @property
    def group(self) -> str: ...  # noqa: D102

    @property
    def news(self) -> str: ...  # noqa: D102


L = TypeVar("L", bound=Addressed)


@dataclass(slots=True, eq=False)
class _Waiting(Generic[L]):
    letter: L
    due: float
    failures: int = 0


class Outbox(Generic[L]):
    """Letters by slot; safe to use from many threads."""

    def __init__(
        self,
        deliver: Callable[[L], None],
        gave_up: Callable[[L, Undelivered], None],
        count: Callable[[str], None],
        *,
        largest: int = LARGEST,
        tries: int = TRIES,
    ) -> None:
        """`deliver` raises `Undelivered`; `gave_up` hears of what will not be tried again; `count`
        is told `delivered`, `retried`, `failed` and `dropped`."""
        self._deliver = deliver
        self._gave_up = gave_up
        self._count = count
        self._largest = largest
        self._tries = tries
        self._slots: dict[Hashable, _Waiting[L]] = {}
        self._due: list[tuple[float, int, _Waiting[L]]] = []
        self._parked: dict[Hashable, list[_Waiting[L]]] = {}
        self._running: Counter[Hashable] = Counter()
        self._numbers = itertools.count()
        self._changed = threading.Condition()
        self._stopping = False
        self._threads: list[threading.Thread] = []

    def __len__(self) -> int:
        """How many letters wait or are under way."""
        with self._changed:
            return len(self._slots)

    def start(self) -> None:
        """Begin to deliver."""
        for number in range(THREADS):
            thread = threading.Thread(target=self._work, name=f"notify-{number}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self, grace: float) -> int:
        """End, waiting `grace` seconds for what is under way; how many letters are left."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        end = time.monotonic() + grace
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))
        return len(self)

    def put(self, letter: L, *, delay: float = 0.0) -> bool:
        """Have a letter delivered, in `delay` seconds; False where there is no room for it."""
        with self._changed:
            known = self._slots.get(letter.slot)
            if known and known.letter.news == letter.news:
                return True
            if known is None and len(self._slots) >= self._largest:
                self._count("dropped")
                _log.warning("notification dropped: too many wait", slot=str(letter.slot))
                return False
            # One that waits or runs for this slot finds itself replaced.
            entry = _Waiting(letter, time.monotonic() + delay)
            self._slots[letter.slot] = entry
            self._push(entry)
            self._changed.notify()
            return True

    def settle(self, letter: L) -> None:
        """Make sure that `letter`, which has arrived before, is the last one of its slot: one that
        waits there is taken out, and after one that is under way it is delivered again."""
        with self._changed:
            known = self._slots.get(letter.slot)
            is_other = known is not None and known.letter.news != letter.news
            is_under_way = self._running[("slot", letter.slot)] > 0
            if is_other and not is_under_way:
                del self._slots[letter.slot]
        if is_other and is_under_way:
            self.put(letter)

    def _push(self, entry: _Waiting[L]) -> None:
        heapq.heappush(self._due, (entry.due, next(self._numbers), entry))

    def _work(self) -> None:
        while (entry := self._next()) is not None:
            try:
                self._try(entry)
            except Exception as error:  # noqa: BLE001 - a thread that ended would deliver nothing
                _tell(entry.letter, error)
            finally:
                self._free(entry.letter)

    def _next(self) -> _Waiting[L] | None:
        with self._changed:
            while not self._stopping:
                wait = self._wait()
                if wait > 0:
                    self._changed.wait(wait)
                    continue
                entry = heapq.heappop(self._due)[2]
                if self._slots.get(entry.letter.slot) is not entry:
                    continue
                full = self._full(entry.letter)
                if full is not None:
                    self._parked.setdefault(full, []).append(entry)
                    continue
                self._running.update(_shares(entry.letter))
                return entry
            return None

    def _wait(self) -> float:
        return self._due[0][0] - time.monotonic() if self._due else LONGEST_WAIT

    def _full(self, letter: L) -> Hashable | None:
        """What has no thread left for `letter`: its slot, so that an older one never arrives after
        it, or its group."""
        group, slot = _shares(letter)
        if self._running[slot]:
            return slot
        return group if self._running[group] >= OF_ONE_GROUP else None

    def _free(self, letter: L) -> None:
        with self._changed:
            for share in _shares(letter):
                self._running[share] -= 1
                if not self._running[share]:
                    del self._running[share]
                for entry in self._parked.pop(share, ()):
                    self._push(entry)
            self._changed.notify_all()

    def _try(self, entry: _Waiting[L]) -> None:
        try:
            self._deliver(entry.letter)
        except Undelivered as error:
            self._failed(entry, error)
        except Exception as error:  # noqa: BLE001 - it is a failure like others to those who wait
            _tell(entry.letter, error)
            self._failed(entry, Undelivered(f"It failed: {type(error).__name__}.", passes=False))
        else:
            self._count("delivered")
            self._forget(entry)

    def _failed(self, entry: _Waiting[L], error: Undelivered) -> None:
        entry.failures += 1
        wanted = error.retry_after or 0.0
        if not error.passes or entry.failures >= self._tries or wanted > LONGEST_WAIT:
            self._count("failed")
            if self._forget(entry):
                self._gave_up(entry.letter, error)
            return
        self._count("retried")
        wait = max(wanted, backoff(entry.failures - 1, random.random()))  # noqa: S311 - spreads load
        with self._changed:
            entry.due = time.monotonic() + wait
            self._push(entry)
            self._changed.notify()

    def _forget(self, entry: _Waiting[L]) -> bool:
        """Take a letter out; False where another is in its place."""
        with self._changed:
            if self._slots.get(entry.letter.slot) is not entry:
                return False
            del self._slots[entry.letter.slot]
            return True


def _tell(letter: Addressed, error: Exception) -> None:
    """Log a fault of ours; its words may hold what is secret, so only its kind."""
    kind = type(error).__name__
    _log.error("notification failed unexpectedly", slot=str(letter.slot), error=kind)


def _shares(letter: Addressed) -> tuple[Hashable, Hashable]:
    return ("group", letter.group), ("slot", letter.slot)
