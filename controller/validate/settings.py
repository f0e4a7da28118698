"""`packctl.toml`: what a pack's authors want of its validation. Pure, total.

May import `load`, `pack` and the neighbours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from controller.load.files import SETTINGS
from controller.load.select import Selection
from controller.load.text import decode
from controller.load.toml import NotToml, Toml, parse_toml
from controller.pack.diagnostic import Diagnostic, Level
from controller.pack.report import Report, nearest, quoted
from controller.pack.rules import BAD_SETTINGS
from controller.validate.codes import objection
from controller.validate.policy import Levels

_TABLE = "severities"
_LEVELS = {one.value: one for one in Level}
_FORM = 'Write `[severities]`, and below it lines such as `ATT206 = "Ignore"`.'
_FORM_OF_LEVEL = 'Write "Error", "Warn" or "Ignore".'


@dataclass(frozen=True, slots=True)
class CheckedSettings:
    """What the file says, and what is wrong with it.

    What cannot be understood counts as not said: such a rule keeps its own severity.
    """

    severities: Levels = field(default_factory=dict)
    diagnostics: tuple[Diagnostic, ...] = ()


def check_settings(selection: Selection, contents: Mapping[str, bytes]) -> CheckedSettings:
    """Check `packctl.toml`; `contents` has its blob, when there is one."""
    if selection.settings is None:
        return CheckedSettings()
    report = Report(SETTINGS)
    text = decode(contents[selection.settings.oid], report)
    severities = {} if text is None else _severities(text, report)
    return CheckedSettings(severities, report.diagnostics())


def _severities(text: str, report: Report) -> Levels:
    toml = parse_toml(text)
    if isinstance(toml, NotToml):
        message = f"{SETTINGS} cannot be read: {toml.message}"
        report.add(BAD_SETTINGS, toml.place, message, hint=_FORM)
        return {}
    for name in [one for one in toml.values if one != _TABLE]:
        hint = nearest(name, (_TABLE,)) or f"`[{_TABLE}]` is all that can be set."
        message = f"{quoted(name)} is not known in {SETTINGS}"
        _complain(report, toml, (name,), message, hint)
    table = toml.values.get(_TABLE, {})
    if not isinstance(table, dict):
        message = f"{quoted(_TABLE)} must be a table"
        _complain(report, toml, (_TABLE,), message, _FORM, at_value=True)
        return {}
    return {
        code: _LEVELS[level] for code, level in table.items() if _allows(toml, code, level, report)
    }


def _allows(toml: Toml, code: str, level: Any, report: Report) -> bool:
    if (problem := objection(code)) is not None:
        _complain(report, toml, (_TABLE, code), *problem)
        return False
    if not isinstance(level, str) or level not in _LEVELS:
        message = f"{quoted(str(level))} is not a severity"
        _complain(report, toml, (_TABLE, code), message, _FORM_OF_LEVEL, at_value=True)
        return False
    return True


def _complain(
    report: Report,
    toml: Toml,
    path: tuple[str, ...],
    message: str,
    hint: str,
    *,
    at_value: bool = False,
) -> None:
    # Past the last one that is listed, nobody needs the place.
    place = None
    if not report.is_full(BAD_SETTINGS):
        place = toml.value(*path) if at_value else toml.key(*path)
    report.add(BAD_SETTINGS, place, message, path=".".join(path), hint=hint)
