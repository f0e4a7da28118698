"""A plan that was made → what people and programs read of it, and the exit code."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import NoReturn

import typer
from rich.text import Text

from controller.cli.checking import result
from controller.cli.hints import typed, unretried
from controller.cli.output import Exit, list_findings, screen
from controller.cli.past import reading
from controller.cli.progress import Progress
from controller.cli.targets import Target
from controller.errors import PackError, Stalled
from controller.formats import Results
from controller.formats.plans import (
    PlanReport,
    plan_listing,
    plan_markdown,
    plan_summary,
    plan_text,
)
from controller.reconcile import Inspected, difference
from controller.redact import scrub
from controller.status.words import plural
from controller.validate import Memo


class Shape(StrEnum):
    """How to print a plan."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


def planned(target: Target, database: str | None, *, for_owner: bool) -> PlanReport:
    """What a sync of a pack would do; `for_owner`: as the Pack whose pack it is. Ends the command
    where there is no database."""
    with reading(database, planning=True) as store, Progress() as progress:
        progress.say(f"Planning {target.name}")
        return told(difference(target.asked, Memo(), store, for_owner=for_owner), target)


def told(inspected: Inspected, target: Target) -> PlanReport:
    """What there is to tell of a pack that was planned."""
    comparison, failure = inspected.comparison, inspected.outcome.failure
    plan = comparison.fields if comparison else None
    if plan is not None and inspected.outcome.commit is None:
        # The id of a folder is nothing that anybody could look up.
        plan = replace(plan, after=target.name)
    return PlanReport(
        target.name,
        plan,
        owner=comparison.owner if comparison else "",
        failure=_worded(failure.error) if failure else None,
        found=result(inspected, target),
    )


def show(made: PlanReport, shape: Shape, *, brief: bool) -> None:
    """Print it on standard output; in text, why a sync would refuse it on standard error."""
    if shape is Shape.JSON:
        typer.echo(plan_listing(made, brief=brief), nl=False)
    elif shape is Shape.MARKDOWN:
        typer.echo(plan_markdown(made, brief=brief), nl=False)
    else:
        _show_text(made, brief=brief)


def end(made: PlanReport, *, dry: bool) -> NoReturn:
    """Exit as kubectl diff does (0 no difference, 1 differences, 2 failed), or, `dry`, as the sync
    would (0 applied, 1 refused, 2 failed)."""
    if made.failure is not None:
        is_refused = dry and isinstance(made.failure, Stalled)
        raise typer.Exit(Exit.REFUSED if is_refused else Exit.UNABLE)
    differs = made.plan is not None and made.plan.differs
    raise typer.Exit(Exit.REFUSED if differs and not dry else Exit.GOOD)


def _worded(error: PackError) -> PackError:
    """`error` in the words of options, for a command that ends."""
    once = unretried(error)
    return type(once)(once.reason, typed(once.message), hint=typed(once.hint))


def _show_text(made: PlanReport, *, brief: bool) -> None:
    out = screen()
    if not brief:
        _show_findings(made)
        for one in plan_text(made):
            out.print(one, soft_wrap=True)
    if made.plan is not None:
        out.print(plan_summary(made), soft_wrap=True)
    if made.failure is not None:
        said = Text.assemble(("✗ ", "bold red"), scrub(made.why))
        screen(stderr=True).print(said, soft_wrap=True)


def _show_findings(made: PlanReport) -> None:
    """The errors; warnings would bury the plan, and are another command's."""
    if made.found is None:
        return
    errors = tuple(one for one in made.found.findings if one.is_error)
    list_findings(Results((replace(made.found, findings=errors),)), screen())
    if made.found.warnings:
        said = f"{plural(made.found.warnings, 'warning')}, which packctl validate lists."
        screen(stderr=True).print(Text(said, "dim"))
