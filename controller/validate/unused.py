"""Ignore comments that ignore nothing: the mistake is repaired, or was never there. Pure.

May import `pack` and the neighbours.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from controller.pack import rules
from controller.pack.diagnostic import Diagnostic, Place
from controller.pack.report import Report, quoted
from controller.validate.ignores import WHOLE_FILE, Ignores, Key

_ACROSS = frozenset(
    one.code
    for one in (
        rules.SHADOWED,
        rules.MISSING_ACTION,
        rules.UNKNOWN_ACTION,
        rules.MISSING_INPUT,
        rules.UNKNOWN_INPUT,
        rules.WRONG_INPUT_TYPE,
        rules.ENDLESS_RECURSION,
        rules.NO_ENTRY_POINT,
        rules.DUPLICATE_ACTION,
    )
)
"""What depends on other files: one that cannot be read may hide it."""

_DATABASE = frozenset(
    one.code
    for one in (
        rules.UNKNOWN_ACTION,
        rules.MISSING_INPUT,
        rules.UNKNOWN_INPUT,
        rules.WRONG_INPUT_TYPE,
        rules.UNMET_DEPENDENCY,
        rules.DEPENDENCY_CIRCLE,
    )
)
"""What may depend on actions and packs that only a database knows."""


@dataclass(frozen=True, slots=True)
class _Sight:
    """What was found where, and what could not be looked for."""

    covered: frozenset[tuple[str, Key]]
    first_lines: Mapping[tuple[str, str], int]
    stopped: frozenset[str]
    unseen: frozenset[str]


def unused(
    found: Collection[Diagnostic], comments: Mapping[str, Ignores], *, asked: bool
) -> list[Diagnostic]:
    """A warning for each code in `comments`, by file, that covers none of `found`.

    `asked` tells whether a database was asked. Nothing is said of what could not be seen: of any
    rule in a file whose errors stop its check, and of rules across files when some file is broken.
    """
    if not comments:
        return []
    sight = _sight(found, comments, asked=asked)
    told: list[Diagnostic] = []
    for file, ignores in comments.items():
        if file not in sight.stopped:
            told += _in_file(file, ignores, sight)
    return told


def _in_file(file: str, ignores: Ignores, sight: _Sight) -> tuple[Diagnostic, ...]:
    report = Report(file)
    for key, spans in ignores.places.items():
        code, line = key
        if (file, key) in sight.covered or code in sight.unseen:
            continue
        where = "the file" if line == WHOLE_FILE else f"line {line}"
        message = f"{where} has no {quoted(code)} to ignore"
        hint = _hint(sight.first_lines.get((file, code)))
        for span in spans:
            report.add(rules.UNUSED_IGNORE, Place(span), message, hint=hint)
    return report.diagnostics()


def _hint(elsewhere: int | None) -> str:
    if elsewhere is None:
        return "Remove it."
    return f"Line {elsewhere} has one: move the comment there, or remove it."


def _sight(
    found: Collection[Diagnostic], comments: Mapping[str, Ignores], *, asked: bool
) -> _Sight:
    covered: set[tuple[str, Key]] = set()
    first_lines: dict[tuple[str, str], int] = {}
    for one in found:
        if one.file not in comments:
            continue
        keys = comments[one.file].covering(one)
        covered.update((one.file, key) for key in keys)
        if not keys:
            first_lines.setdefault((one.file, one.rule.code), one.span.line)
    stopped = frozenset(one.file for one in found if _stops(one))
    unseen = {rules.UNUSED_IGNORE.code}
    if not asked:
        unseen |= _DATABASE
    if stopped:
        unseen |= _ACROSS
    return _Sight(frozenset(covered), first_lines, stopped, frozenset(unseen))


def _stops(one: Diagnostic) -> bool:
    return one.rule.refuses or one.rule is rules.TOO_MANY_PROBLEMS
