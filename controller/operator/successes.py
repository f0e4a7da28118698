"""When each Pack was last found or made as Git says, for whoever wants to know how old that is.

A status does not tell: while nothing changes, nothing is written. Imports `pack` and the clock.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Collection, Mapping

from controller.pack.identity import PackKey
from controller.pack.outcome import Outcome


class Successes:
    """The times, in seconds since 1970, since this controller began to work. Thread-safe."""

    def __init__(self) -> None:
        self._at: dict[PackKey, float] = {}
        self._guard = threading.Lock()

    def heard(self, key: PackKey, outcome: Outcome) -> None:
        """Remember the end of a reconcile, if it was a good one."""
        if outcome.failure is None and outcome.hindrance is None:
            with self._guard:
                self._at[key] = time.time()

    def of(self, keys: Collection[PackKey]) -> Mapping[PackKey, float]:
        """The times of those that there are; all others are forgotten."""
        with self._guard:
            self._at = {key: self._at[key] for key in keys if key in self._at}
            return dict(self._at)
