"""What is counted only when somebody asks, as values. Imports nothing of ours."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Gauge:
    """One number, or one for each combination of the labels' values."""

    name: str
    help: str
    samples: Mapping[tuple[str, ...], float]
    labels: tuple[str, ...] = ()


Census = Callable[[], Iterable[Gauge]]
"""Counts; called by the thread that reads the page, so it must be quick and must not fail."""
