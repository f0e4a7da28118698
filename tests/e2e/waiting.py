"""The one way in which these tests wait: for something to be true, never for time to pass."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

PATIENCE = 30.0
"""Seconds; far more than anything takes, so that only a real fault runs into it."""
_LOOK_EVERY = 0.03

T = TypeVar("T")


def eventually(
    look: Callable[[], T | None], story: Callable[[], object], *, seconds: float = PATIENCE
) -> T:
    """The first result of `look` that is neither None nor False; fails with `story` otherwise."""
    deadline = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds:g} s: {story()}")
        time.sleep(_LOOK_EVERY)
