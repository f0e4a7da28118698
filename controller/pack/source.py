"""What every place a pack can come from offers. Imports only values of this package."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from controller.pack.tree import PackTree


class Source(Protocol):
    """A Git repository or a local folder, bound to one pack's path in it."""

    def fetch(self) -> PackTree:
        """Look at the source and list the pack's folder; raises `PackError`."""
        ...

    def read(self, oids: Sequence[str]) -> Mapping[str, bytes]:
        """The contents of the named blobs of the tree fetched last; raises `PackError`."""
        ...
