"""What most likely went wrong in a text that is not YAML, in plain words. Pure.

May import `pack` and PyYAML's error classes. libyaml says what it expected; people ask what they
did: each of its messages is matched to the mistakes that lead to it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import yaml

from controller.pack.diagnostic import Span

# The characters YAML forbids: https://yaml.org/spec/1.2.2/#51-character-set
_FORBIDDEN = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_BARE_TEMPLATE = re.compile(r"(?:^|[:,\[]|- )\s*\{\{")
_ANY = "Correct the line, and quote texts with special characters."
_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Cause:
    """A syntax error as the user is told of it."""

    span: Span
    message: str
    hint: str


def explain(error: yaml.YAMLError, text: str) -> Cause:
    """The likely cause of a parser's error in `text`."""
    if isinstance(error, yaml.MarkedYAMLError):
        return _marked(error, text)
    return _forbidden(text)


def _forbidden(text: str) -> Cause:
    found = _FORBIDDEN.search(text)
    if found is None:
        return Cause(Span(), "the text cannot be read as YAML", "Look for unusual characters.")
    before = _BREAK.split(text[: found.start()])
    line, column = len(before), len(before[-1]) + 1
    message = f"the character U+{ord(found[0]):04X} is not allowed in YAML"
    hint = "Remove it, or write it as an escape in double quotes."
    return Cause(Span(line, column, line, column + 1), message, hint)


def _marked(error: yaml.MarkedYAMLError, text: str) -> Cause:
    problem, context = error.problem or "", error.context or ""
    mark, opened = error.problem_mark, error.context_mark or error.problem_mark
    if mark is None or opened is None:
        return Cause(Span(), problem, _ANY)
    lines = _BREAK.split(text)
    at_problem, at_opening = _span(mark), _span(opened)
    here = _line(lines, mark.line)

    if _BARE_TEMPLATE.search(here) or _BARE_TEMPLATE.search(_line(lines, opened.line)):
        hint = 'Put the whole value in quotes: "{{ … }}".'
        return Cause(at_problem, "a value that begins with `{{` must be quoted", hint)
    if "\t" in here[: mark.column + 1] and not here[: mark.column].strip():
        return Cause(at_problem, "a tab indents this line", "Indent with spaces.")
    if "quoted scalar" in context and "end of stream" in problem:
        return Cause(at_opening, "the quote that opens here is never closed", "Close it.")
    if "quoted scalar" in context:
        hint = "Double the backslash, or use single quotes."
        return Cause(at_problem, f"{problem} in a quoted text", hint)
    if "flow sequence" in context or "flow mapping" in context:
        return _unclosed_flow(at_opening, "[" if "sequence" in context else "{", mark.line + 1)
    return _other(problem, context, at_problem, at_opening, here)


def _unclosed_flow(opening: Span, bracket: str, line: int) -> Cause:
    message = (
        f"the `{bracket}` that opens here is not closed, or a comma is missing, by line {line}"
    )
    return Cause(opening, message, "Close the bracket, or quote texts that hold `,`, `[` or `{`.")


def _other(problem: str, context: str, place: Span, opening: Span, here: str) -> Cause:
    if "could not find expected ':'" in problem:
        return Cause(opening, "a `:` after the key is missing", "Write `key: value`.")
    if "mapping values are not allowed" in problem:
        hint = "Quote a text that holds `: `, and indent keys of one mapping alike."
        return Cause(place, "a second `:` stands where no key can begin", hint)
    if "cannot start any token" in problem:
        character = here[place.column - 1 : place.column]
        return Cause(place, f"a value cannot begin with `{character}`", "Put it in quotes.")
    if "expected key" in problem or "'-' indicator" in problem or "<document start>" in problem:
        hint = "Indent the entries of one mapping or list alike."
        return Cause(place, "this line does not fit the indentation of those before it", hint)
    where = f" {context}" if context else ""
    return Cause(place, f"{problem}{where}", _ANY)


def _line(lines: list[str], number: int) -> str:
    return lines[number] if number < len(lines) else ""


def _span(mark: yaml.Mark) -> Span:
    line, column = mark.line + 1, mark.column + 1
    return Span(line, column, line, column + 1)
