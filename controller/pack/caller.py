"""Who calls a workflow that goes. Imports nothing of ours."""

from __future__ import annotations

from typing import NamedTuple

TOLD = 100
"""Callers that are told of one sync; who has more of them knows enough."""


class Caller(NamedTuple):
    """A workflow of another pack, or one that was made by hand, with what it calls in vain."""

    ref: str
    callee: str
