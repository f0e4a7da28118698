"""The work queue: a `Schedule` that threads share. Imports the schedule and the clock."""

from __future__ import annotations

import random
import threading
import time

from controller.operator.schedule import Depth, Group, GroupsOf, Priority, Schedule, Turn
from controller.pack.identity import PackKey


def _alone(_key: PackKey) -> tuple[Group, ...]:
    return ()


class WorkQueue:
    """Keys to be run, each by one worker at a time.

    `groups_of` names what a key shares with others, its repository and its host, and how many
    workers each may hold; it is called under the lock, so it must be quick and must not call
    the queue.
    """

    def __init__(self, groups_of: GroupsOf = _alone) -> None:
        self._schedule = Schedule()
        self._groups_of = groups_of
        self._changed = threading.Condition()
        self._closed = False

    def add(self, key: PackKey, priority: Priority, delay: float = 0.0) -> None:
        """Ask for a run of `key` in `delay` seconds; asks for one key melt into one."""
        with self._changed:
            now = time.monotonic()
            asked = now if priority.is_urgent else None
            self._schedule.add(key, priority, now + delay, asked)
            self._changed.notify()

    def get(self) -> Turn | None:
        """Wait for the next turn; None once the queue is closed. Every key must be `done`."""
        with self._changed:
            while not self._closed:
                now = time.monotonic()
                turn = self._schedule.take(now, self._groups_of)
                if turn is not None:
                    return turn
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
