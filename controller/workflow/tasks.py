"""Rules for the tasks of one list: their names, and each task by itself. Pure.

May import `pack` and the neighbours in `workflow`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from controller.pack import rules
from controller.pack.diagnostic import Rule
from controller.pack.node import List, Mapping, Node
from controller.pack.report import Report, quoted
from controller.workflow.model import Task, TaskType
from controller.workflow.normalise import CONDITIONS, LEGACY_FIELDS
from controller.workflow.schema import MAX_NAME

RESERVED = frozenset(
    ("parameters", "vars", "task", "system", "kv", "pack", "item", "batch", "index")
)
"""Names that Attune's validator refuses."""

NAMESPACES = frozenset(("workflow", "variables", "tasks", "config", "keystore"))
"""Names that an expression takes for something else than a task."""

# What the `action` table's checks and Attune's own creation of actions leave of a ref.
_ACTION = re.compile(r"[\w-]+\.[\w-]+")
_PLAIN_NAME = re.compile(r"[\w.:/ -]+")
_CONTROL = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def check_names(tasks: Iterable[Task], report: Report) -> None:
    """Names are there, printable, not reserved, and each stands once in the list."""
    first: dict[str, Task] = {}
    for task in tasks:
        if "name" not in task.node.fields or task.node.fields["name"].value is None:
            continue
        if not _check_name(task, report):
            continue
        other = first.setdefault(task.name, task)
        if other is not task:
            message = (
                f"two tasks are named {quoted(task.name)}: "
                f"in line {_name_node(other).span.line} and in line {_name_node(task).span.line}"
            )
            _add_name(rules.DUPLICATE_TASK, task, message, "Rename one of them.", report)


def _check_name(task: Task, report: Report) -> bool:
    name = task.name
    if not name and type(task.node.fields["name"]) in (Mapping, List):
        return False  # the wrong type is already reported
    problem = _name_problem(name)
    if problem:
        hint = "Use a short name of letters, digits, `_` and `-`."
        message = f"the name of `{task.path}` {problem}"
        _add_name(rules.BAD_TASK_NAME, task, message, hint, report)
        return False
    if name in RESERVED:
        message = f"{quoted(name)} is a reserved word and cannot name a task"
        _add_name(rules.RESERVED_NAME, task, message, f"Name it {quoted(name + '_task')}.", report)
    elif name in NAMESPACES:
        message = f"expressions take {quoted(name)} for a namespace, not for this task"
        _add_name(rules.NAMESPACE_NAME, task, message, "Choose another name.", report)
    return True


def _name_problem(name: str) -> str:
    if len(name) > MAX_NAME:
        return f"has {len(name)} characters; {MAX_NAME} are allowed"
    if _PLAIN_NAME.fullmatch(name) and not name.isspace():
        return ""
    if not name.strip():
        return "is blank"
    if any(_is_control(one) for one in name):
        return f"holds control characters: {quoted(name)}"
    return ""


def _is_control(character: str) -> bool:
    if character == "\0":
        return False  # already reported, wherever it stands
    return character in _CONTROL or unicodedata.category(character) == "Cc"


def _name_node(task: Task) -> Node:
    return task.node.fields["name"]


def _add_name(rule: Rule, task: Task, message: str, hint: str, report: Report) -> None:
    report.add(rule, _name_node(task), message, path=f"{task.path}.name", hint=hint)


def check_task(task: Task, report: Report) -> None:
    """The rules for a task by itself."""
    given = task.node.fields
    _check_action(task, report)
    _check_subtasks(task, report)
    if "with_items" in given:
        _check_batches(task, report)
    elif "batch_size" in given or "concurrency" in given:
        _warn_not_iterating(task, report)
    if not given.keys().isdisjoint(LEGACY_FIELDS):
        _check_legacy(task, report)
    if "permission_set_ref" in given and "permission_set_refs" in given:
        message = "`permission_set_ref` and `permission_set_refs` are two names of one field"
        _add(rules.FIELD_TWICE, task, "permission_set_ref", message, "Keep one.", report)


