"""What every place a pack can come from offers. Imports only values of this package."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from controller.pack.tree import PackTree


def _unnumbered() -> int:
    return 0


@dataclass(frozen=True, slots=True)
class Look:
    """How fresh an observation must be: one that began before `since` does not count (in
    `time.monotonic` seconds; None: before now).

    `number` is called before a remote is asked, and gives what tells an older observation from a
    newer one. `urgent` asks also where others have just failed.
    """

    since: float | None = None
    number: Callable[[], int] = _unnumbered
    urgent: bool = True


@dataclass(frozen=True, slots=True)
class Observed:
    """A pack's folder as it was found at a remote. `begun` is when the remote was asked (in
    `time.monotonic` seconds), `number` what the look was given before."""

    tree: PackTree
    number: int
    begun: float


class Source(Protocol):
    """A Git repository or a local folder, bound to one pack's path in it."""

    def observe(self, look: Look) -> Observed:
        """Look at the source and list the pack's folder; raises `PackError`."""
        ...

    def read(self, oids: Sequence[str]) -> Mapping[str, bytes]:
        """The contents of the named blobs of the tree observed last; raises `PackError`."""
        ...
