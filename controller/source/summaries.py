"""What is at the followed folders of a commit, so that one reading serves all who follow it. Pure.

Imports `pack`. Thread-safe.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass

from controller.pack.tree import Commit

_KEPT = 16


@dataclass(frozen=True, slots=True)
class Summary:
    """A commit, and the ids of the trees at those folders that were followed when it was read."""

    commit: Commit
    trees: Mapping[str, str]


class Summaries:
    """The summaries of the commits read last, by commit id."""

    def __init__(self) -> None:
        self._kept: dict[str, Summary] = {}
        self._guard = threading.Lock()

    def of(self, commit: str) -> Summary | None:
        """What is known of a commit."""
        with self._guard:
            return self._kept.get(commit)

    def keep(self, commit: str, summary: Summary) -> None:
        """Keep it, in place of the oldest where there are too many."""
        with self._guard:
            self._kept.pop(commit, None)
            self._kept[commit] = summary
            while len(self._kept) > _KEPT:
                del self._kept[next(iter(self._kept))]
