"""A text with expressions in it, by itself: what its blocks name, and what is wrong with them.

Pure, and so the answers to short texts are kept: the same few conditions stand in every workflow.
May import `pack` and the neighbours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from controller.pack import rules
from controller.workflow.expressions.block import read_block
from controller.workflow.expressions.problem import Problem
from controller.workflow.expressions.tokens import NAME

_LONGEST_KEPT = 160
_MOST_KEPT = 1024

_LOOKUP = re.compile(rf"\s*+(?:(?:\$|ctx\(\))\.({NAME})|ctx\(\s*+['\"]?({NAME})['\"]?\s*+\))\s*+")
_LONGEST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Use:
    """A name in a text, and where it stands."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Template:
    """What a text says: `problems` of its own, the bare names and the tasks that it speaks of."""

    problems: tuple[Problem, ...]
    names: tuple[Use, ...]
    tasks: tuple[Use, ...]
    needs: frozenset[str]
    needs_tasks: frozenset[str]


def read_template(text: str) -> Template:
    """What `text` says, whatever stands around it."""
    return _read_short(text) if len(text) <= _LONGEST_KEPT else _read(text)


def _read(text: str) -> Template:
    problems: list[Problem] = []
    names: list[Use] = []
    tasks: list[Use] = []
    for start, end in _blocks(text, problems):
        block = read_block(text, start, end)
        names += (Use(name, at, at + len(name)) for name, at in block.names.items())
        tasks += (Use(name, *span) for name, span in block.tasks.items())
        problems += block.problems
    if "%" in text:
        problems += _foreign(text)
    return Template(
        tuple(problems),
        tuple(names),
        tuple(tasks),
        frozenset(one.name for one in names),
        frozenset(one.name for one in tasks),
    )


_read_short = lru_cache(maxsize=_MOST_KEPT)(_read)


def _blocks(text: str, problems: list[Problem]) -> Iterator[tuple[int, int]]:
    """Each block's text: from behind `{{` to the first `}}`, even one inside quotes."""
    start = text.find("{{")
    while start >= 0:
        end = text.find("}}", start + 2)
        if end < 0:
            message = "this `{{` is never closed: Attune takes it for plain text"
            hint = "Close it with `}}`."
            problems.append(Problem(rules.UNCLOSED_EXPRESSION, start, start + 2, message, hint))
            return
        yield start + 2, end
        start = text.find("{{", end + 2)


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
    message = "`<% … %>` is YAQL, and plain text to Attune"
    hint = "Write `{{ … }}`, with Attune's names and functions in it."
    looked_up = _LOOKUP.fullmatch(text, start + 2, end)
    if end - start <= _LONGEST_SHOWN and not read_block(text, start + 2, end).problems:
        hint = f"Write `{{{{ {text[start + 2 : end].strip()} }}}}`."
    name = looked_up[1] or looked_up[2] if looked_up else None
    return Problem(rules.FOREIGN_TEMPLATE, start, end + 2, message, hint, name)
