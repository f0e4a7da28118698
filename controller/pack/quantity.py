"""Durations and sizes as Kubernetes users write them. Pure; imports nothing of ours.

Sources: Go's time.ParseDuration for `1m30s`, apimachinery's resource.Quantity for `1Mi`.
"""

from __future__ import annotations

import durationpy

DURATION_PATTERN = r"^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$"
SIZE_PATTERN = r"^[1-9][0-9]{0,8}(Ki|Mi)?$"

_FACTORS = {"Ki": 1024, "Mi": 1024 * 1024}


def seconds(duration: str) -> float:
    """The length of a duration like `1m30s`, in seconds; raises ValueError."""
    return float(durationpy.from_str(duration).total_seconds())


def size_in_bytes(size: str) -> int:
    """The number of bytes in a size like `512Ki`; raises ValueError."""
    number, unit = (size[:-2], size[-2:]) if size[-2:] in _FACTORS else (size, "")
    return int(number) * _FACTORS.get(unit, 1)
