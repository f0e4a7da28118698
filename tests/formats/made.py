"""Results as a check would give them, in one line each."""

from __future__ import annotations

from controller.errors import Reason, Stalled
from controller.formats import PackResult, Results
from controller.pack.diagnostic import Diagnostic, Rule, Severity, Span
from controller.pack.rules import UNKNOWN_FIELD, WRONG_TYPE

FILE = "packs/a/workflows/w.yaml"
ERROR = Diagnostic(
    WRONG_TYPE, "`tasks` must be a list", FILE, Span(3, 8, 3, 12), "tasks", "Write `[here]`.", "a.w"
)
WARNING = Diagnostic(UNKNOWN_FIELD, "`x` is not a field", FILE, Span(9, 1, 9, 2), "x")
AWAY = Stalled(Reason.REPOSITORY_NOT_FOUND, "There is no repository.", hint="Check the URL.")


def one(*findings: Diagnostic, files: tuple[str, ...] = (FILE,), strict: bool = False) -> Results:
    return Results((PackResult("packs/a", files, findings),), strict)


def unable() -> Results:
    return Results((PackResult("https://git.example.com/x.git", failure=AWAY),))


def at(line: int, column: int, end_line: int, end_column: int, **more: str) -> Diagnostic:
    span = Span(line, column, end_line, end_column)
    return Diagnostic(WRONG_TYPE, more.get("message", "wrong"), more.get("file", FILE), span)


def of_rule(rule: Rule, level: Severity | None = None) -> Diagnostic:
    return Diagnostic(rule, "wrong", FILE, level=level)
