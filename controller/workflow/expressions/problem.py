"""What is wrong with a text by itself. May import `pack`."""

from __future__ import annotations

from dataclasses import dataclass

from controller.pack.diagnostic import Rule


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem of the characters `start` to `end` (exclusive) of a scalar's text.

    With a `name` there is no hint yet: it depends on what the workflow has, or on a search that
    is worth its time only for a problem that is listed (`hints`).
    """

    rule: Rule
    start: int
    end: int
    message: str
    hint: str = ""
    name: str | None = None

    def moved(self, offset: int) -> Problem:
        """The same problem in a text where this one begins at `offset`."""
        start, end = self.start + offset, self.end + offset
        return Problem(self.rule, start, end, self.message, self.hint, self.name)


class Unreadable(Exception):
    """The rest of a block is not looked at."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem
