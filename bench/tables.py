"""The result as tables for people. Times are in milliseconds: the median of all rounds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from statistics import median

from rich.console import Console
from rich.table import Table

from bench.figures import STEPS, Case, Sample


def show(samples: list[Sample]) -> None:
    """Print one table for each case."""
    out = Console()
    sizes = sorted({one.workflows for one in samples})
    for case in Case:
        table = _empty(case)
        for size in sizes:
            table.add_row(
                *_row(size, [s for s in samples if (s.case, s.workflows) == (case, size)])
            )
        out.print(table)


def _empty(case: Case) -> Table:
    table = Table(title=case.value, title_justify="left")
    columns = (
        *("workflows", "total", "min", *STEPS, "of it plan", "beyond fetch"),
        *("git floor", "COPY floor", "statements", "rows", "peak MiB"),
    )
    for column in columns:
        table.add_column(column, justify="right")
    return table


def _row(size: int, samples: list[Sample]) -> Iterable[str]:
    def middle(value: Callable[[Sample], float]) -> str:
        return _milliseconds(median(map(value, samples)))

    yield f"{size:,}"
    yield middle(lambda one: one.total)
    yield _milliseconds(min(one.total for one in samples))
    for step in STEPS:
        yield middle(lambda one, step=step: one.steps.get(step, 0.0))  # type: ignore[misc]
    yield middle(lambda one: one.plan)
    yield middle(lambda one: one.beyond_fetch)
    yield middle(lambda one: one.git_floor)
    yield middle(lambda one: one.copy_floor)
    yield str(len(samples[0].statements))
    yield f"{samples[0].rows_written:,}"
    yield f"{max(one.peak_memory for one in samples) / 2**20:.0f}"


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.1f}" if seconds else "-"
