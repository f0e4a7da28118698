"""Which actions and workflows a workflow calls, and with what. Pure.

May import `pack` and the neighbours in `workflow`. These values outlive the node tree, for each
file of each pack: they hold no more than what is needed to check a call and to say where it
stands, and share the texts that come again in other files.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from sys import intern
from typing import NamedTuple

from controller.pack.diagnostic import Span
from controller.pack.node import Mapping, Node, Scalar, step
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


Row = tuple[str, Kind, str, int, int, int, int, int, int]
"""The fields of a `Given`: a plain tuple is made in a fifth of the time."""


class Call(NamedTuple):
    """A task's call of the action or workflow `ref`, which stands at these columns.

    `path` is the task's place in the document. `rows` has a row for each input; None when the
    inputs could not be read.
    """

    ref: str
    path: str
    line: int
    column: int
    end_column: int
    rows: tuple[Row, ...] | None

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
    found: list[Call] = []
    _collect(workflow.tasks, broken, found)
    return tuple(found)


def _collect(tasks: tuple[Task, ...], broken: Collection[str], found: list[Call]) -> None:
    for task in tasks:
        if task.type is TaskType.PARALLEL:
            _collect(task.tasks or (), broken, found)
        elif task.action is not None and not (broken and f"{task.path}.action" in broken):
            node = task.node.fields["action"]
            path = intern(task.path)
            rows = None if broken and f"{path}.input" in broken else _rows(task)
            found.append(Call(intern(task.action), path, node.line, node.column, _end(node), rows))


_KINDS = {
    type(None): Kind.NULL,
    bool: Kind.BOOLEAN,
    int: Kind.INTEGER,
    float: Kind.NUMBER,
    str: Kind.STRING,
    list: Kind.ARRAY,
    dict: Kind.OBJECT,
}
_STRING = Kind.STRING


def _rows(task: Task) -> tuple[Row, ...]:
    """A row for each input. One loop without calls: this is done for every file."""
    node = task.node.fields.get("input")
    if type(node) is not Mapping:
        return ()
    keys = node.keys
    rows: list[Row] = []
    for name, value in node.fields.items():
        key, kind, text, end = keys[name], _KINDS[type(value.value)], "", 0
        if type(value) is Scalar:
            text = value.text
            if kind is _STRING and "{{" in text:
                kind, text = Kind.TEMPLATE, ""
            elif len(text) > MAX_TEXT:
                text = text[: MAX_TEXT + 1]
            if value.end_line == value.line:
                end = value.end_column
        row = (
            intern(name),
            kind,
            text,
            key.line,
            key.column,
            key.end_column if key.end_line == key.line else 0,
            value.line,
            value.column,
            end,
        )
        rows.append(row)
    return tuple(rows)


def _end(node: Node) -> int:
    return node.end_column if type(node) is Scalar and node.end_line == node.line else 0


def input_path(call: Call, name: str) -> str:
    """The place in the document of an input of a call."""
    return step(f"{call.path}.input", name)
