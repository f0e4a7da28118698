"""Which actions and workflows a workflow calls, and with what. Pure.

May import `pack` and the neighbours in `workflow`. These values outlive the node tree, for each
file of each pack: they hold no more than what is needed to check a call and to say where it
stands, share the texts that come again in other files, and are tuples, which are made fastest.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from enum import StrEnum
from sys import intern
from typing import NamedTuple

from controller.pack.diagnostic import Span
from controller.pack.node import List, Mapping, Node, Scalar, step
from controller.workflow.model import Task, TaskType, Workflow

MAX_TEXT = 64
"""Characters of a literal that are kept; one more tells that it was longer."""


class Kind(StrEnum):
    """What is known of a value before the workflow runs: a type of JSON Schema, or nothing."""

    NULL = "null"
    BOOLEAN = "boolean"
    INTEGER = "integer"
    NUMBER = "number"
    STRING = "string"
    ARRAY = "array"
    OBJECT = "object"
    TEMPLATE = "template"


class Given(NamedTuple):
    """One input of a call.

    `text` is the beginning of a literal as the file spells it. Its key and its value each have a
    line, a column and the column after the end, which is 0 when that is on another line.
    """

    name: str
    kind: Kind
    text: str
    line: int
    column: int
    end_column: int
    value_line: int
    value_column: int
    value_end_column: int

    @property
    def span(self) -> Span:
        """The place of its name."""
        return _span(self.line, self.column, self.end_column)

    @property
    def value_span(self) -> Span:
        """The place of its value."""
        return _span(self.value_line, self.value_column, self.value_end_column)


class Call(NamedTuple):
    """A task's call of the action or workflow `ref`, which stands at these columns.

    `path` is the task's place in the document. `inputs` is None when they could not be read.
    """

    ref: str
    path: str
    line: int
    column: int
    end_column: int
    inputs: tuple[Given, ...] | None

    @property
    def span(self) -> Span:
        """The place of the ref."""
        return _span(self.line, self.column, self.end_column)


def _span(line: int, column: int, end_column: int) -> Span:
    return Span(line, column, line, end_column or column + 1)


def calls(workflow: Workflow, broken: Collection[str]) -> tuple[Call, ...]:
    """Every call of a task that runs, at every depth, in file order.

    `broken` has the places in the document where an error was found: a ref that no action can
    have is no call, and of an `input` that lost a part nobody knows what it gives.
    """
    return tuple(_calls(workflow.tasks, broken))


def _calls(tasks: tuple[Task, ...], broken: Collection[str]) -> Iterator[Call]:
    for task in tasks:
        if task.type is TaskType.PARALLEL:
            yield from _calls(task.tasks or (), broken)
        elif task.action is not None and not (broken and f"{task.path}.action" in broken):
            yield _call(task, task.action, broken)


def _call(task: Task, ref: str, broken: Collection[str]) -> Call:
    fields = task.node.fields
    node = fields["action"]
    end = _end(node)
    inputs: tuple[Given, ...] | None = ()
    given = fields.get("input")
    if broken and f"{task.path}.input" in broken:
        inputs = None
    elif type(given) is Mapping:
        keys = given.keys
        inputs = tuple([_given(name, keys[name], value) for name, value in given.fields.items()])
    return Call(intern(ref), intern(task.path), node.line, node.column, end, inputs)


def _given(name: str, key: Scalar, value: Node) -> Given:
    found = kind(value)
    return Given(
        intern(name),
        found,
        value.text[: MAX_TEXT + 1] if type(value) is Scalar and found is not Kind.TEMPLATE else "",
        key.line,
        key.column,
        key.end_column if key.end_line == key.line else 0,
        value.line,
        value.column,
        _end(value),
    )


def _end(node: Node) -> int:
    return node.end_column if type(node) is Scalar and node.end_line == node.line else 0


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
