"""The work queue: a `Schedule` that threads share. Imports the schedule and the clock."""

from __future__ import annotations

import random
import threading
import time

from controller.operator.schedule import Depth, GroupOf, Priority, Schedule
from controller.pack.identity import PackKey

PER_GROUP = 4
"""Workers that one group may hold, so that a hanging repository leaves the others theirs."""


def _alone(key: PackKey) -> str:
    return str(key)


class WorkQueue:
    """Keys to be run, each by one worker at a time.

    `group_of` names what a key shares with others, its repository's URL; it is called under the
    queue's lock, so it must be quick and must not call the queue. Without it every key is alone.
    """

    def __init__(self, group_of: GroupOf = _alone, *, per_group: int = PER_GROUP) -> None:
        self._schedule = Schedule(per_group=per_group)
        self._group_of = group_of
        self._changed = threading.Condition()
        self._closed = False

    def add(self, key: PackKey, priority: Priority, delay: float = 0.0) -> None:
        """Ask for a run of `key` in `delay` seconds; asks for one key melt into one."""
        with self._changed:
            self._schedule.add(key, priority, time.monotonic() + delay)
            self._changed.notify()

    def get(self) -> PackKey | None:
        """Wait for the next key; None once the queue is closed. Every key must be `done`."""
        with self._changed:
            while not self._closed:
                now = time.monotonic()
                key = self._schedule.take(now, self._group_of)
                if key is not None:
                    return key
                due = self._schedule.next_due()
                self._changed.wait(None if due is None else due - now)
        return None

    def done(self, key: PackKey, after: float | None) -> None:
        """`key` has run, and runs again in `after` seconds; None: not before it is added."""
        with self._changed:
            self._schedule.done(key, None if after is None else time.monotonic() + after)
            self._changed.notify()

    def backoff(self, key: PackKey) -> float:
        """Count a failure of `key`; the seconds to wait before the next try."""
        with self._changed:
            return self._schedule.backoff(key, random.random())  # noqa: S311 - spreads load only

    def reset(self, key: PackKey) -> None:
        """Forget the failures of `key`: it succeeded, or its user changed it."""
        with self._changed:
            self._schedule.reset(key)

    def forget(self, key: PackKey) -> None:
        """Drop what is queued and remembered of `key`, because its Pack is gone."""
        with self._changed:
            self._schedule.forget(key)

    def close(self) -> None:
        """Let every `get` return None from now on. What is queued is dropped with the process."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def running(self) -> tuple[PackKey, ...]:
        """The keys that workers hold."""
        with self._changed:
            return self._schedule.running

    def depth(self) -> Depth:
        """How full the queue is."""
        with self._changed:
            return self._schedule.depth(time.monotonic())
