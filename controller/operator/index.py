"""Packs by what a webhook names: the repository, or the path of their own. Not thread-safe.

Imports `resource`, `hooks` and the key.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from controller.hooks import place
from controller.operator.resource import Resource
from controller.pack.identity import PackKey


class Index:
    """Names of Packs; `put` and `drop` follow what the cache holds."""

    def __init__(self) -> None:
        self._by_place: defaultdict[str, set[PackKey]] = defaultdict(set)
        self._by_hook: dict[str, PackKey] = {}

    def put(self, pack: Resource) -> None:
        """Find it by what it says now."""
        if name := place(pack.url):
            self._by_place[name].add(pack.key)
        if pack.hook:
            self._by_hook[pack.hook] = pack.key

    def drop(self, pack: Resource) -> None:
        """Find it no more by what it said."""
        name = place(pack.url)
        self._by_place[name].discard(pack.key)
        if not self._by_place[name]:
            del self._by_place[name]
        if self._by_hook.get(pack.hook) == pack.key:
            del self._by_hook[pack.hook]

    def at_place(self, name: str) -> Collection[PackKey]:
        """The Packs that follow this repository, by any of its URLs."""
        return self._by_place.get(name, ())

    def at_hook(self, path: str) -> PackKey | None:
        """The Pack whose own webhook has this path."""
        return self._by_hook.get(path)
