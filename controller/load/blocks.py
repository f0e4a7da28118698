"""What stands where no entry of a mapping or list can, and why its author put it there. Pure.

May import `pack`, PyYAML's C scanner and `mistakes`. A text that got this far is bounded by `tree`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import yaml
from yaml._yaml import CParser

from controller.load.mistakes import Cause, Stop, span

_MAX_SHOWN = 6


def in_block(problem: str, stop: Stop) -> Cause:
    """Something else than the next entry of a mapping or list, or than the file's end."""
    if stop.character in ("]", "}"):
        message = f"this `{stop.character}` closes nothing"
        return Cause(stop.at_mark, message, "Remove it, or open the bracket before.")
    ended = next((n for n in range(stop.mark.line) if stop.lines[n].rstrip() == "..."), -1)
    if "<document start>" in problem and ended >= 0:
        message = f"the document ends at the `...` of line {ended + 1}, and more follows"
        return Cause(stop.at_mark, message, "Remove the `...`.")
    token = _last_token(stop)
    if isinstance(token, yaml.ScalarToken) and token.style in ("|", ">"):
        line = token.start_mark.line + 1
        message = f"this line is indented less than the text that begins below line {line}"
        return Cause(stop.at_mark, message, "Indent all lines of the text alike.")
    if isinstance(token, yaml.ScalarToken) and token.style and _is_beside(token, stop):
        return _after_quotes(token, stop)
    return _misplaced(problem, stop)


def _is_beside(token: yaml.ScalarToken, stop: Stop) -> bool:
    return bool(token.end_mark.line == stop.mark.line)


def in_flow(stop: Stop) -> Cause:
    """No value where one is wanted within brackets."""
    opened = _open(stop, _FLOWS, _FLOW_ENDS)
    if stop.character or not opened:
        message = f"a value is missing before this `{stop.character}`"
        return Cause(stop.at_mark, message, "Write the value, or remove the comma.")
    mark = opened[-1].start_mark
    bracket = stop.line(mark.line)[mark.column]
    message = f"the `{bracket}` that opens here is never closed"
    return Cause(span(mark.line, mark.column), message, "Close it.")


def _after_quotes(token: yaml.ScalarToken, stop: Stop) -> Cause:
    first, last = token.start_mark, token.end_mark
    if first.line != last.line:
        message = f"the quote that opens here is closed in line {last.line + 1} only"
        hint = "Close it where the text ends."
        return Cause(span(first.line, first.column), message, hint)
    message = "more follows the text in quotes, which ends before this"
    escaped = "`''`" if token.style == "'" else '`\\"`'
    other = "double" if token.style == "'" else "single"
    hint = f"Write {escaped} for a quote inside it, or put the whole in {other} quotes."
    return Cause(stop.at_mark, message, hint)


def _tokens(stop: Stop) -> Iterator[Any]:
    """What the scanner reads before the place where the parser stopped."""
    next_token = CParser(stop.text).get_token
    with suppress(yaml.YAMLError):  # it may have been the scanner that stopped there
        while (token := next_token()) and token.start_mark.index < stop.mark.index:
            yield token


def _last_token(stop: Stop) -> Any:
    last = None
    for token in _tokens(stop):
        if token.end_mark.index > token.start_mark.index:
            last = token
    return last


def _open(stop: Stop, begins: tuple[type, ...], ends: tuple[type, ...]) -> list[Any]:
    """The tokens that begin what is still open where the parser stopped."""
    opened: list[Any] = []
    for token in _tokens(stop):
        if isinstance(token, begins):
            opened.append(token)
        elif isinstance(token, ends) and opened:
            opened.pop()
    return opened


_BLOCKS = (yaml.BlockMappingStartToken, yaml.BlockSequenceStartToken)
_FLOWS = (yaml.FlowMappingStartToken, yaml.FlowSequenceStartToken)
_FLOW_ENDS = (yaml.FlowMappingEndToken, yaml.FlowSequenceEndToken)


def _misplaced(problem: str, stop: Stop) -> Cause:
    blocks = _open(stop, _BLOCKS, (yaml.BlockEndToken,))
    opened = {token.start_mark.column: token for token in blocks}
    if stop.here[: stop.mark.column].strip() or not opened:
        hint = "Correct the line, and quote texts with special characters."
        return Cause(stop.at_mark, f"nothing can stand here: {problem}", hint)
    around = opened.get(stop.mark.column)
    if around is None:
        columns = [str(column + 1) for column in opened][-_MAX_SHOWN:]
        listed = " or ".join(filter(None, (", ".join(columns[:-1]), columns[-1])))
        message = (
            f"this line begins at column {stop.mark.column + 1}, and what it can belong to "
            f"at column {listed}"
        )
        hint = "Indent the entries of one mapping or list alike."
        return Cause(stop.at_mark, message, hint)
    line = around.start_mark.line + 1
    if isinstance(around, yaml.BlockSequenceStartToken):
        message = f"this stands among the entries of the list that begins in line {line}"
        hint = "Begin it with `- `, or indent it below an entry."
    else:
        message = f"this stands among the keys of the mapping that begins in line {line}"
        hint = "Write `key: value`, or indent it below a key."
    return Cause(stop.at_mark, message, hint)
