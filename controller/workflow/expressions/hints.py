"""What to write in the place of a name that means nothing. Pure.

May import `pack` and the neighbours.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from controller.pack import rules
from controller.pack.report import nearest, quoted
from controller.workflow.expressions.functions import ELSEWHERE, FUNCTIONS, NOT_HERE
from controller.workflow.expressions.names import Names
from controller.workflow.expressions.problem import Problem
from controller.workflow.expressions.tokens import NAME

_IDENTIFIER = re.compile(NAME)

_NAMES_ELSEWHERE: Mapping[str, str] = {
    **dict.fromkeys(("input", "inputs", "params", "args", "action_parameters"), "parameters"),
    **dict.fromkeys(("st2kv", "secrets", "secret"), "keystore"),
    **dict.fromkeys(("steps", "jobs", "nodes"), "task"),
    **dict.fromkeys(("env", "config_context", "pack"), "config"),
    "True": "true",
    "False": "false",
    **dict.fromkeys(("None", "nil", "undefined", "none", "NULL"), "null"),
}
"""What StackStorm, GitHub Actions, Python and others call what is here."""


def hint(problem: Problem, names: Names) -> str:
    """What to do about a problem, in a workflow with these names."""
    name = problem.name
    if name is None:
        return problem.hint
    if problem.rule is rules.UNKNOWN_FUNCTION:
        return _function(name)
    if problem.rule is rules.UNKNOWN_TASK_RESULT:
        return nearest(name, names.known.tasks) or "Name a task of this workflow after the dot."
    if problem.rule is rules.UNKNOWN_NAME:
        return _name(name, names)
    return _looked_up(problem, name or "<name>", names)


def _function(name: str) -> str:
    if name in NOT_HERE:
        return NOT_HERE[name]
    if name in ELSEWHERE:
        return f"Write `{FUNCTIONS[ELSEWHERE[name]].form}`."
    return nearest(name, FUNCTIONS) or "Use one of Attune's functions, or compute it in a task."


def _name(name: str, names: Names) -> str:
    if name in names.hyphenated or name in names.known.tasks:
        return f"Write `{_spelled(name, names)}`."
    if name in _NAMES_ELSEWHERE:
        return f"Did you mean `{_NAMES_ELSEWHERE[name]}`?"
    parameters = [one for one in names.parameters if _IDENTIFIER.fullmatch(one)]
    return (
        nearest(name, names.known.bare)
        or nearest(name, parameters).replace("`", "`parameters.", 1)
        or f"Write `parameters.{name}` for a parameter, or add {quoted(name)} to `vars`."
    )


def _looked_up(problem: Problem, name: str, names: Names) -> str:
    """The hint for another engine's look-up of a variable."""
    spelled = _spelled(name, names)
    if not spelled:
        return f"Write `parameters.{name}` for a parameter, `workflow.{name}` for a variable."
    if problem.rule is rules.FOREIGN_TEMPLATE:
        return f"Write `{{{{ {spelled} }}}}`."
    return f"Write `{spelled}`."


def _spelled(name: str, names: Names) -> str:
    """How an expression speaks of a name of the workflow; empty when it has no such name."""
    is_identifier = _IDENTIFIER.fullmatch(name) is not None
    for space, given in (
        ("parameters", names.parameters),
        ("", names.known.bare if is_identifier else ()),
        ("task", names.known.tasks),
        ("workflow", names.known.bare),
    ):
        if name in given:
            dotted = f"{space}.{name}" if space else name
            return dotted if is_identifier else f"{space}['{name}']"
    return ""
