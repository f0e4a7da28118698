"""All fixes of one file: proposed, proven, made. Pure. May import `pack` and the neighbours."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from controller.fix.legacy import transitions
from controller.fix.proof import Reading, is_same, read
from controller.fix.quotes import booleans, texts
from controller.fix.values import Fix, Fixed, Proposal, edited
from controller.pack.diagnostic import Rule
from controller.pack.rules import NEEDS_QUOTES

_BOM = "\ufeff"
_UNPROVEN = "Left as written: the file would not say the same any more."
_INCOMPLETE = "Left as written: not every problem of the file is listed; repair those first."

Proposer = Callable[[Reading], Iterable[Proposal | Fix]]
_STEPS: tuple[tuple[Proposer, Rule | None], ...] = (
    (booleans, None),
    (texts, NEEDS_QUOTES),
    # The last, because it is the only one that moves lines.
    (transitions, None),
)


def fix(text: str) -> Fixed:
    """Make every safe fix of a workflow file; a text that cannot be read comes back as it is.

    `text` is the whole file, with its byte order mark if it has one. Fixing the result again
    changes nothing more.
    """
    bom = _BOM if text.startswith(_BOM) else ""
    fixed = Fixed(text.removeprefix(_BOM))
    for proposer, rule in _STEPS:
        reading = read(fixed.text)
        if reading is None:
            return Fixed(text)
        made = _fix(reading, proposer, rule)
        fixed = Fixed(made.text, fixed.applied + made.applied, fixed.withheld + made.withheld)
    return replace(fixed, text=bom + fixed.text)


def _fix(reading: Reading, proposer: Proposer, rule: Rule | None) -> Fixed:
    found = [*proposer(reading)]
    proposals = [one for one in found if isinstance(one, Proposal)]
    withheld = [one for one in found if isinstance(one, Fix)]
    proven = _Proven(reading, rule)
    if reading.is_complete:
        proven.accept(proposals)
    why = _UNPROVEN if reading.is_complete else _INCOMPLETE
    accepted = {*proven.accepted}
    withheld += [replace(one.fix, message=why) for one in proposals if one not in accepted]
    text = edited(reading.text, (edit for one in proven.accepted for edit in one.edits))
    return Fixed(text, tuple(one.fix for one in proven.accepted), _in_order(withheld))


def _in_order(fixes: list[Fix]) -> tuple[Fix, ...]:
    return tuple(sorted(fixes, key=lambda one: one.line))


@dataclass(slots=True)
class _Proven:
    """The proposals that leave the meaning alone, found by halving those that together do not."""

    reading: Reading
    rule: Rule | None
    accepted: list[Proposal] = field(default_factory=list)

    def accept(self, proposals: Sequence[Proposal]) -> None:
        """Take those of `proposals` that are safe beside what is taken already."""
        if not proposals:
            return
        edits = (edit for one in (*self.accepted, *proposals) for edit in one.edits)
        if is_same(self.reading, edited(self.reading.text, edits), self.rule):
            self.accepted += proposals
        elif len(proposals) > 1:
            middle = len(proposals) // 2
            self.accept(proposals[:middle])
            self.accept(proposals[middle:])
