"""The expressions of a workflow against the names it has. Pure.

May import `pack`, `workflow.model` and the neighbours.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from controller.pack.diagnostic import Span
from controller.pack.node import Document
from controller.pack.report import Report
from controller.workflow.expressions.hints import hint
from controller.workflow.expressions.names import Names, known_names, names_of
from controller.workflow.expressions.problem import Problem
from controller.workflow.expressions.template import read_template, stray
from controller.workflow.expressions.unknown import unknown_uses
from controller.workflow.expressions.walk import Place, faulty_places
from controller.workflow.model import Workflow


def check_expressions(workflow: Workflow, document: Document, report: Report) -> None:
    """Report every problem of the expressions in a workflow, each at its very characters."""
    known = known_names(workflow)
    faulty = faulty_places(workflow, known)
    if not faulty:
        return
    names = names_of(workflow, known)
    told: set[tuple[int, int]] = set()
    for place in sorted(faulty, key=_position):
        for problem in _problems(place, names):
            # Aliases repeat a text, and its mistake is one all the same.
            key = (id(place.scalar), problem.start)
            if key not in told:
                told.add(key)
                _add(problem, place, names, document, report)


def _position(place: Place) -> Span:
    return place.scalar.span


def _problems(place: Place, names: Names) -> Iterator[Problem]:
    text = place.scalar.text
    yield from stray(text)
    for offset, block in read_template(text):
        for problem in (*block.problems, *unknown_uses(block, names, place.bare)):
            yield problem.moved(offset)


@dataclass(frozen=True, slots=True)
class _At:
    span: Span


def _add(problem: Problem, place: Place, names: Names, document: Document, report: Report) -> None:
    rule = problem.rule
    if report.is_full(rule):
        report.add(rule, None, problem.message)
        return
    at = _At(document.within(place.scalar, problem.start, problem.end))
    report.add(rule, at, problem.message, path=place.path, hint=hint(problem, names))
