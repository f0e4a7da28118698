"""Filters, tests and methods of other engines, rewritten as calls. Pure.

May import the neighbours. Only for hints: a text that is too long or too odd gets none.
"""

from __future__ import annotations

import re

from controller.workflow.expressions.functions import ELSEWHERE, NOT_HERE, call_for
from controller.workflow.expressions.tokens import NAME, SPACE, TOKEN

_LONGEST = 80
_FILTER = re.compile(rf"{SPACE}*+\|{SPACE}*+({NAME})")
_NO_FILTERS = "There are no filters: write a function, or compute the value in a task."
_NO_METHODS = "There are no methods: write a function, or compute the value in a task."
_KEYWORD = re.compile(rf"\A{NAME}{SPACE}*+=(?!=){SPACE}*+")
_TEST = re.compile(rf"is{SPACE}++(not{SPACE}++)?(defined|none|null|undefined|None)\b")


def instead_of_filters(text: str, operand: str, at: int) -> str:
    """The hint for `operand | filter | …`, whose first `|` stands at `at`."""
    if len(text) - at > _LONGEST or len(operand) > _LONGEST:
        return _NO_FILTERS
    written = operand
    while found := _FILTER.match(text, at):
        arguments, at = _arguments(text, found.end())
        written = call_for(found[1], [written, *arguments])
        if not written:
            return NOT_HERE.get(found[1], _NO_FILTERS)
    return f"Write `{written}`." if written != operand else _NO_FILTERS


def instead_of_method(text: str, receiver: str, name: str, at: int) -> str:
    """The hint for `receiver.name(…)`, whose parenthesis opens at or after `at`."""
    if len(text) - at > _LONGEST or len(receiver) > _LONGEST:
        return _NO_METHODS
    arguments, _ = _arguments(text, at)
    if name == "get" and arguments:
        return f"Write `{receiver}[{arguments[0]}]`."
    given = [receiver, *arguments]
    if name == "join" and receiver[:1] in ("'", '"'):
        given.reverse()
    written = call_for(name, given)
    if written:
        return f"Write `{written}`."
    known = ELSEWHERE.get(name)
    return f"Write `{known}(…)`." if known else NOT_HERE.get(name, _NO_METHODS)


def instead_of_test(text: str, operand: str, at: int) -> str:
    """The hint for `operand is …`, whose `is` stands at `at`."""
    found = _TEST.match(text, at)
    if found is None or len(operand) > _LONGEST:
        return "Write a comparison: `==`, `!=`, `in`, or `type_of(value) == 'string'`."
    is_there = (found[2] == "defined") != bool(found[1])
    return f"Write `{operand} {'!=' if is_there else '=='} null`."


def _arguments(text: str, at: int) -> tuple[list[str], int]:
    """The arguments in the parentheses at `at`, as they are written, and where they end."""
    tokens = TOKEN.finditer(text, at)
    first = next(tokens, None)
    if first is None or first[0] != "(":
        return [], at
    depth, begin = 1, first.end()
    arguments: list[str] = []
    for token in tokens:
        sign = token[0]
        depth += (sign in ("(", "[")) - (sign in (")", "]"))
        if depth == 0 or (depth == 1 and sign == ","):
            arguments.append(_KEYWORD.sub("", text[begin : token.start()].strip()))
            begin = token.end()
        if depth == 0:
            return [one for one in arguments if one], token.end()
    return [], at
