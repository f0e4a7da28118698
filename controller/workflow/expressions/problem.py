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


class Unreadable(Exception):
    """The rest of a block is not looked at."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem
