"""What is measured, as values that travel as JSON between processes. Imports nothing of ours."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Case(StrEnum):
    """What happens to a pack between two looks at it."""

    FIRST = "first sync"
    AGAIN = "same commit again"
    CHANGED = "one file changed"
    PRUNED = "ten files pruned"


@dataclass(frozen=True, slots=True)
class History:
    """A repository's commits of one size: the pack, single changes one after the other, a prune."""

    path: str
    url: str
    workflows: int
    base: str
    changes: tuple[str, ...]
    prune: str


@dataclass(frozen=True, slots=True)
class Job:
    """What one measuring process works with: a history, and an empty database and folder."""

    history: History
    database: str
    folder: str


@dataclass(frozen=True, slots=True)
class Sample:
    """One reconcile. Times in seconds, memory in bytes.

    `steps` are the reconciler's, and disjoint; `plan` is the part of `apply` that compares rows.
    `peak_memory` is the most that the process ever had resident during the reconcile. The floors
    are what plain git, and a plain COPY of the same rows, took for the same commit; a case
    without one has 0.
    """

    workflows: int
    case: Case
    total: float
    steps: dict[str, float]
    plan: float
    statements: tuple[str, ...]
    rows_written: int
    peak_memory: int
    git_floor: float
    copy_floor: float

    def step(self, name: str) -> float:
        """Seconds in one of the reconciler's steps; 0 when it did not come to that."""
        return self.steps.get(name, 0.0)

    @property
    def beyond_fetch(self) -> float:
        """What the reconcile took but for Git."""
        return self.total - self.step("fetch")

    @property
    def rest(self) -> float:
        """What no other column of the result shows."""
        return self.total - sum(map(self.step, ("fetch", "load", "validate", "apply")))


@dataclass(frozen=True, slots=True)
class Timing:
    """One way to go through files: their sizes in bytes, and for each round seconds on the clock
    and seconds of CPU."""

    what: str
    sizes: tuple[int, ...]
    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
