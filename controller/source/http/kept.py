"""Connections that wait for their next request. Thread-safe; imports `wires`."""

from __future__ import annotations

import select
import threading
import time
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field

from controller.source.http.wires import Wire

MAX_KEPT = 256
MAX_PER_PLACE = 8
MAX_IDLE = 120.0
"""Seconds; many servers and firewalls forget a connection sooner."""


@dataclass(slots=True)
class _Idle:
    wire: Wire
    since: float = field(default_factory=time.monotonic)

    def is_good(self) -> bool:
        """Whether it may be used: what is readable now was closed, or says what nobody asked."""
        if time.monotonic() - self.since > MAX_IDLE:
            return False
        poll = select.poll()
        poll.register(self.wire.fileno(), select.POLLIN)
        return not poll.poll(0)


class Kept:
    """Connections by the place that they lead to; the ones used least lately go first."""

    def __init__(self) -> None:
        self._idle: OrderedDict[Hashable, list[_Idle]] = OrderedDict()
        self._count = 0
        self._guard = threading.Lock()

    def take(self, place: Hashable) -> Wire | None:
        """A connection to `place` that is as good as can be told; it is the caller's now."""
        while True:
            with self._guard:
                waiting = self._idle.get(place)
                if not waiting:
                    return None
                idle = waiting.pop()
                self._count -= 1
            if idle.is_good():
                return idle.wire
            idle.wire.close()

    def give(self, place: Hashable, wire: Wire) -> None:
        """Keep a connection on which nothing is under way."""
        with self._guard:
            self._idle.setdefault(place, []).append(_Idle(wire))
            self._idle.move_to_end(place)
            self._count += 1
            dropped = self._surplus(place)
        for idle in dropped:
            idle.wire.close()

    def drop(self, place: Hashable) -> None:
        """Close all connections to `place`: one was dead, and the others are no younger."""
        with self._guard:
            dropped = self._idle.pop(place, [])
            self._count -= len(dropped)
        for idle in dropped:
            idle.wire.close()

    def close(self) -> None:
        """Close all of them."""
        with self._guard:
            places = list(self._idle)
        for place in places:
            self.drop(place)

    def _surplus(self, place: Hashable) -> list[_Idle]:
        dropped = []
        if len(self._idle[place]) > MAX_PER_PLACE:
            dropped.append(self._idle[place].pop(0))
        while self._count - len(dropped) > MAX_KEPT:
            _, oldest = self._idle.popitem(last=False)
            dropped += oldest
        self._count -= len(dropped)
        return dropped
