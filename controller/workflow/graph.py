"""Rules for the graph that the transitions of one list of tasks make. Pure.

May import `pack` and the neighbours in `workflow`. Cycles are allowed; a list without an entry
point (a task that nothing leads to) is started by hand, so nothing in it counts as unreachable.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from controller.pack import rules
from controller.pack.report import Report, nearest, quoted
from controller.workflow.model import Target, Task
from controller.workflow.tasks import TRANSITION_FIELDS


def check_graph(tasks: Sequence[Task], unread: int, report: Report) -> None:
    """Targets exist, every task is reached, and no join waits for more than can arrive.

    `unread` entries of the list are no tasks. They, and tasks without a name, may be the targets
    that nobody knows: what is missing there has been said already.
    """
    follows = {task.name: [target.name for target in _targets(task)] for task in reversed(tasks)}
    inbound = Counter(name for names in follows.values() for name in names)
    nameless = unread + sum(not task.name for task in tasks)
    _check_targets(tasks, follows, nameless, report)
    _check_joins(tasks, inbound, nameless, report)
    _check_reachable(tasks, follows, inbound, report)


def _targets(task: Task) -> Iterator[Target]:
    for transition in task.next:
        if transition.do:
            yield from transition.do


def _check_targets(
    tasks: Sequence[Task], names: dict[str, list[str]], nameless: int, report: Report
) -> None:
    unknown = [
        (task, target)
        for task in tasks
        for target in _targets(task)
        if target.name not in names or not target.name
    ]
    if nameless and len({target.name for _, target in unknown}) <= nameless:
        return
    for task, target in unknown:
        _unknown_target(task, target, names, report)


def _unknown_target(
    task: Task, target: Target, names: dict[str, list[str]], report: Report
) -> None:
    message = f"`{task.name or task.path}` leads to {quoted(target.name)}, which is no task here"
    hint = ""
    if not report.is_full(rules.UNKNOWN_TARGET):
        hint = nearest(target.name, names)
    hint = hint or "Transitions lead to tasks of the same list: add the task, or correct the name."
    report.add(rules.UNKNOWN_TARGET, target.node, message, path=target.path, hint=hint)


def _check_joins(
    tasks: Sequence[Task], inbound: Counter[str], nameless: int, report: Report
) -> None:
    never = [task for task in tasks if task.join and task.join > inbound[task.name] and task.name]
    if not never or nameless or _in_doubt(tasks, report):
        return
    for task in never:
        message = (
            f"`{task.name}` waits for {_count(task.join or 0)} to arrive, "
            f"and {_led(inbound[task.name])} to it: it never runs"
        )
        hint = "Lower `join`, or add the missing transitions."
        place = task.node.fields["join"]
        report.add(rules.JOIN_NEVER, place, message, path=f"{task.path}.join", hint=hint)


def _count(number: int) -> str:
    return f"{number} transition" if number == 1 else f"{number or 'no'} transitions"


def _led(number: int) -> str:
    return f"{_count(number)} {'leads' if number == 1 else 'lead'}"


def _check_reachable(
    tasks: Sequence[Task], follows: dict[str, list[str]], inbound: Counter[str], report: Report
) -> None:
    reached = {task.name for task in tasks if not inbound[task.name]}
    if not reached:
        return
    waiting = list(reached)
    while waiting:
        for name in follows.get(waiting.pop(), ()):
            if name not in reached:
                reached.add(name)
                waiting.append(name)
    lost = [task for task in tasks if task.name not in reached and task.name]
    if not lost or _in_doubt(tasks, report):
        return
    for task in lost:
        message = f"`{task.name}` is never reached: only tasks that are not reached lead to it"
        hint = "Lead to it from a task that runs, or remove the transitions to it."
        place = task.node.fields["name"]
        report.add(rules.UNREACHABLE, place, message, path=f"{task.path}.name", hint=hint)


def _in_doubt(tasks: Sequence[Task], report: Report) -> bool:
    """Whether a transition could not be read: then nobody knows what it would have reached."""
    prefixes = tuple(
        f"{task.path}.{field}"
        for task in tasks
        for field in TRANSITION_FIELDS
        if field in task.node.fields
    )
    return report.has_error_below(prefixes)
