"""A text with expressions in it: its blocks, and what it may have in their place. Pure.

May import `pack` and the neighbours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from controller.pack import rules
from controller.workflow.expressions.block import LONGEST_KEPT, Block, read_block
from controller.workflow.expressions.problem import Problem
from controller.workflow.expressions.tokens import NAME

_LOOKUP = re.compile(rf"\s*+(?:(?:\$|ctx\(\))\.({NAME})|ctx\(\s*+['\"]?({NAME})['\"]?\s*+\))\s*+")
_LONGEST_SHOWN = 60


def is_clean(text: str, bare: frozenset[str], tasks: frozenset[str]) -> bool:
    """Whether surely nothing is wrong with a text where these names stand for something.

    Quick for texts that are read often, and no for long blocks: those must not be read twice.
    """
    start = text.find("{{")
    while start >= 0:
        end = text.find("}}", start + 2)
        if end < 0 or end - start > LONGEST_KEPT:
            return False
        block = read_block(text[start + 2 : end])
        if block.problems or not (block.needs <= bare and block.needs_tasks <= tasks):
            return False
        start = text.find("{{", end + 2)
    return "%" not in text or not any(_foreign(text))


def read_template(text: str) -> Iterator[tuple[int, Block]]:
    """The blocks of a text, each with the offset at which it begins."""
    for start, end in _blocks(text):
        if end >= 0:
            yield start, read_block(text[start:end])


def stray(text: str) -> Iterator[Problem]:
    """What is wrong with a text between its blocks."""
    for start, end in _blocks(text):
        if end < 0:
            message = "this `{{` is never closed: Attune takes it for plain text"
            hint = "Close it with `}}`."
            yield Problem(rules.UNCLOSED_EXPRESSION, start - 2, start, message, hint)
    yield from _foreign(text)


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """From behind each `{{` to the first `}}`, even in quotes; to -1 where there is none."""
    end = -2
    while (start := text.find("{{", end + 2)) >= 0:
        end = text.find("}}", start + 2)
        yield start + 2, end
        if end < 0:
            return


def _foreign(text: str) -> Iterator[Problem]:
    """Templates of other engines: the first of a kind says it for all of the text."""
    start = text.find("{%")
    end = text.find("%}", start + 2)
    if 0 <= start < end:
        message = "`{% … %}` is a Jinja statement, and plain text to Attune"
        hint = "Use `when` and `with_items` of tasks in place of `if` and `for`."
        yield Problem(rules.FOREIGN_TEMPLATE, start, end + 2, message, hint)
    start = text.find("<%")
    end = text.find("%>", start + 2)
    if 0 <= start < end:
        yield _yaql(text, start, end)


def _yaql(text: str, start: int, end: int) -> Problem:
    inner = text[start + 2 : end]
    message = "`<% … %>` is YAQL, and plain text to Attune"
    hint = "Write `{{ … }}`, with Attune's names and functions in it."
    looked_up = _LOOKUP.fullmatch(inner)
    if len(inner) <= _LONGEST_SHOWN and not read_block(inner).problems:
        hint = f"Write `{{{{ {inner.strip()} }}}}`."
    name = looked_up[1] or looked_up[2] if looked_up else None
    return Problem(rules.FOREIGN_TEMPLATE, start, end + 2, message, hint, name)
