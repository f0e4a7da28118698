"""What follows a task, as tables: a transition of `next`, a branch of a legacy decision.

May import `pack` and the neighbours in `workflow`. Source of the rules: as in `schema`.
"""

from __future__ import annotations

from typing import Any

from controller.pack import rules
from controller.pack.node import List, Mapping, Node, Scalar
from controller.workflow import fields as read
from controller.workflow.fields import ABSENT, Reader, Reading
from controller.workflow.model import Target, Transition
from controller.workflow.normalise import Branch
from controller.workflow.table import Field, Null, Table, definition, read_fields

CHART_META = Field(
    read.JSON, "What Attune's editor notes of the drawing. Kept as it is; nobody writes it by hand."
)


def _target(node: Node, path: str, reading: Reading) -> Any:
    if type(node) is List:
        hint = "Only `do` in `next` takes several: `next: [{do: [a, b]}]`."
        if node.items and type(node.items[0]) is Mapping:
            hint = "Make it entries of `next`, which have `when`, `publish` and `do`."
        read.wrong_type(node, path, "the name of one task", reading, hint=hint)
        return ABSENT
    name = read.entry_text(node, path, reading)
    return ABSENT if name is ABSENT else Target(name, node, path)


TARGET = Reader(_target, read.ENTRY.schema)


def _publish_entry(node: Node, path: str, reading: Reading) -> Any:
    if type(node) is Mapping or (type(node) is Scalar and type(node.value) is str):
        return read.read_json(node, path, reading)
    hint = "Write `- name: value`, or `- name` to publish the whole result."
    read.wrong_type(node, path, "a name or an object", reading, hint=hint)
    return ABSENT


PUBLISH = read.list_of(
    Reader(_publish_entry, {"type": ["string", "object"], "additionalProperties": True})
)

TRANSITION = Table(
    "Transition",
    "What follows a task. Every transition whose condition holds fires, not only the first.",
    {
        "when": Field(
            read.TEXT,
            "The condition, such as `{{ succeeded() }}` or `{{ result().code == 0 }}`. Without it "
            "the transition always fires.",
        ),
        "publish": Field(
            PUBLISH,
            'What becomes a variable: `- name: "{{ result().field }}"`, or `- name` for the whole '
            "result.",
            null=Null.EMPTY,
        ),
        "do": Field(
            read.list_of(TARGET), "The tasks of the same list that run next, side by side."
        ),
        "__chart_meta__": CHART_META,
    },
    elsewhere={
        **dict.fromkeys(("goto", "next", "run", "task", "tasks", "then", "to"), "do"),
        **dict.fromkeys(("condition", "if", "on"), "when"),
        **dict.fromkeys(("output", "set", "vars"), "publish"),
    },
)


def _transition(node: Node, path: str, reading: Reading) -> Any:
    if type(node) is Scalar and node.value is None and not node.text:
        message = f"`{path}` is empty: it leads nowhere and publishes nothing"
        reading.report.add(rules.NULL_ENTRY, node, message, path=path, hint="Remove the `-`.")
        return Transition()
    if type(node) is not Mapping:
        hint = "Write `- do: [task]`, with `when` and `publish` as needed."
        read.wrong_type(node, path, "an object", reading, hint=hint)
        return ABSENT
    values = read_fields(node, path, TRANSITION, reading)
    values["chart_meta"] = values.pop("__chart_meta__", None)
    return Transition(**values)


NEXT = read.list_of(Reader(_transition, {"anyOf": [definition(TRANSITION.name), {"type": "null"}]}))


def _default(node: Node, path: str, reading: Reading) -> Any:
    if type(node) is Scalar and type(node.value) is str:
        hint = f"Write `default: true` and `next: {node.text}`."
        read.wrong_type(node, path, "`true` or `false`", reading, hint=hint)
        return ABSENT
    return read.read_boolean(node, path, reading)


BRANCH = Table(
    "Branch",
    "One branch of a legacy decision: `when` and `next`, or `default: true` and `next`.",
    {
        "when": Field(read.TEXT, "The condition under which the branch is taken."),
        "next": Field(TARGET, "The task that runs when the branch is taken.", example="next: task"),
        "default": Field(
            Reader(_default, read.BOOLEAN.schema),
            "Marks the branch without a condition. Attune runs it also when another matched.",
            {"default": False},
            null=Null.NONE,
        ),
    },
    required=("next",),
    elsewhere={
        **dict.fromkeys(("do", "goto", "then", "to"), "next"),
        **dict.fromkeys(("condition", "if"), "when"),
        "else": "default",
    },
)


def _branch(node: Node, path: str, reading: Reading) -> Any:
    if type(node) is not Mapping:
        read.wrong_type(node, path, "an object", reading)
        return ABSENT
    # A name under `default` is meant as the target: asking for `next` too would be noise.
    required = () if type(node.value.get("default")) is str else BRANCH.required
    values = read_fields(node, path, BRANCH, reading, required=required)
    return Branch(node, path, **{"next": None, **values})


DECISION = read.list_of(Reader(_branch, definition(BRANCH.name)))
