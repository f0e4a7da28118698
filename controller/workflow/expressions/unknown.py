"""Names in a text that stand for nothing in its workflow. Pure.

May import `pack` and the neighbours.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator

from controller.pack import rules
from controller.pack.report import quoted
from controller.workflow.expressions.block import Block
from controller.workflow.expressions.names import PER_ITEM, Names
from controller.workflow.expressions.problem import Problem
from controller.workflow.expressions.reader import Use
from controller.workflow.expressions.tokens import NAME, SPACE

_HYPHENATED = f"{string.ascii_letters}{string.digits}_-"
_FARTHEST = 64
_FIELD = re.compile(rf"_{SPACE}*+\.{SPACE}*+({NAME})")


def unknown_uses(block: Block, names: Names, bare: frozenset[str]) -> Iterator[Problem]:
    """A problem for each name in a block that means nothing, or not what its author meant.

    `bare` are the names that stand for something there.
    """
    text = block.text
    told: set[int] = set()
    for use in block.names:
        if use.name in bare:
            continue
        whole = _whole(use, text) if names.hyphenated else use
        if whole.name not in names.hyphenated:
            yield from _bare(use, text, names)
        elif whole.start not in told:
            told.add(whole.start)
            message = f"{quoted(whole.name)} is read as a subtraction"
            yield Problem(rules.UNKNOWN_NAME, whole.start, whole.end, message, name=whole.name)
    for use in block.tasks:
        if names.all_named and use.name not in names.known.tasks and use.start not in told:
            message = f"no task is named {quoted(use.name)}"
            rule = rules.UNKNOWN_TASK_RESULT
            yield Problem(rule, use.start, use.end, message, name=use.name)


def _whole(use: Use, text: str) -> Use:
    """A name with all that hyphens join to it: `my-task` around `my`, or around `task`."""
    before = text[max(0, use.start - _FARTHEST) : use.start]
    after = text[use.end : use.end + _FARTHEST]
    start = use.start - len(before) + len(before.rstrip(_HYPHENATED))
    end = use.end + len(after) - len(after.lstrip(_HYPHENATED))
    return Use(text[start:end], start, end)


def _bare(use: Use, text: str, names: Names) -> Iterator[Problem]:
    name, start, end = use.name, use.start, use.end
    if name in names.parameters:
        message = f"{quoted(name)} is a parameter, and a bare name is looked up among variables"
        hint = f"Write `parameters.{name}`."
        yield Problem(rules.BARE_PARAMETER, start, end, message, hint)
    elif name in PER_ITEM:
        message = f"{quoted(name)} exists only in a task with `with_items`"
        hint = "Add `with_items` to the task, or use a parameter, a variable or a task's result."
        yield Problem(rules.NO_ITEM, start, end, message, hint)
    elif name == "_":
        found = _FIELD.match(text, start)
        message = "`_` looks up a variable in Orquesta; Attune has names only"
        looked_up = found[1] if found else ""
        yield Problem(rules.FOREIGN_EXPRESSION, start, end, message, name=looked_up)
    elif names.all_read and name not in names.intended:
        message = f"{quoted(name)} is no namespace, no variable, and nothing that a task publishes"
        yield Problem(rules.UNKNOWN_NAME, start, end, message, name=name)
