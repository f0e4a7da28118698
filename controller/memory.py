"""How Python's memory is collected, for the whole process. Imports nothing of ours.

Called by those who begin a process, never by a room.
"""

from __future__ import annotations

import gc

_ALLOCATIONS = 10_000
"""More than a workflow file of the usual size is made of."""


def collect_rarely() -> None:
    """Look for unreachable circles seldom, and never among what the imports made.

    A file's tree has no circles and is gone as soon as it is checked. Python's own threshold, 700
    objects, walks it over and over while it is made.
    """
    gc.freeze()
    gc.set_threshold(_ALLOCATIONS, *gc.get_threshold()[1:])
