"""What most likely went wrong in a text that is not YAML, in plain words. Pure.

May import `pack`, PyYAML's error classes and the neighbours. libyaml says what it expected; people
ask what they did: each of its messages is matched to the mistakes that lead to it.
"""

from __future__ import annotations

import re

import yaml

from controller.load.blocks import in_block, in_flow
from controller.load.mistakes import (
    Cause,
    Stop,
    at_character,
    conflict,
    in_quotes,
    second_colon,
    template,
    without_colon,
)
from controller.pack.diagnostic import Span

# The characters YAML forbids: https://yaml.org/spec/1.2.2/#51-character-set
_FORBIDDEN = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_ANY = "Correct the line, and quote texts with special characters."
_QUOTE = "Texts that hold `,`, `[`, `]`, `{` or `}` need quotes here."
_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")


def explain(error: yaml.YAMLError, text: str) -> Cause:
    """The likely cause of a parser's error in `text`."""
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        return _marked(error, error.problem_mark, text)
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


def _marked(error: yaml.MarkedYAMLError, mark: yaml.Mark, text: str) -> Cause:
    problem, context = error.problem or "", error.context or ""
    opened = error.context_mark or mark
    stop = Stop(text, tuple(_BREAK.split(text)), mark, opened)
    return conflict(stop) or template(stop) or _tab(stop) or _of(problem, context, stop)


def _tab(stop: Stop) -> Cause | None:
    before = stop.here[: stop.mark.column]
    if "\t" in stop.here[: stop.mark.column + 1] and not before.strip():
        return Cause(stop.at_mark, "a tab indents this line", "Indent with spaces.")
    if stop.character == "\t":
        return Cause(stop.at_mark, "a tab stands where a space is meant", "Write spaces.")
    return None


def _of(problem: str, context: str, stop: Stop) -> Cause:
    if "quoted scalar" in context:
        return in_quotes(problem, stop)
    if "flow sequence" in context or "flow mapping" in context:
        return _unclosed("[" if "sequence" in context else "{", stop)
    if "could not find expected ':'" in problem:
        return without_colon(stop)
    if "mapping values are not allowed" in problem:
        return second_colon(stop)
    if "expected node content" in problem and "flow" in context:
        return in_flow(stop)
    if "cannot start any token" in problem or "expected node content" in problem:
        return at_character(stop)
    if "sequence entries are not allowed" in problem:
        message = "a list cannot begin behind its key"
        return Cause(stop.at_mark, message, "Begin each entry on a line of its own.")
    if "expected key" in problem or "'-' indicator" in problem or "<document start>" in problem:
        return in_block(problem, stop)
    return _in_sign(problem, context, stop)


def _unclosed(bracket: str, stop: Stop) -> Cause:
    if stop.opened.line == stop.mark.line and stop.character:
        message = f"a `,` or the bracket that closes the `{bracket}` is missing before this"
        return Cause(stop.at_mark, message, _QUOTE)
    line = stop.mark.line + 1
    message = (
        f"the `{bracket}` that opens here is not closed, or a comma is missing, by line {line}"
    )
    return Cause(stop.at_opening, message, f"Close the bracket. {_QUOTE}")


_SIGNS = {
    "block scalar": (
        "a text below `|` or `>` begins on the next line",
        "Break the line after the sign, or quote a text that begins with it.",
    ),
    "anchor": ("a `&` names an anchor, and no name follows", "Quote a text that begins with `&`."),
    "alias": ("a `*` repeats an anchor, and no name follows", "Quote a text that begins with `*`."),
    "tag": ("a `!` begins a tag, and this is none", "Quote a text that begins with `!`."),
    "parsing a node": (
        "the tag begins with the name of a prefix that no %TAG line defines",
        "Quote a text that begins with `!`.",
    ),
    "directive": (
        "a line that begins with `%` is a directive, and YAML has none of this name",
        "Remove the line, or quote a text that begins with `%`.",
    ),
}
"""What libyaml was busy with → what to say of any problem with it."""


def _in_sign(problem: str, context: str, stop: Stop) -> Cause:
    for what, (message, hint) in _SIGNS.items():
        if what in context:
            return Cause(stop.at_mark, message, hint)
    if "incompatible YAML document" in problem:
        message = "the file asks for another version of YAML than 1.1 or 1.2"
        return Cause(stop.at_mark, message, "Remove the line with `%YAML`.")
    where = f" {context}" if context else ""
    return Cause(stop.at_mark, f"{problem}{where}", _ANY)
