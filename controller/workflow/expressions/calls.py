"""Calls: is there such a function, and has it the arguments it wants. Pure.

May import `pack` and the neighbours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from controller.pack import rules
from controller.pack.report import quoted
from controller.workflow.expressions.functions import FUNCTIONS, Function
from controller.workflow.expressions.patterns import fault
from controller.workflow.expressions.problem import Problem, Unreadable
from controller.workflow.expressions.tokens import NAME, SPACE, TEXT, literal

_CONTEXT = re.compile(
    rf"ctx{SPACE}*+\({SPACE}*+(?P<quote>['\"]?)(?P<key>{NAME})?(?P=quote){SPACE}*+\)"
    rf"(?:{SPACE}*+\.{SPACE}*+(?P<name>{NAME}))?"
)
_PATTERN = re.compile(rf"match{SPACE}*+\({SPACE}*+(?P<text>{TEXT}){SPACE}*+,")


def check_name(text: str, token: re.Match[str]) -> Iterator[Problem]:
    """What is wrong with a call by its name alone; raises Unreadable for another engine's."""
    name, (start, after) = token[0], token.span()
    if name == "ctx":
        raise Unreadable(_context(text, start, after))
    if name == "match":
        yield from _check_pattern(text, start)
    elif name not in FUNCTIONS:
        message = f"there is no function {quoted(name)}"
        yield Problem(rules.UNKNOWN_FUNCTION, start, after, message, name=name)


def _context(text: str, start: int, after: int) -> Problem:
    found = _CONTEXT.match(text, start)
    name = ""
    if found is not None:
        after, name = found.end(), found["name"] or found["key"] or ""
    message = "`ctx()` looks up a variable in Orquesta; Attune has names only"
    return Problem(rules.FOREIGN_EXPRESSION, start, after, message, name=name)


def _check_pattern(text: str, start: int) -> Iterator[Problem]:
    found = _PATTERN.match(text, start)
    said = fault(literal(found["text"])) if found is not None else ""
    if found is not None and said:
        message = f"the pattern is no regular expression: {said}"
        hint = "Put a backslash before a character that stands for itself: `'\\\\('`."
        yield Problem(rules.BAD_PATTERN, *found.span("text"), message, hint)


def wrong_count(called: re.Match[str], function: Function, count: int) -> Problem:
    """A function that was given more arguments than it takes, or less."""
    message = f"{quoted(called[0])} takes {function.wanted}, not {count}"
    hint = f"Write `{function.form}`."
    return Problem(rules.WRONG_ARGUMENTS, *called.span(), message, hint)
