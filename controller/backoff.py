"""How long to wait before the next try. Pure: chance comes in as a value. Imports nothing."""

from __future__ import annotations

_FIRST = 1.0
_LAST = 15 * 60.0
_JITTER = 0.1


def jittered(seconds: float, fraction: float, share: float = _JITTER) -> float:
    """`seconds` ± `share` of them, by a random `fraction` of [0, 1): what began together spreads
    out."""
    return seconds * (1 - share + 2 * share * fraction)


def backoff(failures: int, fraction: float) -> float:
    """The seconds to wait after `failures` earlier ones in a row: from 1 s, doubling, to 15 min."""
    # The exponent is bounded because a float overflows at 2.0**1024.
    return jittered(min(_FIRST * 2.0 ** min(failures, 32), _LAST), fraction)
