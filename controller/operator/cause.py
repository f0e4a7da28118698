"""What asked for a run of a Pack, told from its state. Pure.

Imports `pack` and this room's values.
"""

from __future__ import annotations

from controller.operator.resource import Resource
from controller.operator.schedule import Priority, Turn
from controller.pack.identity import AskedBy

_BY_PRIORITY = {
    Priority.PUSHED: AskedBy.WEBHOOK,
    Priority.MOVED: AskedBy.MOVED,
    Priority.FOLLOWS: AskedBy.DEPENDENCY,
    Priority.LATER: AskedBy.START,
}


def cause(pack: Resource, turn: Turn) -> AskedBy:
    """What asked for this turn. Where several things did, the one that a person did counts."""
    status = pack.status()
    if status.observed_generation != pack.generation:
        return AskedBy.SPEC
    if pack.requested and pack.requested != status.last_handled_reconcile_at:
        return AskedBy.REQUEST
    return _BY_PRIORITY.get(turn.priority, AskedBy.INTERVAL)
