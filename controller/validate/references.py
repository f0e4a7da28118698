"""Rules across the files of a pack, and to what the database has. Pure.

May import `pack` and the neighbours.
"""

from __future__ import annotations

from controller.pack.diagnostic import Diagnostic
from controller.validate.action_files import check_actions
from controller.validate.called import Known, check_calls
from controller.validate.examined import Examined
from controller.validate.recursion import check_recursion

__all__ = ["Known", "check_references"]


def check_references(examined: Examined, known: Known | None) -> list[Diagnostic]:
    """Calls of what is not there, with inputs that do not fit, or in a circle; files of actions.

    `known` has those of `examined.outside` that the database has; None: no database was asked.
    """
    return [
        *check_actions(examined),
        *check_calls(examined, known),
        *check_recursion(examined.workflows),
    ]
