"""The numbers that every part of the way keeps exactly. Imports nothing of ours."""

from __future__ import annotations

import math

LOWEST, HIGHEST = -(2**63), 2**64 - 1
"""The integers that fit 64 bits, signed or not: what Attune and jsonb both keep."""


def is_unstorable(value: object) -> bool:
    """Whether this is a number that jsonb cannot hold, or Attune cannot read back."""
    if type(value) is int:
        return not LOWEST <= value <= HIGHEST
    return type(value) is float and not math.isfinite(value)
