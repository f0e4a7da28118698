"""All mirrors of this controller: which one belongs to whom, and how many there may be."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path

from controller.source.access import Access
from controller.source.mirror import Mirror
from controller.source.urls import RemoteUrl, Scheme


class Mirrors:
    """The mirrors below the folder `root`, one for each (URL, access).

    Nobody reads through a mirror what another's login fetched: who shares it holds the same one.
    `allowed` are the schemes taken beside https; files above `max_file_size` bytes are never
    fetched. When there are more than `capacity` mirrors, the ones not used for longest go.
    """

    def __init__(
        self,
        root: Path,
        allowed: frozenset[Scheme] = frozenset(),
        *,
        max_file_size: int = 1024 * 1024,
        capacity: int = 1000,
    ) -> None:
        self.allowed = allowed
        self.max_file_size = max_file_size
        self._root = root.absolute()
        self._capacity = capacity
        self._known: dict[str, Mirror] = {}
        self._guard = threading.Lock()

    def of(self, url: RemoteUrl, access: Access) -> Mirror:
        """The mirror for these two; the same object for the same two."""
        key = f"{url}\0{access.identity}"
        name = hashlib.sha256(key.encode()).hexdigest()[:40]
        with self._guard:
            if name not in self._known:
                self._make_room()
                self._known[name] = Mirror(self._root / f"{name}.git")
            return self._known[name]

    def _make_room(self) -> None:
        stored = [Mirror(path) for path in self._root.glob("*.git")]
        stored.sort(key=lambda mirror: mirror.last_used, reverse=True)
        for mirror in stored[self._capacity - 1 :]:
            self._known.pop(mirror.path.stem, None)
            mirror.discard()
