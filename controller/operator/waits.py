"""Which Packs wait for which, so that they are run again as soon as that comes.

Imports `pack`'s values. What is awaited is named by a Pack's key, or by the ref of its pack, as
`dependencies` and calls in workflows have it.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from controller.pack.awaited import NOTHING, Awaited
from controller.pack.identity import PackKey
from controller.pack.ways import way

Thing = PackKey | str


@dataclass(frozen=True, slots=True)
class _Waiting:
    things: frozenset[Thing]
    ref: str
    needed: frozenset[str]


class Waits:
    """Who waits for what. Safe to share between the watch and the workers.

    A run asks first, by `begin`, for the number of what has come so far: whatever comes while it
    looks at a state before that is told by `settle`, so that nothing is missed.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._count = 0
        self._came: dict[Thing, int] = {}
        self._waiting: dict[PackKey, _Waiting] = {}
        self._waiters: dict[Thing, set[PackKey]] = {}

    def begin(self) -> int:
        """How much has come so far."""
        with self._lock:
            return self._count

    def settle(self, key: PackKey, packs: Collection[PackKey], lacks: Awaited, since: int) -> bool:
        """`key` waits for these Packs, and for what its pack `lacks`, and for nothing else.

        Whether to run it again at once: some of that came after `since`, or those that it needs
        wait for it themselves.
        """
        with self._lock:
            self._forget(key)
            things: frozenset[Thing] = frozenset(packs) | lacks.packs
            if not things:
                return False
            self._waiting[key] = _Waiting(things, lacks.ref, lacks.needed)
            for thing in things:
                self._waiters.setdefault(thing, set()).add(key)
            missed = any(self._came.get(thing, 0) > since for thing in things)
            return missed or self._goes_round(lacks)

    def came(self, *things: Thing) -> tuple[PackKey, ...]:
        """These are here now, or other than before; who waited for them, and is to look again."""
        with self._lock:
            self._count += 1
            self._came.update(dict.fromkeys(things, self._count))
            found = {key for thing in things for key in self._waiters.get(thing, ())}
            return tuple(sorted(found))

    def needs(self) -> Mapping[str, frozenset[str]]:
        """The packs that wait for others before they are applied, each with those others."""
        with self._lock:
            return {one.ref: one.needed for one in self._waiting.values() if one.needed}

    def drop(self, key: PackKey) -> None:
        """Forget a Pack that is gone."""
        with self._lock:
            self._forget(key)
            self._came.pop(key, None)

    def _forget(self, key: PackKey) -> None:
        known = self._waiting.pop(key, None)
        for thing in known.things if known else ():
            others = self._waiters[thing]
            others.discard(key)
            if not others:
                del self._waiters[thing]

    def _goes_round(self, lacks: Awaited) -> bool:
        graph = {one.ref: one.needed for one in self._waiting.values()}
        return any(way(ref, lacks.ref, lambda one: graph.get(one, NOTHING)) for ref in lacks.needed)
