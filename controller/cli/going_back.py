"""`packctl rollback` where the database is asked: a plan, and a pack that goes back at once."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from controller.cli.clustered import good
from controller.cli.differing import Shape, show
from controller.cli.hints import unretried
from controller.cli.output import Exit, Format, fail, say_why
from controller.cli.past import named, reading
from controller.errors import PackError, Reason, Stalled
from controller.formats.plans import PlanReport
from controller.pack.identity import COMMAND_LINE, Owner
from controller.pack.outcome import Outcome
from controller.pack.spec import GitSpec, PackSpec, RollbackSpec, Until
from controller.reconcile import Asked, Reconciler, Unopened, to_return
from controller.status.words import changes, short
from controller.store import Store
from controller.validate import Memo

if TYPE_CHECKING:
    from controller.operator.resource import Resource


def rehearse(pack: Resource, wanted: RollbackSpec, database: str | None, output: Format) -> None:
    """Show the plan of a Pack's rollback."""
    with reading(database) as store:
        asked = _asked(pack.owner, pack.spec(), wanted, pack.generation)
        show(_planned(store, asked, f"Pack {pack.key}"), _shape(output), brief=False)


def at_once(
    pack_ref: str, revision: str, database: str | None, output: Format, *, dry: bool
) -> None:
    """Go back where no controller does it."""
    with reading(database) as store:
        entry = named(store, pack_ref, revision)
        wanted = RollbackSpec(revision=entry.number, until=Until.REMOVED)
        git = GitSpec(url=entry.source_url or Path.cwd().as_uri())
        asked = _asked(COMMAND_LINE, PackSpec(ref=pack_ref, git=git), wanted, 0)
        made = _planned(store, asked, pack_ref)
        if made.owner:
            _refuse_owned(pack_ref, made.owner, entry.number)
        if dry:
            show(made, _shape(output), brief=False)
            return
        outcome = Reconciler(store, Memo()).reconcile(asked)
    _tell(outcome, entry.number, output)


def _asked(owner: Owner, spec: PackSpec, wanted: RollbackSpec, generation: int) -> Asked:
    source = Unopened(Stalled(Reason.INTERNAL_ERROR, "No repository is asked for a rollback."))
    spec = spec.model_copy(update={"rollback": wanted})
    return Asked(owner, generation, spec, source)


def _planned(store: Store, asked: Asked, name: str) -> PlanReport:
    """What going back would do, by field; ends the command where the revision cannot be had."""
    wanted = asked.spec.rollback
    assert wanted is not None  # noqa: S101  # `_asked` has set it
    standing = store.standing(asked.owner, pack_ref=asked.spec.ref or "")
    try:
        # A plan draws no number: the role may be one that only reads.
        request = to_return(replace(asked, dry_run=True), standing, wanted, store).request
        found = store.compare(request, for_owner=True)
    except PackError as error:
        fail(unretried(error))
    return PlanReport(name, found.fields, owner=found.owner)


def _refuse_owned(pack_ref: str, owner: str, number: int) -> None:
    namespace, _, name = owner.removeprefix("Pack ").partition("/")
    said = (
        f"Pack ref {pack_ref!r} belongs to {owner}, whose controller would undo this. "
        f"Roll that back: packctl rollback {name} {number} -n {namespace}"
    )
    say_why(ValueError(said))
    raise typer.Exit(Exit.REFUSED)


def _tell(outcome: Outcome, number: int, output: Format) -> None:
    if outcome.failure is not None:
        say_why(unretried(outcome.failure.error))
        is_refused = isinstance(outcome.failure.error, Stalled)
        raise typer.Exit(Exit.REFUSED if is_refused else Exit.UNABLE)
    done = outcome.applied
    if output is Format.JSON:
        told = {"number": done.number if done else None, "revision": str(outcome.held)}
        typer.echo(json.dumps({"rolledBackTo": number, **told}, indent=2))
        return
    did = changes(done) if done else ""
    good(f"Rolled back to revision {number} ({short(outcome.held)}): {did or 'nothing to do'}.")


def _shape(output: Format) -> Shape:
    return Shape.JSON if output is Format.JSON else Shape.TEXT
