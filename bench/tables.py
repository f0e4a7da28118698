"""Results as tables for people, in milliseconds: the median of all rounds, and the least."""

from __future__ import annotations

import sys
from collections.abc import Callable
from statistics import median

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from bench.figures import Case, Sample, Timing

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


_TIMING_LEGEND = """\
Milliseconds for one file; least is the best round, median and CPU the median of all rounds.
  CPU: of all processes   files/s: by the median   bytes: of one file"""


def show(samples: list[Sample]) -> None:
    """Print one table for each case of a sync."""
    out = console()
    sizes = sorted({one.workflows for one in samples})
    for case in Case:
        table = new_table(case.value, "workflows", "least", *_TIMES, "SQL", "rows", "MiB")
        for size in sizes:
            table.add_row(*_row([s for s in samples if (s.case, s.workflows) == (case, size)]))
        out.print(table)
    out.print(_LEGEND)


def show_timings(timings: list[Timing]) -> None:
    """Print one table with a row for each way through files."""
    table = new_table("validation", "", "files", "bytes", "least", "median", "CPU", "files/s")
    table.columns[0].justify = "left"
    for one in timings:
        count = len(one.sizes)
        table.add_row(
            one.what,
            f"{count:,}",
            f"{sum(one.sizes) / count:,.0f}",
            f"{min(one.wall) / count * 1000:.3f}",
            f"{median(one.wall) / count * 1000:.3f}",
            f"{median(one.cpu) / count * 1000:.3f}",
            f"{count / median(one.wall):,.0f}",
        )
    out = console()
    out.print(table)
    out.print(_TIMING_LEGEND)


def console() -> Console:
    """Where tables go; as wide as the documentation where that is no terminal."""
    return Console(width=None if sys.stdout.isatty() else 128)


def new_table(title: str, *columns: str) -> Table:
    """An empty table, all of whose columns stand at the right."""
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column, justify="right")
    return table


def _row(samples: list[Sample]) -> tuple[str, ...]:
    one = samples[0]
    return (
        f"{one.workflows:,}",
        milliseconds(min(each.total for each in samples)),
        *(milliseconds(median(map(time, samples))) for time in _TIMES.values()),
        str(len(one.statements)),
        f"{one.rows_written:,}",
        f"{max(each.peak_memory for each in samples) / 2**20:.0f}",
    )


def milliseconds(seconds: float) -> str:
    """Seconds as a cell; a dash for none."""
    return f"{seconds * 1000:.1f}" if seconds else "-"
