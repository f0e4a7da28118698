"""How the command line speaks: text in colours on a terminal, JSON on request, exit codes."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from enum import IntEnum, StrEnum
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.text import Text

from controller.errors import PackError, Stalled
from controller.pack.diagnostic import Diagnostic, Severity
from controller.pack.outcome import Findings, Outcome
from controller.pack.status import PackStatus
from controller.redact import scrub
from controller.status import Circumstances, render
from controller.status.words import plural, ready

_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow"}


class Exit(IntEnum):
    """What the process ends with."""

    GOOD = 0
    REFUSED = 1
    UNABLE = 2


class Format(StrEnum):
    """How to print the result."""

    TEXT = "text"
    JSON = "json"


Output = Annotated[Format, typer.Option("-o", "--output", help="How to print it.")]
"""The option that every command with a result has."""


def report(outcome: Outcome, form: Format) -> NoReturn:
    """Print what came of a pack and exit. The JSON is the status that a Pack would have."""
    if form is Format.JSON:
        around = Circumstances(generation=0, now=datetime.now(UTC))
        status = render(outcome, PackStatus(), around)
        typer.echo(_json(status.model_dump(mode="json", by_alias=True, exclude_none=True)))
    else:
        _print(outcome)
    raise typer.Exit(_code(outcome))


def fail(error: PackError | Exception) -> NoReturn:
    """Say on standard error why nothing could be done, and exit."""
    Console(stderr=True, highlight=False).print(
        Text.assemble(("packctl: ", "bold red"), scrub(str(error))), soft_wrap=True
    )
    raise typer.Exit(Exit.UNABLE)


def complain(diagnostics: Iterable[Diagnostic]) -> None:
    """Print diagnostics on standard error, for a command whose result is something else."""
    err = Console(stderr=True, highlight=False)
    for one in diagnostics:
        err.print(_line(one), soft_wrap=True)


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def _code(outcome: Outcome) -> Exit:
    if outcome.failure is None:
        return Exit.GOOD
    if isinstance(outcome.failure.error, Stalled) and outcome.revision is not None:
        return Exit.REFUSED
    return Exit.UNABLE


def _print(outcome: Outcome) -> None:
    out = Console(highlight=False)
    if outcome.findings is not None:
        for one in outcome.findings.diagnostics:
            out.print(_line(one), soft_wrap=True)
    if outcome.failure is not None:
        said = _wrong(outcome.failure.error, outcome.findings)
        out.print(Text.assemble(("✗ ", "bold red"), scrub(said)), soft_wrap=True)
        return
    said = ready(outcome) if outcome.applied else _valid(outcome.findings)
    out.print(Text.assemble(("✓ ", "bold green"), scrub(said)), soft_wrap=True)


def _wrong(error: PackError, findings: Findings | None) -> str:
    """What stopped it; the errors of the files stand above already."""
    if findings is None or not findings.errors:
        # What passes by itself comes with the hint that the controller tries again; we do not.
        text = str(error) if isinstance(error, Stalled) else error.message
        return f"{error.reason.value}: {text}"
    errors = len(findings.errors)
    warnings = len(findings.diagnostics) - errors
    return f"{error.reason.value}: {plural(errors, 'error')}, {plural(warnings, 'warning')}."


def _valid(findings: Findings | None) -> str:
    count = findings.files if findings else 0
    warnings = len(findings.diagnostics) if findings else 0
    return f"{plural(count, 'workflow')} valid, {plural(warnings, 'warning')}."


def _line(one: Diagnostic) -> Text:
    """`workflows/a.yaml:3:5: error ATT203: …`, then the hint on a line of its own."""
    place = f"{one.file}:{one.span.line}:{one.span.column}: "
    severity = one.severity
    text = Text.assemble(
        (scrub(place), "bold"),
        (f"{severity.value.lower()} {one.rule.code}", _STYLES[severity]),
        f": {scrub(one.message)}",
    )
    if one.hint:
        text.append(f"\n    {scrub(one.hint)}", "dim")
    return text
