"""Which comment of the old fields belongs to which transition. Pure.

May import `load.pieces` and the neighbours. What followed a condition or a target follows it still;
all else goes above the transition that its field, or its branch, became.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from controller.fix.comments import between
from controller.fix.lines import Entry, line_end
from controller.fix.steps import Step
from controller.load.pieces import ListPiece, MapPiece, ScalarPiece, Style


@dataclass(slots=True)
class Notes:
    """The comments of one transition; those behind a value have the blanks before them."""

    above: list[str] = field(default_factory=list)
    behind_when: str = ""
    behind_target: str = ""


def notes(text: str, steps: Sequence[Step], entries: Sequence[Entry]) -> list[Notes]:
    """The comments of each of `steps`; `entries` are the lines of all old fields.

    Those of a field that became nothing, such as `publish: []`, go to the first transition.
    """
    known = {one.field.name: one for one in entries}
    found = [_own(text, step, known) for step in steps]
    used = {one.field.name for one in steps if one.field}
    used |= {"publish" for one in steps if one.publish}
    branches = {id(step.branch): note for step, note in zip(steps, found, strict=True)}
    if any(step.branch for step in steps):
        _note_decision(text, known["decision"], branches)
        used.add("decision")
    spare = [one for one in entries if one.field.name not in used]
    found[0].above[:0] = [comment for one in spare for comment in _all(text, one)]
    return found


def _own(text: str, step: Step, known: dict[str, Entry]) -> Notes:
    if step.field is None:
        return Notes()
    entry = known[step.field.name]
    between_both = between(text, step.field.key.end, step.field.value.start)
    return Notes([*entry.above, *between_both], behind_target=entry.tail)


def _all(text: str, entry: Entry) -> list[str]:
    return [*entry.above, *between(text, entry.field.key.end, entry.end)]


def _note_decision(text: str, entry: Entry, branches: dict[int, Notes]) -> None:
    decision = entry.field.value
    above, at, note = list(entry.above), entry.field.key.end, Notes()
    for item in decision.items if isinstance(decision, ListPiece) else ():
        note = branches[id(item)]
        note.above += above
        above = []
        if isinstance(item, MapPiece):
            at = _note_branch(text, item, at, note, in_lines=decision.style is Style.BLOCK)
    note.above += between(text, at, entry.end)


def _note_branch(text: str, item: MapPiece, at: int, note: Notes, *, in_lines: bool) -> int:
    """Collect the comments from `at` to the end of a branch; gives the offset behind them."""
    for key, value in item.pairs:
        note.above += between(text, at, key.start) + between(text, key.end, value.start)
        at = value.end
        if item.style is Style.BLOCK and isinstance(key, ScalarPiece):
            at = _note_tail(text, key.text, at, note)
    if item.style is Style.FLOW and in_lines:
        note.above += between(text, at, item.end)
        at = line_end(text, item.end)
        note.behind_target = text[item.end : at]
    return at


def _note_tail(text: str, name: str, at: int, note: Notes) -> int:
    end = line_end(text, at)
    if name == "when":
        note.behind_when = text[at:end]
    elif name == "next":
        note.behind_target = text[at:end]
    else:
        note.above += between(text, at, end)
    return end