def _add(rule: Rule, task: Task, field: str, message: str, hint: str, report: Report) -> None:
    report.add(rule, task.node.fields[field], message, path=f"{task.path}.{field}", hint=hint)


def _check_action(task: Task, report: Report) -> None:
    ref = task.action
    if ref is None or (_ACTION.fullmatch(ref) and ref == ref.lower()):
        return
    message = f"{quoted(ref)} cannot be the ref of an action" if ref else "the action is empty"
    hint = "Write `pack.name`: lower case, one dot, letters, digits, `_` and `-`."
    _add(rules.BAD_ACTION, task, "action", message, hint, report)


def _check_subtasks(task: Task, report: Report) -> None:
    given = task.node.fields.get("tasks")
    if task.type is not TaskType.PARALLEL:
        if task.tasks:
            message = f"only `type: parallel` runs sub-tasks; `{task.path}` is `{task.type}`"
            hint = "Set `type: parallel`, or remove `tasks`."
            _add(rules.TASKS_IGNORED, task, "tasks", message, hint, report)
    elif type(given) is List and not given.items:
        message = f"`{task.path}.tasks` is empty: a parallel task needs at least one sub-task"
        _add(rules.OUT_OF_RANGE, task, "tasks", message, "Add a task.", report)


def _check_batches(task: Task, report: Report) -> None:
    for field, value in (("batch_size", task.batch_size), ("concurrency", task.concurrency)):
        if value == 0:
            message = f"`{task.path}.{field}` is 0: no item would ever run"
            _add(rules.OUT_OF_RANGE, task, field, message, "Use 1 or more.", report)


def _warn_not_iterating(task: Task, report: Report) -> None:
    for field in ("batch_size", "concurrency"):
        if field in task.node.fields and task.node.fields[field].value is not None:
            message = f"`{task.path}.{field}` does nothing without `with_items`"
            hint = "Add `with_items`, or remove it."
            _add(rules.NOT_ITERATING, task, field, message, hint, report)


def _check_legacy(task: Task, report: Report) -> None:
    given = task.node.fields
    if "next" in given and given["next"].value:
        for field in LEGACY_FIELDS:
            if field in given and given[field].value is not None:
                message = f"`{task.path}.{field}` is dropped, because `next` is there"
                hint = "Move it into `next`, or remove it."
                _add(rules.LEGACY_IGNORED, task, field, message, hint, report)
    elif "decision" in given:
        _check_decision(task, given["decision"], report)


def _check_decision(task: Task, node: Node, report: Report) -> None:
    branches = node.items if type(node) is List else []
    defaults = 0
    for index, branch in enumerate(branches):
        if type(branch) is not Mapping:
            continue
        path = f"{task.path}.decision[{index}]"
        when, default = branch.fields.get("when"), branch.fields.get("default")
        conditional = when is not None and when.value is not None
        if default is not None and default.value is True:
            defaults += 1
            if defaults > 1 or not conditional:
                _check_default(branch, path, defaults, report)
        elif not conditional and (default is None or type(default.value) in (bool, type(None))):
            message = f"`{path}` has neither `when` nor `default: true`"
            hint = "Give it a condition."
            report.add(rules.BRANCH_WITHOUT_CONDITION, branch, message, path=path, hint=hint)


def _check_default(branch: Mapping, path: str, number: int, report: Report) -> None:
    place = branch.keys["default"]
    path = f"{path}.default"
    if number > 1:
        message = "a decision can have one default branch only"
        report.add(rules.TWO_DEFAULTS, place, message, path=path, hint="Give this one a `when`.")
    else:
        message = "the default branch runs always, also when another branch matched"
        hint = "Give it a `when` that excludes the others, or use `next` with conditions."
        report.add(rules.DEFAULT_ALWAYS_RUNS, place, message, path=path, hint=hint)


TRANSITION_FIELDS = ("next", *CONDITIONS, "decision")
"""The fields of a task that say what follows it."""
