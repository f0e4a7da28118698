"""The format as tables: which fields a workflow, a task, a retry have, and how each is read.

May import `pack` and the neighbours in `workflow`. Source of the rules: Attune's workflow parser
and validator (https://github.com/attune-system/attune, crates/common/src/workflow).
"""

from __future__ import annotations

from typing import Any

from controller.pack.node import List, Mapping, Node
from controller.workflow import fields as read
from controller.workflow.declared import SCHEMA, VARIABLES
from controller.workflow.fields import ABSENT, Reader, Reading
from controller.workflow.model import CancellationPolicy, Task, TaskType
from controller.workflow.normalise import transitions
from controller.workflow.retry import RETRY, U32, read_retry
from controller.workflow.table import Field, Null, Table, definition, read_fields
from controller.workflow.transition import CHART_META, DECISION, NEXT, PUBLISH, TARGET

MAX_NAME = 255
MAX_VERSION = 50
_LONG = 40
_USIZE = 2**64 - 1

_NOT_IN_MODEL = (
    "decision",
    "on_complete",
    "on_failure",
    "on_success",
    "on_timeout",
    "permission_set_ref",
    "publish",
)


def _items(node: Node, path: str, reading: Reading) -> Any:
    if type(node) is not List:
        return read.read_text(node, path, reading)
    hint = 'Put the list in an expression: "{{ [1, 2] }}", or pass it in as a parameter.'
    read.wrong_type(node, path, "a text", reading, hint=hint)
    return ABSENT


_RUNS = {
    TaskType.ACTION: ("name", "action"),
    TaskType.WORKFLOW: ("name", "action"),
    TaskType.PARALLEL: ("name", "tasks"),
}
"""What each type of task needs."""


def _required(task: Mapping) -> tuple[str, ...]:
    kind = task.fields.get("type")
    if kind is None:
        return _RUNS[TaskType.ACTION]
    return next((_RUNS[one] for one in TaskType if one == kind.value), TASK.required)


def _task(node: Node, path: str, reading: Reading) -> Any:
    if type(node) is not Mapping:
        hint = "Write `- name: …` with `action: …` below it."
        read.wrong_type(node, path, "an object", reading, hint=hint)
        return ABSENT
    values = read_fields(node, path, TASK, reading, required=_required(node))
    values["next"] = transitions(values)
    values["chart_meta"] = values.pop("__chart_meta__", None)
    if "permission_set_ref" in values:
        values.setdefault("permission_set_refs", values["permission_set_ref"])
    for name in _NOT_IN_MODEL:
        values.pop(name, None)
    values.setdefault("input", {})
    return Task(node=node, path=path, **values)


_LIST = read.list_of(Reader(_task, definition("Task")))


def _tasks(node: Node, path: str, reading: Reading) -> Any:
    if type(node) is not Mapping or not node.fields:
        return _LIST.read(node, path, reading)
    first = next(iter(node.fields))
    hint = f"Begin each task with its name: `- name: {first}`." if len(first) < _LONG else ""
    read.wrong_type(node, path, "a list", reading, hint=hint)
    return ABSENT


_TASKS = Reader(_tasks, _LIST.schema)
_LEGACY = "Legacy: write a transition in `next`."

