"""One problem of a pack, exactly placed. Imports nothing of ours."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """An error keeps the workflow out of the database; a warning does not."""

    ERROR = "Error"
    WARNING = "Warning"


class Category(StrEnum):
    """What kind of rule was broken."""

    SYNTAX = "syntax"
    SCHEMA = "schema"
    SEMANTICS = "semantics"
    EXPRESSIONS = "expressions"
    REFERENCE = "reference"
    LIMITS = "limits"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Where something stands in a file: lines and columns count from 1, the end is exclusive."""

    line: int = 1
    column: int = 1
    end_line: int = 1
    end_column: int = 1


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a file that no node stands at."""

    span: Span


class Level(StrEnum):
    """What a user makes of a rule, in place of its own severity."""

    ERROR = "Error"
    WARN = "Warn"
    IGNORE = "Ignore"

    @property
    def severity(self) -> Severity | None:
        """The severity that it gives a diagnostic; None when there is to be none."""
        return _SEVERITIES[self]


_SEVERITIES = {Level.ERROR: Severity.ERROR, Level.WARN: Severity.WARNING, Level.IGNORE: None}


@dataclass(frozen=True, slots=True)
class Rule:
    """A stable code with what is common to all its diagnostics.

    `adjustable` is False for an error after which there is nothing left that could be stored, or
    that Attune itself would refuse: no setting and no comment takes such an error away.
    """

    code: str
    severity: Severity
    category: Category
    summary: str
    adjustable: bool

    @property
    def refuses(self) -> bool:
        """Whether it keeps a file out of the database whatever a user makes of it."""
        return self.severity is Severity.ERROR and not self.adjustable


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding. `path` is the place inside the document (`tasks[2].next[0].do`), `hint` what
    to do about it, `workflow` the workflow's ref as far as it is known, `level` the severity that
    the user gave the rule (None: its own)."""

    rule: Rule
    message: str
    file: str
    span: Span = Span()
    path: str = ""
    hint: str = ""
    workflow: str = ""
    level: Severity | None = None

    @property
    def severity(self) -> Severity:
        """How bad it is."""
        return self.level or self.rule.severity

    @property
    def is_error(self) -> bool:
        """Whether this keeps the file out of the database."""
        return self.severity is Severity.ERROR

    def sort_key(self) -> tuple[bool, str, int, int, str, str]:
        """Errors first, then by file and place."""
        return (
            not self.is_error,
            self.file,
            self.span.line,
            self.span.column,
            self.rule.code,
            self.message,
        )


def ordered(diagnostics: list[Diagnostic] | tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    """`diagnostics` in the one order that every report has, without repetitions."""
    return tuple(sorted(dict.fromkeys(diagnostics), key=Diagnostic.sort_key))
