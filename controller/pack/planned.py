"""What a sync would do to the rows of a pack, counted and named. Imports nothing of ours.

For everybody who tells of a plan without its fields: a status, an event, a log line.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """What happens to one workflow."""

    CREATE = "create"
    UPDATE = "update"
    UNCHANGED = "unchanged"
    PRUNE = "prune"
    KEPT = "kept"
    SKIPPED = "skipped"
    BLOCKED = "blocked"
    CONFLICT = "conflict"


CHANGES = (Kind.CREATE, Kind.UPDATE, Kind.PRUNE)
"""What writes rows."""

ADOPTED = "adopted"
"""Why a workflow is updated that somebody else made."""


class Step(NamedTuple):
    """What happens to one workflow, and why if that is not obvious.

    `drifted` tells that its rows were changed or deleted behind our back, `is_adoptable` that what
    is in the way was made by hand and may become the workflow's.
    """

    ref: str
    kind: Kind
    why: str = ""
    drifted: bool = False
    is_adoptable: bool = False

    @property
    def is_adopted(self) -> bool:
        """Whether its rows are there, made by somebody else, and become ours."""
        return self.kind in (Kind.CREATE, Kind.UPDATE) and self.why == ADOPTED


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan in short: `steps` by ref, without the workflows that are `unchanged`, which are only
    counted. `pack_changes` tells that the pack's own row would be written."""

    steps: tuple[Step, ...]
    unchanged: int = 0
    pack_changes: bool = False

    def count(self, *kinds: Kind) -> int:
        """How many workflows are of these kinds, unchanged ones apart."""
        return sum(step.kind in kinds for step in self.steps)

    @property
    def writes(self) -> bool:
        """Whether rows of Attune's tables would be written, at once or when executions end."""
        return self.pack_changes or self.count(*CHANGES, Kind.BLOCKED) > 0
