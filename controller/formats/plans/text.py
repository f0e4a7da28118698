"""A plan as people read it on a terminal. Imports rich and the report."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from controller.diff import RowPlan, WorkflowPlan
from controller.formats.plans.report import (
    PlanReport,
    line,
    notes,
    row_lines,
    workflow_lines,
)
from controller.pack.planned import Kind

MARKS = {
    Kind.CREATE: ("+ ", "green"),
    Kind.UPDATE: ("~ ", "yellow"),
    Kind.PRUNE: ("- ", "red"),
    Kind.BLOCKED: ("! ", "magenta"),
    Kind.CONFLICT: ("✗ ", "bold red"),
    Kind.SKIPPED: ("= ", "dim"),
    Kind.KEPT: ("= ", "dim"),
    Kind.UNCHANGED: ("= ", "dim"),
}


def plan_text(report: PlanReport) -> Iterator[Text]:
    """The plan, workflow by workflow and field by field, without its summary."""
    if report.plan is None:
        return
    yield Text.assemble((report.title, "bold"), (_whose(report), "dim"))
    yield from _row(report.plan.row, "pack.yaml" if report.past else "the pack's row")
    for one in report.plan.workflows:
        yield from _workflow(one)


def plan_summary(report: PlanReport) -> Text:
    """`1 to create, 40 unchanged.`"""
    return Text(f"{report.counts}.", "bold")


def _whose(report: PlanReport) -> str:
    return f"  as {line(report.owner)} would sync it" if report.owner else ""


def _row(row: RowPlan, name: str) -> Iterator[Text]:
    if row.kind is Kind.UNCHANGED:
        return
    note = "rows changed by others" if row.drifted else ""
    yield _head(row.kind, name, "", note)
    yield from _details(row_lines(row))


def _workflow(one: WorkflowPlan) -> Iterator[Text]:
    yield _head(one.step.kind, line(one.step.ref), line(one.file), notes(one))
    yield from _details(workflow_lines(one))


def _head(kind: Kind, name: str, file: str, note: str) -> Text:
    mark, style = MARKS[kind]
    about = f"  ({note})" if note else ""
    return Text.assemble((mark, style), (name, style), (f"  {file}" if file else "", "dim"), about)


def _details(lines: Iterator[str]) -> Iterator[Text]:
    return (Text(f"    {said}") for said in lines)
