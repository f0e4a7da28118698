"""Packs → the rows that `kubectl get packs` prints of them, and a few words. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from controller.cli.columns import Cell
from controller.pack.status import ConditionType

Body = dict[str, Any]

TITLES = ("NAME", "REF", "READY", "STATUS", "REVISION", "WORKFLOWS", "AGE")
WIDE = ("URL", "SYNCED", "INVALID")

COLOURS = {"True": "green", "False": "red", "Unknown": "yellow"}
"""How the truth of a condition is shown."""
_MINUTE, _HOUR, _DAY = 60, 3600, 86400
# As kubectl does: two units while the smaller one still says something.
_STEPS = (
    (2 * _MINUTE, 1, "s", None),
    (10 * _MINUTE, _MINUTE, "m", (1, "s")),
    (3 * _HOUR, _MINUTE, "m", None),
    (8 * _HOUR, _HOUR, "h", (_MINUTE, "m")),
    (2 * _DAY, _HOUR, "h", None),
    (8 * _DAY, _DAY, "d", (_HOUR, "h")),
)


def titles(*, wide: bool, everywhere: bool) -> tuple[str, ...]:
    """The columns' names."""
    return (*(("NAMESPACE",) if everywhere else ()), *TITLES, *(WIDE if wide else ()))


def row(pack: Body, now: datetime, *, wide: bool, everywhere: bool) -> list[Cell]:
    """A Pack in these columns; a cell is empty where nothing is known."""
    metadata, status = pack["metadata"], pack.get("status") or {}
    ready = condition(pack, ConditionType.READY)
    truth = str(ready.get("status", ""))
    cells: list[Cell] = [
        *([str(metadata["namespace"])] if everywhere else []),
        str(metadata["name"]),
        str((status.get("pack") or {}).get("ref", "")),
        (truth, COLOURS.get(truth, "")),
        str(ready.get("message", "")),
        str(status.get("revision", "")),
        str(status.get("workflowCount", "")),
        age(metadata.get("creationTimestamp"), now),
    ]
    if wide:
        url = str(((pack.get("spec") or {}).get("git") or {}).get("url", ""))
        errors = str((status.get("validation") or {}).get("errorCount", ""))
        cells += [url, age(status.get("lastSyncTime"), now), errors]
    return cells


def condition(pack: Body, kind: ConditionType) -> Body:
    """The condition of this type; empty where there is none."""
    found: Sequence[Body] = (pack.get("status") or {}).get("conditions") or ()
    return next((one for one in found if one["type"] == kind), {})


def age(time: str | None, now: datetime) -> str:
    """How long ago an RFC 3339 time is, as kubectl says it; empty for none."""
    if not time:
        return ""
    passed = now - datetime.fromisoformat(time).astimezone(UTC)
    seconds = int(max(passed, timedelta()).total_seconds())
    for limit, unit, sign, smaller in _STEPS:
        if seconds < limit:
            rest = seconds % unit // smaller[0] if smaller else 0
            more = f"{rest}{smaller[1]}" if smaller and rest else ""
            return f"{seconds // unit}{sign}{more}"
    return f"{seconds // _DAY}d"


def without_noise(pack: Body) -> Body:
    """It, without what kubectl leaves out as well: who set which field."""
    kept = {key: one for key, one in pack["metadata"].items() if key != "managedFields"}
    return {**pack, "metadata": kept}
