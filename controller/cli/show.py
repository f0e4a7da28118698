"""`packctl show`: one applied revision, and the exact texts that were applied."""

from __future__ import annotations

import difflib
import json
import sys
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Annotated, Any

import typer
import yaml
from rich.text import Text

from controller.cli import applying
from controller.cli.columns import columns
from controller.cli.entries import asked_by, changes, clock, owner, recorded_data
from controller.cli.output import fail, screen
from controller.cli.past import reading, recorded
from controller.pack.content import CompiledWorkflow
from controller.pack.naming import LATEST
from controller.redact import escaped, scrub
from controller.store import RecordedRevision, RevisionEntry

_DIGEST = 12
_LABEL = 11


class Document(StrEnum):
    """How to print one thing."""

    TEXT = "text"
    JSON = "json"
    YAML = "yaml"


def show(
    pack: Annotated[str, typer.Argument(metavar="PACK", help="The pack's ref.")],
    revision: Annotated[
        str,
        typer.Argument(
            metavar="REV",
            help="Which: its number, latest, ~1 for the one before the latest, a revision as "
            "main@1f3a9c2d, or the beginning of a commit.",
        ),
    ] = LATEST,
    database: applying.Database = None,
    workflow: Annotated[
        str | None,
        typer.Option(
            "--workflow",
            metavar="REF",
            help="Print what was applied of this workflow, to the letter.",
            show_default=False,
        ),
    ] = None,
    output: Annotated[
        Document, typer.Option("-o", "--output", help="How to print it.")
    ] = Document.TEXT,
) -> None:
    """Show one applied revision of a pack: its commit, what it changed, every workflow in it.

    With --workflow: the recorded body, from which the rows of that workflow were
    made. As text it is the very text that was applied, so that its SHA-256 is the
    workflow's digest. The database is only read.

    Exit codes: 0 shown, 2 there is no such pack, revision or workflow, or the
    database cannot be read.

    Examples:

      packctl show payments

      packctl show payments 12 -o yaml

      packctl show payments ~1 --workflow payments.refund -o yaml

      packctl show payments main@1f3a9c2d --workflow refund | jq .definition.tasks
    """
    with reading(database) as store:
        found = recorded(store, pack, revision)
    if workflow is not None:
        _print_workflow(_named(found, workflow), output)
    elif output is Document.TEXT:
        _print_text(found)
    else:
        _print_data({"pack": pack, **recorded_data(found)}, output)


def _named(found: RecordedRevision, name: str) -> CompiledWorkflow:
    """The workflow of this ref, which may lack the pack's; ends the command where there is none."""
    ref = name if "." in name else f"{found.entry.pack_ref}.{name}"
    bodies = {one.ref: one for one in found.workflows}
    if ref not in bodies:
        fail(_lacking(found, ref, bodies))
    return bodies[ref]


def _lacking(found: RecordedRevision, ref: str, bodies: Iterable[str]) -> ValueError:
    pack, number = found.entry.pack_ref, found.entry.number
    if ref in found.missing or not found.entry.is_complete:
        return ValueError(
            f"The body of {ref} was not recorded with revision {number} of {pack}: an older "
            f"program applied it. `packctl history {pack} -o wide` tells which are recorded."
        )
    near = difflib.get_close_matches(ref, bodies, n=1)
    hint = f"Did you mean {near[0]}?" if near else f"`packctl show {pack} {number}` lists all."
    return ValueError(f"There is no workflow {ref} in revision {number} of {pack}. {hint}")


def _print_workflow(workflow: CompiledWorkflow, form: Document) -> None:
    if form is not Document.TEXT:
        _print_data(json.loads(workflow.document), form)
        return
    if sys.stdout.isatty():
        typer.echo(escaped(workflow.document))
    else:
        typer.echo(workflow.document.encode(), nl=False)


def _print_data(data: dict[str, Any], form: Document) -> None:
    if form is Document.JSON:
        typer.echo(escaped(json.dumps(data, indent=2, ensure_ascii=False)))
    else:
        typer.echo(yaml.safe_dump(data, sort_keys=False, width=100, allow_unicode=True), nl=False)


def _print_text(found: RecordedRevision) -> None:
    out = screen()
    entry = found.entry
    out.print(Text(f"Revision {entry.number} of {entry.pack_ref}", "bold"))
    for label, value in _facts(found.entry):
        line = Text.assemble((f"{label + ':':<{_LABEL}}", "dim"), scrub(value))
        out.print(line, soft_wrap=True)
    if not entry.is_complete:
        out.print(Text("Its workflows were not recorded: an older program applied it.", "yellow"))
        return
    out.print(f"{'Workflows:':<{_LABEL}}{len(found.workflows) + len(found.missing)}\n")
    for row in _inventory(found):
        out.print(row, soft_wrap=True)


def _facts(entry: RevisionEntry) -> Iterator[tuple[str, str]]:
    yield "Revision", entry.revision
    if entry.details:
        made = entry.details
        yield "Commit", f"{made.subject} ({made.author}, {clock(made.time)})"
    if entry.source_url:
        yield "Source", " ".join(filter(None, [entry.source_url, entry.source_ref]))
    yield "Applied", f"{clock(entry.applied_at)} by {owner(entry)}, asked by {asked_by(entry)}"
    if entry.version:
        yield "Version", entry.version
    yield "Changes", changes(entry)


def _inventory(found: RecordedRevision) -> Iterator[Text]:
    rows = [(one.ref, one.version, one.digest[:_DIGEST], one.file) for one in found.workflows]
    rows += [(ref, "-", "not recorded", "-") for ref in found.missing]
    return columns(["WORKFLOW", "VERSION", "DIGEST", "FILE"], sorted(rows))
