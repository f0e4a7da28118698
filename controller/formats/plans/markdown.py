"""A plan as Markdown for a comment on a pull request. Imports the report.

GitHub takes 65,536 characters of a comment (docs.github.com says nothing of it; the API answers
"body is too long"); bytes are counted here, which are never fewer. Names and values of the pack
stand in code only, which neither GitHub nor GitLab looks for links, mentions or markup in; values
that somebody wrote into the database by hand are not shown where anybody reads.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator

from controller.diff import WorkflowPlan
from controller.formats.plans.report import (
    PlanReport,
    left_out,
    line,
    notes,
    row_lines,
    workflow_lines,
)
from controller.pack.diagnostic import Diagnostic
from controller.pack.planned import Kind
from controller.status.words import plural

LARGEST = 65_536
"""Bytes of one comment."""

_RESERVE = 512
_OVERVIEW = LARGEST // 2
_LONGEST = 1000
_TICKS = re.compile("`+")
_MARKS = {
    Kind.CREATE: "+",
    Kind.UPDATE: "!",
    Kind.PRUNE: "-",
    Kind.BLOCKED: "!",
    Kind.CONFLICT: "!",
}
_SAID = {
    Kind.UPDATE: "update",
    Kind.BLOCKED: "not removed yet",
    Kind.CONFLICT: "conflict",
    Kind.SKIPPED: "left alone",
    Kind.KEPT: "kept",
}


def plan_markdown(report: PlanReport, *, brief: bool = False) -> str:
    """The comment, its first line a mark by which it is found again; a `brief` one has no list."""
    page = _Page(LARGEST - _RESERVE)
    page.add(f"{mark(report)}\n### {_title(report)}\n")
    if report.plan is not None:
        page.add(f"\n**{report.counts}**{_whose(report)}\n")
    if report.failure is not None:
        page.add(f"\n❌ {'A sync would refuse this.' if report.plan else 'No plan was made.'}\n")
        page.add(_fenced([line(report.why)], "text"))
    _findings(page, report)
    if report.plan is not None and not brief:
        _overview(page, report)
        _fields(page, report)
    return page.text


def mark(report: PlanReport) -> str:
    """An invisible line that is the same in each comment about the same source."""
    return f"<!-- packctl diff {re.sub('[^A-Za-z0-9_./:@]+', '-', report.name) or '-'} -->"


class _Page:
    """A text that grows up to a number of bytes."""

    def __init__(self, limit: int) -> None:
        self.text = ""
        self._left = limit

    def add(self, part: str, *, within: int = LARGEST) -> bool:
        """Add `part` if it fits, also into `within` bytes of the whole; whether it did."""
        size = len(part.encode(errors="replace"))
        if size > self._left or len(self.text.encode(errors="replace")) + size > within:
            return False
        self.text += part
        self._left -= size
        return True

    def insist(self, part: str) -> None:
        """Add a note for which room is kept."""
        self.text += part


def _title(report: PlanReport) -> str:
    plan = report.plan
    if plan is None:
        return _code(line(report.name))
    return f"{_code(plan.pack_ref)}: {_code(report.before)} → {_code(report.after)}"


def _whose(report: PlanReport) -> str:
    return f", as {_code(line(report.owner))} would sync it" if report.owner else ""


def _findings(page: _Page, report: PlanReport) -> None:
    found = [one for one in report.found.findings if one.is_error] if report.found else []
    if report.found and report.found.warnings:
        page.add(f"\n{plural(report.found.warnings, 'warning')}: `packctl validate` lists them.\n")
    if not found:
        return
    lines = _fitting((_finding(one) for one in found), _OVERVIEW // 2)
    missing = len(found) - len(lines)
    more = [left_out(missing, "error")] if missing else []
    page.add(_fenced([*lines, *more], "text"))


def _finding(one: Diagnostic) -> str:
    place = f"{one.file}:{one.span.line}:{one.span.column}"
    return line(f"{place}: {one.severity.value.lower()} {one.rule.code}: {one.message}")


def _overview(page: _Page, report: PlanReport) -> None:
    """All workflows, a line each."""
    plan = report.plan
    if plan is None:
        return
    lines = list(_fitting((_entry(one) for one in plan.workflows), _OVERVIEW - len(page.text)))
    missing = len(plan.workflows) - len(lines)
    if missing:
        lines.append(f"  {left_out(missing, 'workflow')}")
    if lines:
        page.add(_fenced(lines, "diff"))


def _entry(one: WorkflowPlan) -> str:
    said = "; ".join(filter(None, (_SAID.get(one.step.kind, ""), notes(one))))
    file = f"  {line(one.file)}" if one.file else ""
    about = f"  ({said})" if said else ""
    return _cut(f"{_MARKS.get(one.step.kind, ' ')} {line(one.step.ref)}{file}{about}")


def _fields(page: _Page, report: PlanReport) -> None:
    """What is different in each, collapsed, as far as it fits."""
    sections = list(_sections(report))
    for number, (name, lines) in enumerate(sections):
        if not page.add(_details(name, lines)):
            missing = left_out(len(sections) - number, "workflow")
            page.insist(f"\n{missing} with changed fields: `packctl diff` lists all of them.\n")
            return


def _sections(report: PlanReport) -> Iterator[tuple[str, list[str]]]:
    plan = report.plan
    if plan is None:
        return
    row = [_cut(said) for said in row_lines(plan.row, values=False)]
    if row:
        yield ("pack.yaml" if report.past else "the pack's row"), row
    for one in plan.workflows:
        lines = [_cut(said) for said in workflow_lines(one, values=False)]
        if lines:
            yield line(one.step.ref), lines


def _details(name: str, lines: list[str]) -> str:
    shown = f"<code>{html.escape(name)}</code>"
    return f"\n<details><summary>{shown}</summary>\n{_fenced(lines, 'text')}\n</details>\n"


def _fenced(lines: Iterable[str], language: str) -> str:
    """A block of code that nothing in it can end."""
    body = "\n".join(lines)
    fence = "`" * max(3, _longest_ticks(body) + 1)
    return f"\n{fence}{language}\n{body}\n{fence}\n"


def _code(text: str) -> str:
    ticks = "`" * (_longest_ticks(text) + 1)
    room = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{room}{text}{room}{ticks}"


def _longest_ticks(text: str) -> int:
    return max(map(len, _TICKS.findall(text)), default=0)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _fitting(lines: Iterable[str], limit: int) -> list[str]:
    used, fitting = 0, []
    for one in lines:
        used += len(one.encode(errors="replace")) + 1
        if used > limit:
            break
        fitting.append(one)
    return fitting