TASK = Table(
    "Task",
    "One step: an action, another workflow, or several tasks side by side.",
    {
        "name": Field(
            read.TEXT,
            "The task's name, unique in its list; expressions read its result as `task.<name>`.",
            {"minLength": 1, "maxLength": MAX_NAME, "pattern": r"\S"},
            example="name: …",
        ),
        "type": Field(
            read.choice(TaskType),
            "What the task runs: an action, a workflow, or the sub-tasks in `tasks`.",
            {"default": TaskType.ACTION.value},
            null=Null.NONE,
        ),
        "action": Field(
            read.TEXT,
            "The ref of the action or workflow to run: `pack.name`, in lower case.",
            {"pattern": r"^[^\sA-Z.]+\.[^\sA-Z.]+$", "examples": ["core.echo"]},
            example="action: pack.name",
        ),
        "input": Field(
            read.OBJECT,
            "What the action is given. Texts at any depth may hold `{{ … }}`.",
            null=Null.EMPTY,
        ),
        "permission_set_refs": Field(read.JSON, "The permission sets that the action runs with."),
        "permission_set_ref": Field(read.JSON, "Another name of `permission_set_refs`."),
        "worker_selector": Field(read.JSON, "The labels of the workers that may run it."),
        "worker_tolerations": Field(read.JSON, "The taints of workers that it tolerates."),
        "worker_affinity": Field(read.JSON, "The workers that it prefers, or stays away from."),
        "when": Field(read.TEXT, "The task is skipped unless this expression holds."),
        "with_items": Field(
            Reader(_items, read.TEXT.schema),
            "An expression that gives a list, such as `{{ parameters.hosts }}`: the task runs once "
            "for each `item`, which has an `index`.",
        ),
        "batch_size": Field(read.integer(0, _USIZE), "How many items one run gets (`with_items`)."),
        "concurrency": Field(
            read.integer(0, _USIZE), "How many runs there are at the same time (`with_items`)."
        ),
        "retry": Field(Reader(read_retry, definition(RETRY.name)), RETRY.description),
        "timeout": Field(read.integer(0, U32), "Seconds after which the task has timed out."),
        "next": Field(
            NEXT, "What follows. Every transition whose condition holds fires.", null=Null.EMPTY
        ),
        "join": Field(
            read.integer(0, _USIZE),
            "How many transitions must have led here before the task runs.",
        ),
        "tasks": Field(
            _TASKS,
            "The sub-tasks of `type: parallel`, which run side by side.",
            example="tasks: [{name: …, action: …}]",
        ),
        "on_success": Field(TARGET, f"The task that follows success. {_LEGACY}"),
        "on_failure": Field(TARGET, f"The task that follows failure. {_LEGACY}"),
        "on_complete": Field(TARGET, f"The task that follows in any case. {_LEGACY}"),
        "on_timeout": Field(TARGET, f"The task that follows a timeout. {_LEGACY}"),
        "decision": Field(
            DECISION, f"Conditions, each with the task that follows. {_LEGACY}", null=Null.EMPTY
        ),
        "publish": Field(
            PUBLISH,
            "What becomes a variable on success. Legacy: write `publish` in `next`.",
            null=Null.EMPTY,
        ),
        "__chart_meta__": CHART_META,
    },
    required=("name",),
    also={
        "allOf": [
            {
                "if": {"properties": {"type": {"const": "parallel"}}, "required": ["type"]},
                "then": {
                    "properties": {"tasks": {"type": "array", "minItems": 1}},
                    "required": ["tasks"],
                },
            },
            {
                "if": {"properties": {"type": {"enum": ["action", "workflow"]}}},
                "then": {"properties": {"action": read.TEXT.schema}, "required": ["action"]},
            },
            {
                "if": {"required": ["with_items"]},
                "then": {
                    "properties": {"batch_size": {"minimum": 1}, "concurrency": {"minimum": 1}}
                },
            },
        ]
    },
    elsewhere={
        **dict.fromkeys(("id", "task"), "name"),
        **dict.fromkeys(("ref", "run", "uses", "workflow"), "action"),
        **dict.fromkeys(("args", "arguments", "parameters", "params", "vars", "with"), "input"),
        **dict.fromkeys(("condition", "if", "unless"), "when"),
        **dict.fromkeys(("for_each", "foreach", "items", "loop"), "with_items"),
        **dict.fromkeys(("branches", "parallel", "steps"), "tasks"),
        **dict.fromkeys(("do", "then", "transitions"), "next"),
        **dict.fromkeys(("on_error", "catch"), "on_failure"),
        "output": "publish",
        "kind": "type",
        "wait_for": "join",
    },
)


WORKFLOW = Table(
    "Workflow",
    "A workflow of Attune: a file of `workflows/` or `actions/workflows/` in a pack.",
    {
        "ref": Field(
            read.text(maximum=MAX_NAME),
            "The workflow's ref, `pack.name` in lower case; without it, the pack's ref and the "
            "file's name.",
            {"pattern": r"^([^.A-Z]+\.[^.A-Z]+)?$"},
        ),
        "label": Field(read.text(maximum=MAX_NAME), "What people see; else the file's name."),
        "description": Field(read.TEXT, "What the workflow is for."),
        "version": Field(
            read.text(minimum=1, maximum=MAX_VERSION),
            'A semantic version, in quotes: "1.0.0".',
            {"examples": ["1.0.0"]},
            example='version: "1.0.0"',
        ),
        "parameters": Field(
            SCHEMA,
            "What the workflow takes: `{name: {type: string, required: true}}`, or a JSON Schema "
            "with `type: object`. Expressions read `parameters.<name>`.",
        ),
        "output": Field(SCHEMA, "What the workflow gives, written like `parameters`."),
        "vars": Field(
            VARIABLES,
            "Variables and their first values; expressions read `workflow.<name>` or the bare "
            "name, and `publish` changes them.",
            null=Null.EMPTY,
        ),
        "tasks": Field(
            _TASKS,
            "The steps. Those that no other leads to run first.",
            {"minItems": 1},
            example="tasks: [{name: …, action: …}]",
        ),
        "output_map": Field(
            read.map_of(read.ENTRY), 'The results, by name: `name: "{{ task.a.result }}"`.'
        ),
        "tags": Field(read.list_of(read.ENTRY), "Words to find the workflow by.", null=Null.EMPTY),
        "cancellation_policy": Field(
            read.choice(CancellationPolicy),
            "Whether running tasks finish or are cancelled when the workflow is cancelled.",
            {"default": CancellationPolicy.ALLOW_FINISH.value},
            null=Null.NONE,
        ),
    },
    required=("version", "tasks"),
    elsewhere={
        **dict.fromkeys(("input", "inputs", "params"), "parameters"),
        **dict.fromkeys(("output_schema", "outputs"), "output"),
        **dict.fromkeys(("jobs", "nodes", "states", "steps"), "tasks"),
        **dict.fromkeys(("name", "title"), "label"),
        **dict.fromkeys(("variables", "context"), "vars"),
        "id": "ref",
        "summary": "description",
    },
)
