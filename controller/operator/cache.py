"""The newest state of every Pack that the watch told of. Imports `resource`, `index`, the key."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from controller.operator.index import Index
from controller.operator.resource import Body, Fingerprint, Resource
from controller.pack.identity import PackKey

Hear = Callable[[PackKey], None]
"""Is told of each Pack that has changed or gone, in the thread that saw it; must be quick."""


class Cache:
    """Packs by key. Safe to share between the watch and the workers."""

    def __init__(self) -> None:
        self._packs: dict[PackKey, Resource] = {}
        self._judged: dict[PackKey, Fingerprint] = {}
        self._index = Index()
        self._hearing: tuple[Hear, ...] = ()
        self._lock = threading.Lock()

    def put(self, body: Body) -> bool:
        """Take a newer state in; whether it differs in what a reconcile must react to."""
        pack = Resource(body)
        with self._lock:
            known = self._packs.get(pack.key)
            if known is None or known.uid != pack.uid or known.version <= pack.version:
                if known is not None:
                    self._index.drop(known)
                self._packs[pack.key] = pack
                self._index.put(pack)
            news = self._judged.get(pack.key) != pack.fingerprint
            self._judged[pack.key] = pack.fingerprint
        self._tell(pack.key)
        return news

    def get(self, key: PackKey) -> Resource | None:
        """The Pack, if there is one."""
        with self._lock:
            return self._packs.get(key)

    def drop(self, key: PackKey) -> None:
        """Forget a Pack that is gone."""
        with self._lock:
            pack = self._packs.pop(key, None)
            if pack is not None:
                self._index.drop(pack)
            self._judged.pop(key, None)
        self._tell(key)

    @contextmanager
    def listening(self, hear: Hear) -> Iterator[None]:
        """Within it, `hear` is told of each Pack that has changed or gone."""
        with self._lock:
            self._hearing += (hear,)
        try:
            yield
        finally:
            with self._lock:
                self._hearing = tuple(one for one in self._hearing if one is not hear)

    def _tell(self, key: PackKey) -> None:
        for hear in self._hearing:
            hear(key)

    def all(self) -> tuple[Resource, ...]:
        """Every Pack."""
        with self._lock:
            return tuple(self._packs.values())

    def at_place(self, name: str) -> tuple[Resource, ...]:
        """The Packs that follow the repository of this name (`hooks.place`)."""
        with self._lock:
            return tuple(self._packs[key] for key in self._index.at_place(name))

    def at_hook(self, path: str) -> Resource | None:
        """The Pack whose status names this path for its webhook."""
        with self._lock:
            key = self._index.at_hook(path)
            return self._packs.get(key) if key else None

    def with_reason(self, reason: str) -> tuple[PackKey, ...]:
        """The Packs that are not ready for this reason."""
        return tuple(pack.key for pack in self.all() if pack.ready_reason == reason)
