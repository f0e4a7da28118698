"""Workflows of a pack that call each other in a circle. Pure; imports `pack` and the neighbours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from controller.pack import rules
from controller.pack.diagnostic import Diagnostic
from controller.pack.report import Report, quoted
from controller.validate.file import FileResult
from controller.validate.offered import in_effect
from controller.workflow.calls import Call

_MAX_SHOWN = 8

Calls = Mapping[str, Mapping[str, Call]]
"""The first call of each workflow by each workflow: caller → callee → call."""


@dataclass(frozen=True, slots=True)
class _Circle:
    """`refs` is where it begins and what comes next, as far as it is shown; `call` the first."""

    call: Call
    refs: Sequence[str]
    length: int


@dataclass(slots=True)
class _Visit:
    """A workflow on the way: the call that is followed from it, and the callees that wait."""

    ref: str
    waiting: list[str]
    called: str = ""


def check_recursion(workflows: Sequence[FileResult]) -> list[Diagnostic]:
    """A warning for each circle, at its first call in the order of the files.

    Of circles that share calls not every combination is told: without the last call of each that
    is, none is left.
    """
    files = in_effect(workflows)
    calls: dict[str, dict[str, Call]] = {}
    for ref in sorted(files, key=lambda ref: files[ref].file):
        calls[ref] = {}
        for call in files[ref].calls:
            if call.ref in files:
                calls[ref].setdefault(call.ref, call)
    reports: dict[str, Report] = {}
    for circle in _circles(calls):
        start = circle.refs[0]
        report = reports.setdefault(start, Report(files[start].file))
        report.workflow = start
        _warn(circle, report)
    return [one for report in reports.values() for one in report.diagnostics()]


def _circles(calls: Calls) -> Iterator[_Circle]:
    """A walk along the calls, deeper first, has found a circle where it meets its own way.

    Each call is followed once: the time is linear in their number.
    """
    depth: dict[str, int] = {}
    for start in calls:
        way = [] if start in depth else [_visit(start, calls, depth, 0)]
        while way:
            here = way[-1]
            if not here.waiting:
                depth[way.pop().ref] = _LEFT
                continue
            here.called = here.waiting.pop()
            met = depth.get(here.called)
            if met is None:
                way.append(_visit(here.called, calls, depth, len(way)))
            elif met != _LEFT:
                first = way[met]
                shown = [one.ref for one in way[met : met + _MAX_SHOWN]]
                yield _Circle(calls[first.ref][first.called], shown, len(way) - met)


_LEFT = -1


def _visit(ref: str, calls: Calls, depth: dict[str, int], at: int) -> _Visit:
    depth[ref] = at
    return _Visit(ref, list(calls[ref])[::-1])


def _warn(circle: _Circle, report: Report) -> None:
    refs, call = circle.refs, circle.call
    if circle.length == 1:
        message = f"{quoted(refs[0])} calls itself, endlessly unless a condition ends it"
    else:
        more = circle.length - len(refs)
        between = [f"… {more} more …"] if more else []
        way = " → ".join([*refs, *between, refs[0]])
        message = f"workflows call each other, endlessly unless a condition ends it: {way}"
    hint = "Take out a call of the circle, or make sure that a `when` keeps it from coming round."
    path = f"{call.path}.action"
    report.add(rules.ENDLESS_RECURSION, call, message, path=path, hint=hint)
