"""What happened in, the resource's status and its events out. Pure: equal means no write.

May import `pack`, `errors` and `redact`.
"""

from controller.status.events import Event, EventType, events
from controller.status.render import Circumstances, removing, render, suspended, to_patch

__all__ = [
    "Circumstances",
    "Event",
    "EventType",
    "events",
    "removing",
    "render",
    "suspended",
    "to_patch",
]
