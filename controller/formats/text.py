"""Findings as people read them: each with its line, what is meant underlined. Imports rich.

The first line of a finding is the same for every tool that looks for `file:line:column:`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich.text import Text

from controller.formats.excerpt import excerpt
from controller.formats.results import Results
from controller.pack.diagnostic import Diagnostic, Severity, Span

STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow"}

_FRAME = "blue"
_HELP = "cyan"
_LEAST_WIDTH = 20
_WHOLE_FILE = Span()


def findings(results: Results, width: int) -> Iterator[Text]:
    """Each finding, file by file; `width` is that of the screen in cells."""
    for pack in results.packs:
        for one in sorted(pack.findings, key=_in_file):
            yield finding(one, pack.lines, width)


def finding(one: Diagnostic, lines: Mapping[str, Sequence[str]], width: int) -> Text:
    """One finding; `lines` are those of the files, as far as they are known."""
    place = f"{one.file}:{one.span.line}:{one.span.column}: "
    kind = f"{one.severity.value.lower()} {one.rule.code}"
    text = Text.assemble((place, "bold"), (kind, STYLES[one.severity]), f": {one.message}")
    margin = " " * (len(str(one.span.line)) + 1)
    known = lines.get(one.file, ())
    if one.span != _WHOLE_FILE and one.span.line <= len(known):
        text.append_text(_framed(one, known[one.span.line - 1], margin, width))
    if one.path:
        text.append_text(_note(margin, "at", one.path))
    if one.hint:
        text.append_text(_note(margin, "help", one.hint))
    return text


def _in_file(one: Diagnostic) -> tuple[str, Span, str, str]:
    return one.file, one.span, one.rule.code, one.message


def _framed(one: Diagnostic, line: str, margin: str, width: int) -> Text:
    room = max(_LEAST_WIDTH, width - len(margin) - 2)
    shown = excerpt(line, one.span, room)
    marks = " " * shown.indent + "^" * shown.length
    return Text.assemble(
        (f"\n{one.span.line} | ", _FRAME),
        shown.before,
        (shown.marked, "bold"),
        shown.after,
        (f"\n{margin}| ", _FRAME),
        (marks, STYLES[one.severity]),
    )


def _note(margin: str, word: str, said: str) -> Text:
    return Text.assemble((f"\n{margin}= ", _FRAME), (f"{word}: ", _HELP), said)
