"""Legacy transitions → the `next` that they are stored as. Pure.

May import `load.pieces`, `workflow.model`, `workflow.normalise`, `pack` and the neighbours. Which
transitions there are, in which order, and which one publishes is read off the workflow as built.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from controller.fix.block import block_edits
from controller.fix.flow import flow_edits
from controller.fix.proof import Reading
from controller.fix.steps import Field, OldTask, Step, Unsafe
from controller.fix.values import Edit, Fix, Name, Proposal
from controller.load.pieces import ListPiece, MapPiece, Piece, ScalarPiece, Style
from controller.pack.diagnostic import Category, Diagnostic
from controller.pack.rules import UNKNOWN_TARGET
from controller.workflow.model import Task, Transition
from controller.workflow.normalise import LEGACY_FIELDS

_BRANCH = re.compile(r"decision\[(\d+)\]\.next")


@dataclass(frozen=True, slots=True)
class _Place:
    """A task in the text; `dash` is how far the dashes of its list stand behind `tasks`."""

    piece: MapPiece
    dash: int


def transitions(reading: Reading) -> Iterator[Proposal | Fix]:
    """A proposal for each task with legacy transitions, or why it is left alone.

    A task with a `next` of its own is passed over: Attune drops its legacy fields, so that neither
    taking them out nor taking them in is what its author meant (ATT309 asks).
    """
    places = {(one.piece.line, one.piece.column): one for one in _places(reading.root)}
    for task in _walk(reading.workflow.tasks):
        given = task.node.fields
        place = places.pop((task.node.line, task.node.column), None)
        if place is None or given.keys().isdisjoint(LEGACY_FIELDS) or not task.next:
            continue
        if "next" not in given or not given["next"].value:
            yield _proposal(task, place, reading)


def _walk(tasks: Sequence[Task]) -> Iterator[Task]:
    for task in tasks:
        yield task
        yield from _walk(task.tasks or ())


def _places(root: Piece) -> Iterator[_Place]:
    """Every mapping in a list called `tasks`, at any depth."""
    if not isinstance(root, MapPiece):
        return
    for key, value in root.pairs:
        if isinstance(key, ScalarPiece) and key.text == "tasks" and isinstance(value, ListPiece):
            for item in value.items:
                if isinstance(item, MapPiece):
                    yield _Place(item, value.column - key.column)
                    yield from _places(item)


def _proposal(task: Task, place: _Place, reading: Reading) -> Proposal | Fix:
    fields = [
        Field(key, value)
        for key, value in place.piece.pairs
        if isinstance(key, ScalarPiece) and key.text in ("next", *LEGACY_FIELDS)
    ]
    names = ", ".join(f"`{one.name}`" for one in fields if one.name != "next")
    line = fields[0].key.line
    try:
        edits = _edits(task, place, fields, reading)
    except Unsafe as why:
        return Fix(Name.LEGACY, line, f"Left {names} as written: {why}.")
    message = f"{names} of `{task.name}` became `next`."
    return Proposal(Fix(Name.LEGACY, line, message), edits)


def _edits(task: Task, place: _Place, fields: list[Field], reading: Reading) -> tuple[Edit, ...]:
    _refuse_doubt(task, reading.diagnostics)
    by_name = {one.name: one for one in fields}
    steps = tuple(_step(one, task.path, by_name) for one in task.next)
    old = OldTask(reading.text, place.piece, tuple(fields), steps)
    if place.piece.style is Style.FLOW:
        return flow_edits(old)
    return block_edits(old, place.dash)


def _refuse_doubt(task: Task, found: Iterable[Diagnostic]) -> None:
    """Refuse what has a problem that would no longer be seen, or another one, as `next`."""
    paths = tuple(f"{task.path}.{name}" for name in LEGACY_FIELDS)
    for one in found:
        stays = one.rule is UNKNOWN_TARGET or one.rule.category is Category.EXPRESSIONS
        if one.path.startswith(paths) and not stays:
            raise Unsafe(f"{one.rule.code} in line {one.span.line} must be settled first")


def _step(made: Transition, path: str, fields: dict[str, Field]) -> Step:
    publish = fields["publish"] if made.publish else None
    if not made.do:
        return Step(made.when, publish)
    source = made.do[0].path.removeprefix(f"{path}.")
    number = _BRANCH.fullmatch(source)
    if number is None:
        field = fields[source]
        return Step(made.when, publish, target=_target(field.value), field=field)
    decision = fields["decision"].value
    branch = decision.items[int(number[1])] if isinstance(decision, ListPiece) else decision
    if not isinstance(branch, MapPiece):
        raise Unsafe("an alias stands for a branch")
    parts = {key.text: value for key, value in branch.pairs if isinstance(key, ScalarPiece)}
    when = None if made.when is None else _scalar(parts["when"])
    return Step(when, publish, target=_target(parts["next"]), branch=branch)


def _target(piece: Piece) -> ScalarPiece:
    target = _scalar(piece)
    if target.style is Style.LINES:
        raise Unsafe("the name of a task stands below a `|` or `>`")
    return target


def _scalar(piece: Piece) -> ScalarPiece:
    if isinstance(piece, ScalarPiece):
        return piece
    raise Unsafe("a list or mapping stands for a text")
