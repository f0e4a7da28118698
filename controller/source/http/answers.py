"""The status and headers of an answer over HTTP → what they mean. Pure.

The rules are those of RFC 9110 (status, Retry-After) and of GitHub's REST reference ("Rate limits":
403 with `x-ratelimit-remaining: 0`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from controller.source.failures import FailedError, Failure

MIN_PAUSE = 1.0
DEFAULT_PAUSE = 60.0
MAX_PAUSE = 3600.0
"""Seconds that a server may make us wait; it could ask for years."""

_NAMED = {
    401: Failure.LOGIN,
    403: Failure.LOGIN,
    404: Failure.NOT_FOUND,
    407: Failure.PROXY_LOGIN,
    410: Failure.NOT_FOUND,
}


def failed(status: int, headers: Mapping[str, str], now: float) -> FailedError | None:
    """What is wrong with an answer; None for one with status 200. Header names are in lower case,
    `now` is in seconds since the epoch."""
    if status == 200:
        return None
    pause = _pause(status, headers, now)
    if pause is not None:
        at = datetime.fromtimestamp(now + pause, UTC)
        return FailedError(Failure.RATE_LIMITED, f"until {at:%H:%M:%S} UTC", retry_after=pause)
    if 300 <= status < 400:
        return FailedError(Failure.REDIRECTED)
    named = _NAMED.get(status)
    return FailedError(named) if named else FailedError(Failure.SERVER_ERROR, f"HTTP {status}")


def _pause(status: int, headers: Mapping[str, str], now: float) -> float | None:
    """How many seconds the server wants to be left alone; None when it does not say so."""
    if status not in (403, 429, 503):
        return None
    here = _time(headers.get("date", ""), now)
    told = headers.get("retry-after", "").strip()
    if told:
        seconds = float(told) if told.isascii() and told.isdigit() else _time(told, here) - here
    elif status == 429 or headers.get("x-ratelimit-remaining") == "0":
        reset = headers.get("x-ratelimit-reset", "")
        known = reset.isascii() and reset.isdigit()
        seconds = float(reset) - here if known else DEFAULT_PAUSE
    else:
        return None
    return min(max(seconds, MIN_PAUSE), MAX_PAUSE)


def _time(date: str, otherwise: float) -> float:
    """A date as HTTP writes it, in seconds since the epoch."""
    try:
        return parsedate_to_datetime(date).timestamp()
    except (ValueError, OverflowError):
        return otherwise
