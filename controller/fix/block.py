"""`next` for a task whose fields stand one below the other. Pure.

May import `load.pieces` and the neighbours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from controller.fix.comments import ignores
from controller.fix.lines import Entry, entry, moved
from controller.fix.notes import Notes, notes
from controller.fix.steps import OldTask, Step, Unsafe
from controller.fix.values import Edit
from controller.load.pieces import MapPiece, ScalarPiece, Style

_ODD_BREAK = re.compile("[\x85\u2028\u2029]|\r(?!\n)")


def block_edits(old: OldTask, dash: int) -> tuple[Edit, ...]:
    """Put `next` in the place of the first old field, and take the lines of the others out.

    `dash` is how many columns the dashes of a list stand behind the key of the list.
    """
    if _ODD_BREAK.search(old.text):
        raise Unsafe("the file has unusual line breaks")
    entries = _entries(old)
    if any(ignores(old.text[one.start : one.end]) for one in entries):
        raise Unsafe("a comment there says what to ignore in a line")
    first, *others = entries
    column = first.field.key.column - 1
    newline = "\r\n" if "\r\n" in old.text else "\n"
    page = _Page(old.text, newline, column, dash, {one.field.name: one for one in entries})
    each = zip(old.steps, notes(old.text, old.steps, entries), strict=True)
    lines = [line for step, note in each for line in page.item(step, note)]
    lead = " " * column if first.begins_line else ""
    edits = [Edit(first.start, first.end, newline.join([f"{lead}next:", *lines]))]
    edits += (Edit(_break_before(old.text, one.blank), one.end, "") for one in others)
    return tuple(edits)


def _entries(old: OldTask) -> list[Entry]:
    wanted = {one.key.start: one for one in old.fields}
    floor, found = 0, []
    for key, value in old.piece.pairs:
        if key.start in wanted:
            found.append(entry(old.text, wanted[key.start], floor))
        floor = value.end
    return found


def _break_before(text: str, line: int) -> int:
    """Where the line break before `line` begins: with it, the last line of a file can go too."""
    return line - 2 if text[line - 2 : line] == "\r\n" else line - 1


@dataclass(frozen=True, slots=True)
class _Page:
    """Writes transitions below a key in `column` (from 0), with dashes `dash` columns behind it."""

    text: str
    newline: str
    column: int
    dash: int
    entries: Mapping[str, Entry]

    def item(self, step: Step, note: Notes) -> Iterator[str]:
        """The lines of one transition, comments first."""
        pad = " " * (self.column + self.dash)
        inner, above = f"{pad}  ", note.above
        parts: list[str] = []
        if step.when is not None:
            parts.append(f"when: {self._when(step.when, step.branch)}{note.behind_when}")
        if step.publish is not None:
            entry = self.entries["publish"]
            if parts:
                parts += entry.above
            else:
                above = [*above, *entry.above]
            parts.append(self._moved(entry.field.key, entry.end))
        if step.target is not None:
            parts += ["do:", f"{' ' * self.dash}- {self._target(step.target)}{note.behind_target}"]
        yield from (pad + comment for comment in above)
        yield f"{pad}- {parts[0]}"
        yield from (inner + part for part in parts[1:])

    def _when(self, when: str | ScalarPiece, branch: MapPiece | None) -> str:
        if isinstance(when, str):
            return f'"{when}"'
        spelled = self.text[when.start : when.end]
        if branch is None or self.newline not in spelled:
            return spelled
        if branch.style is Style.FLOW:
            raise Unsafe("a condition between braces goes over several lines")
        return moved(spelled, self._inner - (branch.column - 1), self.newline)

    def _target(self, target: ScalarPiece) -> str:
        spelled = self.text[target.start : target.end]
        if self.newline in spelled:
            raise Unsafe("the name of a task goes over several lines")
        return spelled

    def _moved(self, key: ScalarPiece, end: int) -> str:
        return moved(self.text[key.start : end], self._inner - (key.column - 1), self.newline)

    @property
    def _inner(self) -> int:
        return self.column + self.dash + 2
