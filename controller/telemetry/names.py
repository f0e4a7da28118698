"""Values of a label that others choose, kept to a number that Prometheus can bear. Pure."""

from __future__ import annotations

OTHERS = "(others)"
"""What is counted under no name of its own; no host can be called that."""


class BoundedNames:
    """The first `limit` names that come keep theirs. Thread-safe."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._known: dict[str, None] = {}

    def of(self, name: str) -> str:
        """`name`, or `OTHERS` for one that came too late."""
        if name in self._known:
            return name
        if len(self._known) >= self._limit:
            return OTHERS
        # Two threads may pass the test at once: a name or two more do no harm.
        self._known[name] = None
        return name
