"""The mistakes that people make in a line of YAML, found from where the parser stopped. Pure.

May import `pack` and PyYAML's marks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import yaml

from controller.pack.diagnostic import Span

_TEMPLATE = re.compile(r"(?:^|[:,\[]|- )\s*\{\{")
_TEMPLATE_HINT = 'Put the whole value in quotes: "{{ … }}".'
_CONFLICT = re.compile(r"<{7}(?: |$)")
_KEY = re.compile(r"(?P<lead>\s*(?:-\s+)*)(?P<key>[^\s:#'\"\[\]{},&*!|>%@`-][^\s:#]*)")
_WORD = re.compile(r"[\w.-]+")


@dataclass(frozen=True, slots=True)
class Cause:
    """A syntax error as the user is told of it."""

    span: Span
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class Stop:
    """Where the parser stopped (`mark`), in what it had begun at `opened`; lines count from 0."""

    text: str
    lines: tuple[str, ...]
    mark: yaml.Mark
    opened: yaml.Mark

    @property
    def here(self) -> str:
        """The line where it stopped."""
        return self.line(self.mark.line)

    @property
    def character(self) -> str:
        """The character at which it stopped; empty at the end of a line."""
        return self.here[self.mark.column : self.mark.column + 1]

    @property
    def at_mark(self) -> Span:
        """That character's place."""
        return span(self.mark.line, self.mark.column)

    @property
    def at_opening(self) -> Span:
        """The place where the open value begins."""
        return span(self.opened.line, self.opened.column)

    def line(self, number: int) -> str:
        """One line; empty behind the last."""
        return self.lines[number] if number < len(self.lines) else ""

    def above(self) -> int:
        """The last line before the one where it stopped that says something; -1 when none does."""
        numbers = range(self.mark.line - 1, -1, -1)
        texts = ((one, self.lines[one].lstrip()) for one in numbers)
        return next((one for one, text in texts if text and text[0] != "#"), -1)


def span(line: int, column: int, length: int = 1) -> Span:
    """The place of `length` characters; line and column count from 0."""
    return Span(line + 1, column + 1, line + 1, column + 1 + length)


def conflict(stop: Stop) -> Cause | None:
    """A merge of Git that nobody finished."""
    for number in range(min(stop.mark.line + 1, len(stop.lines))):
        if _CONFLICT.match(stop.lines[number]):
            hint = "Keep one side, and remove the lines of `<<<<<<<`, `=======` and `>>>>>>>`."
            return Cause(span(number, 0, 7), "a merge conflict of Git is left in the file", hint)
    return None


def template(stop: Stop) -> Cause | None:
    """A value that begins with `{{`, before the place where it stopped or where it began."""
    before = stop.here[: stop.mark.column]
    opening = stop.line(stop.opened.line) if stop.opened.line < stop.mark.line else ""
    for line, text in ((stop.mark.line, before), (stop.opened.line, opening)):
        found = _TEMPLATE.search(text)
        if found:
            message = "a value that begins with `{{` must be quoted"
            return Cause(span(line, found.end() - 2, 2), message, _TEMPLATE_HINT)
    return None


def in_quotes(problem: str, stop: Stop) -> Cause:
    """A text in quotes that never ends, or an escape that is none."""
    if "end of stream" in problem or "document indicator" in problem:
        message = "the quote that opens here is never closed"
        return Cause(stop.at_opening, message, "Close it.")
    escape = stop.here[stop.mark.column : stop.mark.column + 2]
    hint = "Double the backslash, or use single quotes."
    if "unknown escape" in problem and escape.isprintable():
        return Cause(stop.at_mark, f"`{escape}` is no escape in a text in double quotes", hint)
    return Cause(stop.at_mark, f"{problem} in a quoted text", hint)


def without_colon(stop: Stop) -> Cause:
    """A line that must begin with a key, and has none."""
    found = _KEY.match(stop.line(stop.opened.line))
    return _missing_space(stop.opened.line, found, stop) or _missing_colon(stop.at_opening)


def _missing_colon(place: Span) -> Cause:
    return Cause(place, "a `:` after the key is missing", "Write `key: value`.")


def _missing_space(line: int, found: re.Match[str] | None, stop: Stop) -> Cause | None:
    if found is None or stop.line(line)[found.end() : found.end() + 1] != ":":
        return None
    value = stop.line(line)[found.end() + 1 :]
    if not value or value[0].isspace():
        return None
    message = "a space is missing after this `:`"
    word = _WORD.match(value)
    hint = f"Write `{found['key']}: {word[0] if word else '…'}`."
    return Cause(span(line, found.end()), message, hint)


def second_colon(stop: Stop) -> Cause:
    """A `:` where no key can end: it, or the line above, is not what its author took it for."""
    before = stop.here[: stop.mark.column]
    if before.startswith("--- "):
        hint = "Break the line after it, or remove it."
        return Cause(span(stop.mark.line, 0, 3), "`---` stands on a line of its own", hint)
    if ": " in before or before.endswith(":"):
        hint = "Put the text in quotes; a key begins on a line of its own."
        return Cause(stop.at_mark, "a text that holds `: ` must be quoted", hint)
    number = stop.above()
    above = stop.line(number) if number >= 0 else ""
    found = _KEY.match(above)
    if found is None:
        hint = "Quote a text that holds `: `, and indent keys of one mapping alike."
        return Cause(stop.at_mark, "a second `:` stands where no key can begin", hint)
    return _missing_space(number, found, stop) or _below(found, number, above, stop)


def _below(found: re.Match[str], number: int, above: str, stop: Stop) -> Cause:
    column = len(found["lead"])
    if ":" not in above:
        return _missing_colon(span(number, column, len(found["key"])))
    indent = len(stop.here) - len(stop.here.lstrip())
    message = f"this line is indented deeper than the key of line {number + 1}, which has a value"
    hint = f"Begin it at column {column + 1}, or take the value of that key away."
    return Cause(span(stop.mark.line, indent), message, hint)


def at_character(stop: Stop) -> Cause:
    """A character that begins no value."""
    shown = "a backtick" if stop.character == "`" else f"`{stop.character}`"
    return Cause(stop.at_mark, f"a value cannot begin with {shown}", "Put it in quotes.")
