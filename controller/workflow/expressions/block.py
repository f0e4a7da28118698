"""What one block says, the text between `{{` and `}}`. Pure.

May import `pack` and the neighbours.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from controller.workflow.expressions.problem import Problem, Unreadable
from controller.workflow.expressions.reader import Reader, Use

LONGEST_KEPT = 160
"""Characters of a block whose reading is remembered, for the same few stand in every workflow."""


@dataclass(frozen=True, slots=True)
class Block:
    """What one block says by itself, with offsets into its text.

    `names` are the bare names and `tasks` what stands behind `task.`, each where it is used
    first; `needs` and `needs_tasks` are those names alone, to be compared at once.
    """

    text: str
    problems: tuple[Problem, ...] = ()
    names: tuple[Use, ...] = ()
    tasks: tuple[Use, ...] = ()
    needs: frozenset[str] = frozenset()
    needs_tasks: frozenset[str] = frozenset()


def read_block(text: str) -> Block:
    """Read what stands between `{{` and `}}`."""
    return _read_short(text) if len(text) <= LONGEST_KEPT else _read(text)


def _read(text: str) -> Block:
    reader = Reader(text)
    try:
        reader.read()
    except Unreadable as stopped:
        return Block(text, (stopped.problem,))
    names, tasks = reader.names, reader.tasks
    return Block(
        text,
        tuple(reader.problems),
        tuple(names.values()),
        tuple(tasks.values()),
        frozenset(names),
        frozenset(tasks),
    )


_read_short = lru_cache(maxsize=1024)(_read)
