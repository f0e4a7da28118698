"""How soon a delivery has its Pack looked at: at once, unless a storm of them goes on.

No threads and no clock (`now` is passed, in seconds on any monotonic scale). Imports the key only.
"""

from __future__ import annotations

from dataclasses import dataclass

from cachetools import LRUCache

from controller.pack.identity import PackKey

AT_ONCE = 10
"""How many deliveries in a row wait for nothing."""
EVERY_SECONDS = 0.5
"""Between two looks for those that follow; so long at most does a push wait in a storm."""
_REMEMBERED = 10_000


@dataclass(slots=True)
class _Pace:
    credit: float
    since: float
    planned: float
    """When the last look that was asked for is due: it sees whatever is pushed before."""


class Paces:
    """A token bucket for each Pack; what is asked while a look is planned costs nothing."""

    def __init__(self) -> None:
        self._paces: LRUCache[PackKey, _Pace] = LRUCache(_REMEMBERED)

    def delay(self, key: PackKey, now: float) -> float:
        """In how many seconds to look for a delivery that came `now`."""
        pace = self._paces.pop(key, None) or _Pace(AT_ONCE, now, now)
        self._paces[key] = pace
        if pace.planned <= now:
            gained = (now - pace.since) / EVERY_SECONDS
            credit = min(AT_ONCE, pace.credit + gained)
            pace.planned = now + max(0.0, 1.0 - credit) * EVERY_SECONDS
            pace.credit, pace.since = max(0.0, credit - 1.0), pace.planned
        return pace.planned - now
