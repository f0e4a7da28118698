"""Which actions and workflows a workflow calls, and with what. Pure.

May import `pack` and the neighbours in `workflow`. These values outlive the node tree, so they
hold no more than what is needed to check a call and to say where it stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from controller.pack.diagnostic import Span
from controller.pack.node import List, Mapping, Node, Scalar, step
from controller.workflow.model import Task, Workflow


class Kind(Enum):
    """What is known of a value before the workflow runs."""

    NULL = "null"
    BOOLEAN = "boolean"
    INTEGER = "integer"
    NUMBER = "number"
    STRING = "string"
    ARRAY = "array"
    OBJECT = "object"
    TEMPLATE = "template"


@dataclass(frozen=True, slots=True)
class Given:
    """One input of a call, at its key's place; `text` is a literal as the file spells it."""

    name: str
    kind: Kind
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Call:
    """A task's call of the action or workflow `ref`; `span` is the place of the ref."""

    ref: str
    path: str
    span: Span
    inputs: tuple[Given, ...]


def calls(workflow: Workflow) -> tuple[Call, ...]:
    """Every call, at every depth, in file order."""
    return tuple(_calls(workflow.tasks))


def _calls(tasks: tuple[Task, ...]) -> Iterator[Call]:
    for task in tasks:
        if task.action is not None:
            place = task.node.fields["action"].span
            yield Call(task.action, task.path, place, _inputs(task))
        if task.tasks:
            yield from _calls(task.tasks)


def _inputs(task: Task) -> tuple[Given, ...]:
    node = task.node.fields.get("input")
    if type(node) is not Mapping:
        return ()
    return tuple(
        Given(name, kind(value), value.text if type(value) is Scalar else "", node.keys[name].span)
        for name, value in node.fields.items()
    )


_KINDS = {
    type(None): Kind.NULL,
    bool: Kind.BOOLEAN,
    int: Kind.INTEGER,
    float: Kind.NUMBER,
    str: Kind.STRING,
}


def kind(node: Node) -> Kind:
    """The kind of a value; a text with a template in it may become anything."""
    if type(node) is Scalar:
        found = _KINDS[type(node.value)]
        return Kind.TEMPLATE if found is Kind.STRING and "{{" in node.text else found
    return Kind.ARRAY if type(node) is List else Kind.OBJECT


def input_path(call: Call, name: str) -> str:
    """The place in the document of an input of a call."""
    return step(f"{call.path}.input", name)
