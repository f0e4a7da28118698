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

from controller.cli.hints import typed, unretried
from controller.errors import PackError, Stalled
from controller.formats import PackResult, Results, finding, findings
from controller.pack.diagnostic import Diagnostic
from controller.pack.outcome import Findings, Outcome
from controller.pack.status import PackStatus
from controller.redact import scrub
from controller.status import Circumstances, render
from controller.status.words import plural, ready, verified

# Of lines in a file or a pipe, which have no width of their own.
_WIDTH = 120


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


def screen(*, stderr: bool = False) -> Console:
    """Standard output or error; colours on a terminal, or as NO_COLOR and FORCE_COLOR want it."""
    return Console(stderr=stderr, highlight=False)


def report(outcome: Outcome, pack: PackResult, form: Format) -> NoReturn:
    """Print what came of a pack and exit. The JSON is the status that a Pack would have."""
    if form is Format.JSON:
        around = Circumstances(generation=0, now=datetime.now(UTC))
        status = render(outcome, PackStatus(), around)
        typer.echo(_json(status.model_dump(mode="json", by_alias=True, exclude_none=True)))
    else:
        _print(outcome, pack)
    raise typer.Exit(_code(outcome))


def fail(error: PackError | Exception) -> NoReturn:
    """Say on standard error why nothing could be done, and exit."""
    say_why(error)
    raise typer.Exit(Exit.UNABLE)


def say_why(error: PackError | Exception, name: str = "") -> None:
    """Say on standard error what could not be done (with `name`, if there is more to do)."""
    about = "" if name in str(error) else f"{name}: "
    said = Text.assemble(("packctl: ", "bold red"), scrub(f"{about}{typed(str(error))}"))
    screen(stderr=True).print(said, soft_wrap=True)


def complain(diagnostics: Iterable[Diagnostic]) -> None:
    """Print diagnostics on standard error, for a command whose result is something else."""
    err = screen(stderr=True)
    for one in diagnostics:
        err.print(finding(one, {}, _WIDTH), soft_wrap=True)


def list_findings(results: Results, out: Console) -> None:
    """Print every finding with its line."""
    width = out.width if out.is_terminal else _WIDTH
    for one in findings(results, width):
        out.print(one, soft_wrap=True)
        out.print()


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def _code(outcome: Outcome) -> Exit:
    if outcome.failure is None:
        return Exit.GOOD
    if isinstance(outcome.failure.error, Stalled) and outcome.revision is not None:
        return Exit.REFUSED
    return Exit.UNABLE


def _print(outcome: Outcome, pack: PackResult) -> None:
    out = screen()
    list_findings(Results((pack,)), out)
    if outcome.failure is not None:
        said = _wrong(outcome.failure.error, outcome.findings)
        out.print(Text.assemble(("✗ ", "bold red"), scrub(said)), soft_wrap=True)
        return
    good = [verified(outcome.revision, outcome.verdict)] if outcome.verdict else []
    for said in [*good, ready(outcome)]:
        out.print(Text.assemble(("✓ ", "bold green"), scrub(said)), soft_wrap=True)


def _wrong(error: PackError, found: Findings | None) -> str:
    """What stopped it; the errors of the files stand above already."""
    if found is None or not found.errors:
        return f"{error.reason.value}: {typed(str(unretried(error)))}"
    errors = len(found.errors)
    warnings = len(found.diagnostics) - errors
    return f"{error.reason.value}: {plural(errors, 'error')}, {plural(warnings, 'warning')}."
