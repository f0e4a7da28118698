"""Which mirrors go when the cache is full. Pure.

Every tenant (the namespace of a Pack) has the same right to the cache, so that no one can push
another's mirrors out: whoever takes more than an equal share loses first. Among equals the mirror
goes that was not used for longest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Budget:
    """What the mirrors may take: `size` bytes in all, `largest` bytes each, `count` of them."""

    size: int = 4 * 1024**3
    largest: int = 1024**3
    count: int = 1000

    @property
    def each(self) -> int:
        """Bytes that one mirror may take: it never gets more than there is for all."""
        return min(self.largest, self.size)


@dataclass(frozen=True, slots=True)
class Stored:
    """A mirror on disk: its bytes, when it was last used, and the tenants who use it now."""

    size: int
    used: float
    tenants: frozenset[str] = frozenset()


def is_over(stored: Mapping[str, Stored], budget: Budget) -> bool:
    """Whether the mirrors take more than their budget."""
    return len(stored) > budget.count or sum(one.size for one in stored.values()) > budget.size


def order(stored: Mapping[str, Stored], budget: Budget) -> list[str]:
    """The mirrors by name, the first to go first: those that nobody uses, those of tenants who take
    more than their share, all others; each kind by the time they were last used.

    A mirror that tenants share counts in parts for each, and stays for the sake of the one who
    takes least.
    """
    shares = _shares(stored, budget)
    equal = 1 / max(1, len(shares))

    def rank(name: str) -> tuple[int, float]:
        mirror = stored[name]
        if not mirror.tenants:
            return 0, mirror.used
        is_beyond = min(shares[tenant] for tenant in mirror.tenants) > equal
        return 1 if is_beyond else 2, mirror.used

    return sorted(stored, key=rank)


def _shares(stored: Mapping[str, Stored], budget: Budget) -> dict[str, float]:
    """The part of the budget that each tenant takes, by bytes or by count, whichever is more."""
    sizes: defaultdict[str, float] = defaultdict(float)
    counts: defaultdict[str, float] = defaultdict(float)
    for mirror in stored.values():
        for tenant in mirror.tenants:
            sizes[tenant] += mirror.size / budget.size / len(mirror.tenants)
            counts[tenant] += 1 / budget.count / len(mirror.tenants)
    return {tenant: max(sizes[tenant], counts[tenant]) for tenant in sizes}
