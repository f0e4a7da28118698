"""Which Pack is next, and when: the pure core of the work queue.

Holds names, never events: whatever happened meanwhile, one run of the newest state answers it all.
No threads and no clock (`now` is passed, in seconds on any monotonic scale). Imports the key only.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

from controller.backoff import backoff
from controller.pack.identity import PackKey


class Group(NamedTuple):
    """Keys that share something, such as a host, and how many of them may run at once (≥ 1)."""

    name: str
    room: int


GroupsOf = Callable[[PackKey], tuple[Group, ...]]


class Priority(IntEnum):
    """Who goes first among the keys that are due."""

    NOW = 0
    """A person waits for it."""
    PUSHED = 1
    """A webhook told of a push."""
    MOVED = 2
    """Its repository was seen to have something new."""
    FOLLOWS = 3
    """What it waited for has come."""
    SOON = 4
    """An interval is over, or a retry is due."""
    LATER = 5
    """Named by the list at start, in which ten thousand may stand."""

    @property
    def is_urgent(self) -> bool:
        """Whether somebody waits who knows of something new."""
        return self <= Priority.PUSHED


@dataclass(frozen=True, slots=True)
class Depth:
    """How full the queue is. `oldest_seconds` is how long the key due first has been due."""

    ready: int
    waiting: int
    running: int
    oldest_seconds: float


@dataclass(frozen=True, slots=True)
class Turn:
    """A key whose run it is, and why. `asked` is when a run was asked for last, because something
    may be new that an earlier look at it missed; None: nobody did."""

    key: PackKey
    priority: Priority
    asked: float | None


@dataclass(order=True, slots=True)
class _Entry:
    priority: Priority
    due: float
    arrival: int
    key: PackKey = field(compare=False)
    asked: float | None = field(compare=False, default=None)
    parked: bool = field(compare=False, default=False)
    held_by: str | None = field(compare=False, default=None)
    """The group at whose limit it was parked last."""


class Schedule:
    """Every key at most once queued and at most once running, of each group as many as it has room.

    An entry stands in one of three places: `waiting` for its time, `ready`, or parked while its
    group is at its limit. Entries that a later `add` replaced stay where they are until they come
    up, and are then passed over.
    """

    def __init__(self) -> None:
        self._arrivals = 0
        self._queued: dict[PackKey, _Entry] = {}
        self._waiting: list[tuple[float, int, _Entry]] = []
        self._ready: list[_Entry] = []
        self._parked: dict[str, list[_Entry]] = {}
        self._running: dict[PackKey, tuple[Group, ...]] = {}
        self._group_sizes: dict[str, int] = {}
        self._again: dict[PackKey, tuple[float, Priority, float | None]] = {}
        self._failures: dict[PackKey, int] = {}

    def add(self, key: PackKey, priority: Priority, due: float, asked: float | None = None) -> None:
        """Ask for a run at `due`. Of several asks, the earliest time and best priority count, and
        the latest `asked`.

        A key that is running runs once more afterwards.
        """
        if key in self._running:
            before = self._again.get(key, (due, priority, asked))
            self._again[key] = (
                min(before[0], due),
                min(before[1], priority),
                latest(before[2], asked),
            )
            return
        entry = self._queued.get(key)
        if entry is None:
            self._push(key, priority, due, asked)
            return
        entry.asked = latest(entry.asked, asked)
        if entry.parked or due < entry.due or priority < entry.priority:
            # A parked key is asked about anew, because an edit may have moved it to another group.
            self._push(key, min(priority, entry.priority), min(due, entry.due), entry.asked)
            self._pass_on(entry)

    def take(self, now: float, groups_of: GroupsOf) -> Turn | None:
        """The next key to run, which runs from now on until `done`; None when none is due."""
        self._wake(now)
        while self._ready:
            entry = heapq.heappop(self._ready)
            if self._is_stale(entry):
                continue
            groups = groups_of(entry.key)
            full = next((one for one in groups if not self._has_room(one)), None)
            if full is not None:
                self._park(entry, full.name)
                continue
            if entry.held_by not in [one.name for one in groups]:
                self._pass_on(entry)
            self._start(entry.key, groups)
            return Turn(entry.key, entry.priority, entry.asked)
        return None

    def done(self, key: PackKey, due: float | None) -> None:
        """`key` has run. It runs again at `due` (None: not by itself), or as asked meanwhile."""
        for group in self._running.pop(key):
            self._release(group.name)
        if due is not None:
            self.add(key, Priority.SOON, due)
        if asked := self._again.pop(key, None):
            self.add(key, asked[1], asked[0], asked[2])

    def forget(self, key: PackKey) -> None:
        """Drop what is queued and remembered of `key`; a run that is under way goes on."""
        self._again.pop(key, None)
        self._failures.pop(key, None)
        if entry := self._queued.pop(key, None):
            self._pass_on(entry)

    def backoff(self, key: PackKey, fraction: float) -> float:
        """Count a failure of `key`: the seconds to wait, doubling from 1 s to 15 min, jittered."""
        failures = self._failures.get(key, 0)
        self._failures[key] = failures + 1
        return backoff(failures, fraction)

    def reset(self, key: PackKey) -> None:
        """Forget the failures of `key`."""
        self._failures.pop(key, None)

    def next_due(self) -> float | None:
        """When the next waiting key is due; None when none waits for its time."""
        while self._waiting and self._is_stale(self._waiting[0][2]):
            heapq.heappop(self._waiting)
        return self._waiting[0][0] if self._waiting else None

    @property
    def running(self) -> tuple[PackKey, ...]:
        """The keys that have been taken and are not done."""
        return tuple(self._running)

    def depth(self, now: float) -> Depth:
        """How full it is."""
        due = [entry.due for entry in self._queued.values() if entry.due <= now]
        return Depth(
            ready=len(due),
            waiting=len(self._queued) - len(due),
            running=len(self._running),
            oldest_seconds=now - min(due, default=now),
        )

    def _push(self, key: PackKey, priority: Priority, due: float, asked: float | None) -> None:
        self._arrivals += 1
        entry = _Entry(priority, due, self._arrivals, key, asked)
        self._queued[key] = entry
        heapq.heappush(self._waiting, (due, entry.arrival, entry))

    def _wake(self, now: float) -> None:
        while self._waiting and self._waiting[0][0] <= now:
            entry = heapq.heappop(self._waiting)[2]
            if not self._is_stale(entry):
                heapq.heappush(self._ready, entry)

    def _has_room(self, group: Group) -> bool:
        return self._group_sizes.get(group.name, 0) < group.room

    def _start(self, key: PackKey, groups: tuple[Group, ...]) -> None:
        del self._queued[key]
        self._running[key] = groups
        for group in groups:
            self._group_sizes[group.name] = self._group_sizes.get(group.name, 0) + 1
            if self._has_room(group):
                # It may have more room than when others were parked.
                self._unpark(group.name)

    def _release(self, group: str) -> None:
        left = self._group_sizes.pop(group) - 1
        if left:
            self._group_sizes[group] = left
        self._unpark(group)

    def _park(self, entry: _Entry, group: str) -> None:
        if entry.held_by != group:
            self._pass_on(entry)
        entry.parked, entry.held_by = True, group
        heapq.heappush(self._parked.setdefault(group, []), entry)

    def _unpark(self, group: str) -> None:
        """Make the first of those that `group` holds ready, because it has room for one."""
        held = self._parked.get(group, [])
        while held:
            entry = heapq.heappop(held)
            if not self._is_stale(entry):
                entry.parked = False
                heapq.heappush(self._ready, entry)
                break
        if not held:
            self._parked.pop(group, None)

    def _pass_on(self, entry: _Entry) -> None:
        """Give the room that was made for `entry` to the next, as it will not take it itself."""
        if entry.held_by is not None and not entry.parked:
            self._unpark(entry.held_by)

    def _is_stale(self, entry: _Entry) -> bool:
        return self._queued.get(entry.key) is not entry


def latest(one: float | None, other: float | None) -> float | None:
    """The later of two times, of which none may be."""
    return max((time for time in (one, other) if time is not None), default=None)
