"""`Workflow` → `Graph`: the tasks and what leads from one to the next, as a picture shows them.

May import `workflow.model` and the neighbour `words`. Every text in a graph
is one line without control characters; the renderers only escape it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from controller.graph.words import condition, one_line, shortened
from controller.workflow.model import Task, TaskType, Transition, Workflow


class Kind(StrEnum):
    """What a node stands for; `MISSING` is a target that no task has the name of."""

    ACTION = "action"
    PARALLEL = "parallel"
    WORKFLOW = "workflow"
    MISSING = "missing"


class Outcome(StrEnum):
    """When a transition is taken: the four that need no reading, or a condition of its own."""

    ALWAYS = "always"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    TIMED_OUT = "timed_out"
    CONDITION = "condition"


_OUTCOMES = {
    "succeeded()": Outcome.SUCCEEDED,
    "failed()": Outcome.FAILED,
    "timed_out()": Outcome.TIMED_OUT,
}
_KINDS = {kind: Kind(kind.value) for kind in TaskType}


@dataclass(frozen=True, slots=True)
class Node:
    """One task; `inner` holds the sub-tasks of a parallel one.

    `id` is made of the task's place (`t0_2`: the third sub-task of the first task), so that no
    name ever stands where a format wants an identifier. `is_entry`: nothing leads to it.
    """

    id: str
    name: str
    kind: Kind
    is_entry: bool = False
    action: str = ""
    with_items: str = ""
    join: int | None = None
    inner: tuple[Node, ...] = ()

    @property
    def lines(self) -> tuple[str, ...]:
        """What the box says, shortened: the name, then what the task runs and waits for."""
        name = shortened(self.name) or "(no name)"
        if self.kind is Kind.MISSING:
            return (name, "no such task")
        action = f"workflow {self.action}" if self.kind is Kind.WORKFLOW else self.action
        more = (
            "parallel" if self.kind is Kind.PARALLEL else shortened(action),
            f"for each of {shortened(self.with_items)}" if self.with_items else "",
            "" if self.join is None else f"joins {self.join}",
        )
        return (name, *filter(None, more))

    def walk(self) -> Iterator[Node]:
        """This node, then all inside it."""
        yield self
        for one in self.inner:
            yield from one.walk()


@dataclass(frozen=True, slots=True)
class Edge:
    """A transition from one node to another, by their ids; an empty label says "always"."""

    source: str
    target: str
    label: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Graph:
    """A whole workflow: the nodes that stand side by side at the top, and every edge."""

    title: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    def walk(self) -> Iterator[Node]:
        """All nodes, each before those inside it, in the file's order."""
        for one in self.nodes:
            yield from one.walk()


def graph_of(workflow: Workflow, name: str) -> Graph:
    """The graph of a workflow; `name` is what it is called when it has no label of its own.

    A workflow with errors gives what is known of it: a target that is not there is a node too.
    """
    title = one_line(workflow.label or workflow.ref or name)
    return Graph(title, _nodes(workflow.tasks, ""), tuple(_edges(workflow.tasks, "")))


def _nodes(tasks: Sequence[Task], place: str) -> tuple[Node, ...]:
    """The nodes of one list of tasks, and of the targets that are missing in it."""
    targets = {name for task in tasks for _, name in _steps(task)}
    names = {task.name for task in tasks}
    nodes = [
        _node(task, f"{place}{index}", is_entry=task.name not in targets)
        for index, task in enumerate(tasks)
    ]
    missing = ((name, one) for name, one in _ids(tasks, place).items() if name not in names)
    nodes += [Node(one, one_line(name), Kind.MISSING) for name, one in missing]
    return tuple(nodes)


def _node(task: Task, place: str, *, is_entry: bool) -> Node:
    return Node(
        id=f"t{place}",
        name=one_line(task.name),
        kind=_KINDS[task.type],
        is_entry=is_entry,
        action=one_line(task.action or ""),
        with_items=condition(task.with_items or ""),
        join=task.join,
        inner=_nodes(_inside(task), f"{place}_"),
    )


def _edges(tasks: Sequence[Task], place: str) -> Iterator[Edge]:
    """The edges of one list of tasks, then those of the lists inside it."""
    ids = _ids(tasks, place)
    for index, task in enumerate(tasks):
        for transition, name in _steps(task):
            yield _edge(f"t{place}{index}", ids[name], transition)
    for index, task in enumerate(tasks):
        yield from _edges(_inside(task), f"{place}{index}_")


def _ids(tasks: Sequence[Task], place: str) -> dict[str, str]:
    """The node that each name in a list of tasks means: the first task of the name, or none."""
    ids: dict[str, str] = {}
    for index, task in enumerate(tasks):
        ids.setdefault(task.name, f"t{place}{index}")
    for task in tasks:
        for _, name in _steps(task):
            ids.setdefault(name, f"m{place}{len(ids)}")
    return ids


def _inside(task: Task) -> tuple[Task, ...]:
    """The sub-tasks that run: the engine looks at those of a parallel task only."""
    return (task.tasks or ()) if task.type is TaskType.PARALLEL else ()


def _steps(task: Task) -> Iterator[tuple[Transition, str]]:
    for transition in task.next:
        for target in transition.do or ():
            yield transition, target.name


def _edge(source: str, target: str, transition: Transition) -> Edge:
    if transition.when is None:
        return Edge(source, target, "", Outcome.ALWAYS)
    label = condition(transition.when)
    outcome = _OUTCOMES.get(label, Outcome.CONDITION)
    if outcome is not Outcome.CONDITION:
        label = outcome.value
    return Edge(source, target, label or "(empty)", outcome)
