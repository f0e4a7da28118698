"""The names that the expressions of one workflow may use. Pure.

May import `pack` and `workflow.model`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from controller.pack.node import List, Mapping, Node, Scalar
from controller.workflow.model import Task, Workflow

NAMESPACES = frozenset(
    ("parameters", "workflow", "vars", "variables", "task", "tasks", "config", "keystore", "system")
)
PER_ITEM = frozenset(("item", "index"))
"""What stands for the item of `with_items` that the task runs for."""


@dataclass(frozen=True, slots=True)
class Known:
    """What every text is compared with: bare names, with those per item or without, and tasks."""

    bare: frozenset[str]
    bare_per_item: frozenset[str]
    tasks: frozenset[str]


@dataclass(frozen=True, slots=True)
class Names:
    """What else to know where a name is unknown.

    `hyphenated` are the names of all kinds that an expression takes for a subtraction, `intended`
    what a field of the wrong type seems to define. `all_read` is False when a task could not be
    read, and may publish any name; `all_named` when besides each of them has a name.
    """

    known: Known
    parameters: frozenset[str]
    hyphenated: frozenset[str]
    intended: frozenset[str]
    all_read: bool
    all_named: bool


def known_names(workflow: Workflow) -> Known:
    """What the texts of a workflow may name."""
    bare = {*NAMESPACES, *workflow.vars}
    tasks: set[str] = set()
    _collect(workflow.tasks, bare, tasks)
    return Known(frozenset(bare), PER_ITEM.union(bare), frozenset(tasks))


def _collect(tasks: tuple[Task, ...], bare: set[str], names: set[str]) -> None:
    for task in tasks:
        names.add(task.name)
        for transition in task.next:
            for entry in transition.publish:
                if isinstance(entry, str):
                    bare.add(entry)
                elif isinstance(entry, dict):
                    bare.update(entry)
        if task.tasks:
            _collect(task.tasks, bare, names)


def names_of(workflow: Workflow, known: Known) -> Names:
    """The rest of what is known of a workflow's names."""
    fields = workflow.node.fields
    parameters = frozenset(_parameters(fields.get("parameters")))
    tasks = [task.node for task in _each(workflow.tasks)]
    inner = (node.fields.get("tasks") for node in tasks)
    lists = (fields.get("tasks"), *(one for one in inner if one and one.value is not None))
    all_read = all(_is_read(node) for node in lists)
    every = (*known.bare, *known.tasks, *parameters)
    published = (name for one in tasks for name in _published(one))
    return Names(
        known,
        parameters,
        frozenset(name for name in every if "-" in name),
        frozenset((*_keys(fields.get("vars")), *published)),
        all_read,
        all_read and "" not in known.tasks,
    )


def _each(tasks: tuple[Task, ...]) -> Iterator[Task]:
    for task in tasks:
        yield task
        yield from _each(task.tasks or ())


def _is_read(node: Node | None) -> bool:
    return type(node) is List and all(type(item) is Mapping for item in node.items)


def _published(task: Mapping) -> Iterator[str]:
    fields = task.fields
    if "publish" in fields:
        yield from _keys(fields["publish"])
    following = fields.get("next")
    for one in following.items if type(following) is List else (following,):
        if type(one) is Mapping and "publish" in one.fields:
            yield from _keys(one.fields["publish"])


def _keys(node: Node | None) -> Iterator[str]:
    """The keys of a mapping, or of those in a list, in which a text is a key without a value."""
    if type(node) is Mapping:
        yield from node.fields
    elif type(node) is List:
        for item in node.items:
            if type(item) is Mapping:
                yield from item.fields
            elif type(item) is Scalar:
                yield item.text


def _parameters(node: Node | None) -> Iterator[str]:
    """Of the flat form the keys, of a JSON Schema those of its `properties`."""
    if type(node) is not Mapping:
        return
    kind = node.fields.get("type")
    if kind is not None and type(kind) is not Mapping:
        node = node.fields.get("properties")
    if type(node) is Mapping:
        yield from node.fields
