"""Comments that take a diagnostic away: `# attune: ignore[ATT206]`. Pure.

May import `pack` and the neighbours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from controller.pack.diagnostic import Diagnostic, Span
from controller.pack.node import Document
from controller.pack.report import Placed, Report, quoted
from controller.pack.rules import BAD_IGNORE
from controller.validate.codes import objection
from controller.validate.comments import Comment, comments

WHOLE_FILE = 0
"""In place of a line, for a comment about all of a file."""

Key = tuple[str, int]
"""A code, and the line of the diagnostics that are meant."""

_IGNORE = re.compile(r"ignore(?P<file>-file)?\[(?P<codes>[^\]]*)\]")
_CODE = re.compile(r"[^\s,]+")
# What else begins with `attune:` may be meant for people.
_MEANT_FOR_US = re.compile(r"ignor|[\w-]*\[|.*\bATT\d", re.IGNORECASE)
_FORM = "Write `# attune: ignore[ATT206]`, or `ignore-file` for the whole file."


@dataclass(frozen=True, slots=True)
class Ignores:
    """The comments of one file: what they are about, and where each says so."""

    places: Mapping[Key, tuple[Span, ...]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.places)

    def covering(self, one: Diagnostic) -> list[Key]:
        """Which comments speak of this diagnostic."""
        code = one.rule.code
        return [key for key in ((code, one.span.line), (code, WHOLE_FILE)) if key in self.places]


NONE = Ignores()


def ignores(text: str, document: Document | None, report: Report) -> Ignores:
    """The comments in a file's text; what is wrong with them goes into the report.

    `document` is what the text was parsed to: a file that cannot be parsed has no comments.
    """
    if document is None or "attune:" not in text:
        return NONE
    places: dict[Key, list[Span]] = {}
    for comment in comments(text, document):
        for key, span in _read(comment, report):
            places.setdefault(key, []).append(span)
    return Ignores({key: tuple(spans) for key, spans in places.items()})


def _read(comment: Comment, report: Report) -> Iterator[tuple[Key, Span]]:
    found = _IGNORE.match(comment.text)
    if found is None:
        _check_form(comment, report)
        return
    codes = list(_CODE.finditer(comment.text, found.start("codes"), found.end("codes")))
    if not codes:
        report.add(BAD_IGNORE, comment, "the comment names no rule to ignore", hint=_FORM)
    for code in codes:
        place = comment.part(code.start(), code.end())
        if _allowed(code[0], place, report):
            yield (code[0], WHOLE_FILE if found["file"] else comment.about), place.span


def _check_form(comment: Comment, report: Report) -> None:
    if _MEANT_FOR_US.match(comment.text):
        message = f"the comment {quoted('attune: ' + comment.text)} cannot be understood"
        report.add(BAD_IGNORE, comment, message, hint=_FORM)


def _allowed(code: str, place: Placed, report: Report) -> bool:
    problem = objection(code)
    if problem is not None:
        message, hint = problem
        report.add(BAD_IGNORE, place, message, hint=hint)
    return problem is None
