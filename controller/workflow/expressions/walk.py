"""Which texts of a workflow hold expressions, in the order of the file. Pure.

May import `pack`, `workflow.model` and the neighbours.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from controller.pack.node import List, Mapping, Node, Scalar, step
from controller.workflow.expressions.template import Template, read_template
from controller.workflow.model import Task, Workflow

Trail = str | tuple["Trail", str | int]
"""A path that is only put together when something is wrong there."""


@dataclass(slots=True)
class Place:
    """A text with expressions; `per_item` tells whether `item` and `index` stand for something."""

    template: Template
    scalar: Scalar
    trail: Trail
    per_item: bool

    @property
    def path(self) -> str:
        """The place inside the document, as diagnostics give it."""
        return _path(self.trail)


def places(workflow: Workflow) -> Iterator[Place]:
    """All texts of a workflow in which Attune evaluates expressions."""
    for task in workflow.tasks:
        yield from _task(task, per_item=False)
    output = workflow.node.fields.get("output_map")
    if output is not None:
        yield from _texts(output, "output_map", per_item=False)


def _task(task: Task, *, per_item: bool) -> Iterator[Place]:
    fields = task.node.fields
    outer = per_item
    if "with_items" in fields:
        per_item = per_item or fields["with_items"].value is not None
    followed = fields.get("next")
    ignored = _LEGACY if followed is not None and followed.value else ()
    for name, node in fields.items():
        if name in ignored:
            continue
        trail = (task.path, name)
        if name in ("input", "when", "publish"):
            yield from _texts(node, trail, per_item=per_item)
        elif name == "with_items":
            yield from _texts(node, trail, per_item=outer)
        elif name in _WITHIN:
            yield from _within(node, trail, _WITHIN[name], per_item=per_item)
    for one in task.tasks or ():
        yield from _task(one, per_item=per_item)


_LEGACY = ("decision", "publish")
"""What a non-empty `next` displaces: it never runs."""

_WITHIN = {
    "next": ("when", "publish"),
    "decision": ("when",),
    "retry": ("on_error",),
}


def _within(node: Node, trail: Trail, names: tuple[str, ...], *, per_item: bool) -> Iterator[Place]:
    """The texts in the fields `names` of a mapping, or of each in a list of them."""
    items: list[tuple[Node, Trail]] = [(node, trail)]
    if type(node) is List:
        items = [(item, (trail, index)) for index, item in enumerate(node.items)]
    for item, place in items:
        if type(item) is Mapping:
            for name in names:
                if name in item.fields:
                    yield from _texts(item.fields[name], (place, name), per_item=per_item)


def _texts(node: Node, trail: Trail, *, per_item: bool) -> Iterator[Place]:
    waiting: list[tuple[Node, Trail]] = [(node, trail)]
    while waiting:
        node, trail = waiting.pop()
        if type(node) is Scalar:
            text = node.text
            if "{{" in text or "%" in text:
                yield Place(read_template(text), node, trail, per_item)
        elif type(node) is Mapping:
            waiting += ((one, (trail, key)) for key, one in reversed(node.fields.items()))
        elif type(node) is List:
            last = len(node.items) - 1
            waiting += ((one, (trail, last - i)) for i, one in enumerate(reversed(node.items)))


def _path(trail: Trail) -> str:
    steps: list[str | int] = []
    while not isinstance(trail, str):
        trail, last = trail
        steps.append(last)
    path = trail
    for one in reversed(steps):
        path = f"{path}[{one}]" if isinstance(one, int) else step(path, one)
    return path
