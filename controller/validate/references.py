"""Rules across the files of a pack, and to what the database has. Pure.

May import `load`, `workflow`, `pack` and the neighbours.
"""

from __future__ import annotations

from collections.abc import Mapping

from controller.pack.content import Json
from controller.pack.diagnostic import Diagnostic
from controller.validate.examined import Examined

Known = Mapping[str, Json]
"""The `param_schema` of each action that a database has, by ref."""


def check_references(examined: Examined, known: Known | None) -> list[Diagnostic]:
    """Calls of what is not there, with inputs that do not fit, or in a circle.

    `known` has those of `examined.outside` that the database has; None: no database was asked.
    """
    del examined, known
    return []
