"""The result as tables for people, in milliseconds: the median of all rounds, and the least."""

from __future__ import annotations

import sys
from collections.abc import Callable
from statistics import median

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from bench.figures import Case, Sample

_LEGEND = """\
Milliseconds, medians; least is the best round. fetch + load + validate + apply + rest = total.
  plan: the part of apply that compares rows in Python   rest: fence, compare and judge
  beyond: all but fetch   git, COPY: plain Git and a plain COPY of the same, in the same round
  SQL: statements   rows: written by the product, in all tables   MiB: most memory ever resident"""

_TIMES: dict[str, Callable[[Sample], float]] = {
    "total": lambda one: one.total,
    "fetch": lambda one: one.step("fetch"),
    "load": lambda one: one.step("load"),
    "validate": lambda one: one.step("validate"),
    "apply": lambda one: one.step("apply"),
    "plan": lambda one: one.plan,
    "rest": lambda one: one.rest,
    "beyond": lambda one: one.beyond_fetch,
    "git": lambda one: one.git_floor,
    "COPY": lambda one: one.copy_floor,
}


def show(samples: list[Sample]) -> None:
    """Print one table for each case."""
    out = Console(width=None if sys.stdout.isatty() else 128)
    sizes = sorted({one.workflows for one in samples})
    for case in Case:
        table = Table(title=case.value, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
        for column in ("workflows", "least", *_TIMES, "SQL", "rows", "MiB"):
            table.add_column(column, justify="right")
        for size in sizes:
            table.add_row(*_row([s for s in samples if (s.case, s.workflows) == (case, size)]))
        out.print(table)
    out.print(_LEGEND)


def _row(samples: list[Sample]) -> tuple[str, ...]:
    one = samples[0]
    return (
        f"{one.workflows:,}",
        _milliseconds(min(each.total for each in samples)),
        *(_milliseconds(median(map(time, samples))) for time in _TIMES.values()),
        str(len(one.statements)),
        f"{one.rows_written:,}",
        f"{max(each.peak_memory for each in samples) / 2**20:.0f}",
    )


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.1f}" if seconds else "-"
