"""Ways through what depends on what. Pure; imports nothing of ours."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

One = TypeVar("One", bound=Hashable)


def way(start: One, goal: One, following: Callable[[One], Iterable[One]]) -> tuple[One, ...]:
    """The shortest way from `start` to `goal`, both ends included; empty when there is none."""
    ways: dict[One, tuple[One, ...]] = {start: (start,)}
    pending = [start]
    while pending and goal not in ways:
        found: list[One] = []
        for one in pending:
            for after in following(one):
                if after not in ways:
                    ways[after] = (*ways[one], after)
                    found.append(after)
        pending = found
    return ways.get(goal, ())
