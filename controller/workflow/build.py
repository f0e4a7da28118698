"""Node tree → `Workflow`, collecting every problem of the file in one pass. Pure.

May import `pack` and the neighbours in `workflow`.
"""

from __future__ import annotations

import semver

from controller.pack import rules
from controller.pack.node import Document, List, Mapping, Node
from controller.pack.report import Report, quoted
from controller.workflow.expressions.check import check_expressions
from controller.workflow.fields import Reading
from controller.workflow.graph import check_graph
from controller.workflow.model import Task, Workflow
from controller.workflow.schema import WORKFLOW
from controller.workflow.table import read_fields
from controller.workflow.tasks import check_names, check_task


def build(document: Document, report: Report) -> Workflow | None:
    """The workflow in a document; None when it is no object. What is wrong is in `report`.

    A workflow comes back even when it has errors, for what is known of it: ask `report.refused`.
    """
    root = document.root
    if type(root) is not Mapping:
        hint = "Begin with `version:` and `tasks:` at the left margin."
        report.add(rules.NOT_AN_OBJECT, root, "a workflow file must be an object", hint=hint)
        return None
    reading = Reading(report, document.has_unstorable)
    values = read_fields(root, "", WORKFLOW, reading)
    workflow = Workflow(node=root, **{"vars": {}, **values})
    if "tasks" in values and not _is_empty(root.fields["tasks"], workflow.tasks, reading):
        _check_list(workflow.tasks, root, report)
    _check_version(workflow, report)
    check_expressions(workflow, document, report)
    return workflow


def _is_empty(node: Node, tasks: tuple[Task, ...], reading: Reading) -> bool:
    if tasks or node.value:
        return not tasks
    hint = "Add a task: `- {name: hello, action: core.echo}`."
    reading.report.add(rules.OUT_OF_RANGE, node, "`tasks` is empty", path="tasks", hint=hint)
    return True


def _check_version(workflow: Workflow, report: Report) -> None:
    if workflow.version and not semver.Version.is_valid(workflow.version):
        message = f"the version {quoted(workflow.version)} is not a semantic version"
        hint = 'Write three numbers, such as "1.0.0".'
        place = workflow.node.fields["version"]
        report.add(rules.NOT_SEMVER, place, message, path="version", hint=hint)


def _check_list(tasks: tuple[Task, ...], around: Mapping, report: Report) -> None:
    """Apply the rules for the list of tasks of one mapping, then those for each."""
    check_names(tasks, report)
    given = around.fields["tasks"]
    unread = len(given.items) - len(tasks) if type(given) is List else 0
    check_graph(tasks, unread, report)
    for task in tasks:
        check_task(task, report)
        if task.tasks:
            _check_list(task.tasks, task.node, report)
