"""The expressions of a workflow against the names it has. Pure.

May import `pack`, `workflow.model` and the neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass

from controller.pack.diagnostic import Span
from controller.pack.node import Document
from controller.pack.report import Report
from controller.workflow.expressions.hints import hint
from controller.workflow.expressions.names import Known, Names, known_names, names_of
from controller.workflow.expressions.problem import Problem
from controller.workflow.expressions.unknown import unknown_uses
from controller.workflow.expressions.walk import Place, places
from controller.workflow.model import Workflow


def check_expressions(workflow: Workflow, document: Document, report: Report) -> None:
    """Report every problem of the expressions in a workflow, each at its very characters."""
    found = list(places(workflow))
    if not found:
        return
    known = known_names(workflow)
    faulty = [one for one in found if not _is_clean(one, known)]
    if faulty:
        _tell(faulty, names_of(workflow, known), document, report)


def _is_clean(place: Place, known: Known) -> bool:
    template = place.template
    bare = known.bare_per_item if place.per_item else known.bare
    return not template.problems and template.needs <= bare and template.needs_tasks <= known.tasks


@dataclass(frozen=True, slots=True)
class _At:
    span: Span


def _tell(faulty: list[Place], names: Names, document: Document, report: Report) -> None:
    told: set[tuple[int, int, str]] = set()
    for place in faulty:
        for problem in (*place.template.problems, *unknown_uses(place, names)):
            # Aliases repeat a text, and its mistake is one all the same.
            key = (id(place.scalar), problem.start, problem.rule.code)
            if key not in told:
                told.add(key)
                _add(problem, place, names, document, report)


def _add(problem: Problem, place: Place, names: Names, document: Document, report: Report) -> None:
    rule = problem.rule
    if report.is_full(rule):
        report.add(rule, None, problem.message)
        return
    at = _At(document.within(place.scalar, problem.start, problem.end))
    report.add(rule, at, problem.message, path=place.path, hint=hint(problem, names))
