"""Where a workflow has expressions, in the order of the file. Pure.

May import `pack`, `workflow.model` and the neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass

from controller.pack.node import List, Mapping, Node, Scalar, step
from controller.workflow.expressions.names import Known
from controller.workflow.expressions.template import is_clean
from controller.workflow.model import Task, Workflow

Trail = str | tuple["Trail", str | int]
"""A path that is only put together when something is wrong there."""


@dataclass(frozen=True, slots=True)
class Place:
    """A text with expressions, and the bare names that stand for something there."""

    scalar: Scalar
    trail: Trail
    bare: frozenset[str]

    @property
    def path(self) -> str:
        """The place inside the document, as diagnostics give it."""
        return _path(self.trail)


def faulty_places(workflow: Workflow, known: Known) -> list[Place]:
    """The texts in which Attune evaluates expressions, as far as something is wrong with them."""
    walk = _Walk(known)
    for task in workflow.tasks:
        walk.task(task, known.bare)
    output = workflow.node.fields.get("output_map")
    if output is not None:
        walk.texts(output, "output_map", known.bare)
    return walk.faulty


class _Walk:
    """Looks at one text after the other, and keeps those with faults."""

    __slots__ = ("_per_item", "_tasks", "faulty")

    def __init__(self, known: Known) -> None:
        self._per_item = known.bare_per_item
        self._tasks = known.tasks
        self.faulty: list[Place] = []

    def task(self, task: Task, outer: frozenset[str]) -> None:
        """The texts of a task and of those below it; `outer` are the bare names around it."""
        fields = task.node.fields
        bare = self._per_item if _is_given(fields.get("with_items")) else outer
        displaced = _LEGACY if "next" in fields and fields["next"].value else ()
        for name, node in fields.items():
            within = _FIELDS.get(name)
            if within is None or name in displaced:
                continue
            if within:
                self._within(node, (task.path, name), within, bare)
            else:
                self.texts(node, (task.path, name), outer if name == "with_items" else bare)
        for one in task.tasks or ():
            self.task(one, bare)

    def _within(
        self, node: Node, trail: Trail, names: tuple[str, ...], bare: frozenset[str]
    ) -> None:
        """The texts in the fields `names` of a mapping, or of each in a list of them."""
        if type(node) is Mapping:
            for name in names:
                if name in node.fields:
                    self.texts(node.fields[name], (trail, name), bare)
        elif type(node) is List:
            for index, item in enumerate(node.items):
                if type(item) is Mapping:
                    self._within(item, (trail, index), names, bare)

    def texts(self, node: Node, trail: Trail, bare: frozenset[str]) -> None:
        """All texts at and below a node; how deep nodes nest is bounded where they are made."""
        if type(node) is Scalar:
            text = node.text
            if ("{{" in text or "%" in text) and not is_clean(text, bare, self._tasks):
                self.faulty.append(Place(node, trail, bare))
        elif type(node) is Mapping:
            for key, one in node.fields.items():
                self.texts(one, (trail, key), bare)
        elif type(node) is List:
            for index, one in enumerate(node.items):
                self.texts(one, (trail, index), bare)


def _is_given(node: Node | None) -> bool:
    return node is not None and node.value is not None


_LEGACY = ("decision", "publish")
"""What a non-empty `next` displaces: it never runs."""

_FIELDS: dict[str, tuple[str, ...]] = {
    "input": (),
    "when": (),
    "with_items": (),
    "publish": (),
    "next": ("when", "publish"),
    "decision": ("when",),
    "retry": ("on_error",),
}
"""Where a task has expressions: anywhere below a field, or only in these fields of its value."""


def _path(trail: Trail) -> str:
    steps: list[str | int] = []
    while not isinstance(trail, str):
        trail, last = trail
        steps.append(last)
    path = trail
    for one in reversed(steps):
        path = f"{path}[{one}]" if isinstance(one, int) else step(path, one)
    return path
