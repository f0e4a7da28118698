"""Which diagnostics count, and how much: settings, comments, the Pack's own word. Pure.

May import `pack` and the neighbours.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from controller.pack.diagnostic import Diagnostic, Level
from controller.pack.rules import UNKNOWN_ACTION
from controller.validate.ignores import Ignores

Levels = Mapping[str, Level]
"""What is made of rules, by code."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Who wants which rules how.

    `operator` is what the Pack's spec says and has the last word, then the `comments` in files (by
    path), then `author`, which is what the pack's own packctl.toml says. None of them takes away
    an error of a rule that is not adjustable.
    """

    operator: Levels = field(default_factory=dict)
    author: Levels = field(default_factory=dict)
    comments: Mapping[str, Ignores] = field(default_factory=dict)

    def judged(self, found: Iterable[Diagnostic]) -> list[Diagnostic]:
        """`found` without what is ignored, each at its level."""
        judged = []
        for one in found:
            level = self._level(one)
            severity = one.severity if level is None else level.severity
            if severity is not None:
                judged.append(one if severity is one.severity else replace(one, level=severity))
        return judged

    def _level(self, one: Diagnostic) -> Level | None:
        code = one.rule.code
        if not one.rule.adjustable:
            return None
        if code in self.operator:
            return self.operator[code]
        comments = self.comments.get(one.file)
        if comments is not None and comments.covering(one):
            return Level.IGNORE
        return self.author.get(code)


def operator_levels(severities: Levels, unknown_actions: Level) -> Levels:
    """What a Pack's `spec.validation` says of rules; a default says nothing."""
    if unknown_actions is Level.WARN:
        return severities
    return {UNKNOWN_ACTION.code: unknown_actions, **severities}
