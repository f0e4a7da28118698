"""A bound on work that a file decides. Imports nothing of ours."""

from __future__ import annotations

LIMIT = 40_000
"""Evaluations of one keyword for one value that one schema may take: some tenths of a second."""


class Exhausted(Exception):
    """The work goes beyond what one schema may take."""


class Unsure(Exception):
    """Whether a value fits cannot be told in a time that is certain."""


class Budget:
    """What is left of the work that one schema may take."""

    __slots__ = ("left",)

    def __init__(self, limit: int = LIMIT) -> None:
        self.left = limit

    def spend(self, work: int) -> None:
        """Take `work` evaluations; raises Exhausted when they are not there any more."""
        self.left -= work
        if self.left < 0:
            raise Exhausted

    def covers(self, work: int) -> bool:
        """Take `work` evaluations if they are there."""
        if work > self.left:
            return False
        self.left -= work
        return True
