"""What there is to take over of a pack, how it is told, and the taking."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC
from typing import NoReturn

import typer
from pydantic import SecretStr
from rich.text import Text

from controller.cli.asking import settings
from controller.cli.checking import result
from controller.cli.differing import Shape, told
from controller.cli.differing import show as show_plan
from controller.cli.output import Exit, Format, fail, report, screen
from controller.cli.past import reading
from controller.cli.progress import Progress
from controller.cli.syncing import manifest_ref
from controller.cli.targets import Target
from controller.database import database_url, retention
from controller.errors import PackError, Stalled
from controller.formats.plans import PlanReport
from controller.pack.identity import Owner
from controller.pack.source import Look, Observed, Source
from controller.reconcile import Inspected, Reconciler, difference
from controller.redact import scrub
from controller.store import DatabaseSettings, Holder, Store
from controller.validate import Memo


@dataclass(slots=True)
class Seen:
    """A source that is looked at once: what was agreed to is what is applied."""

    source: Source
    found: Observed | None = field(default=None)

    def observe(self, look: Look) -> Observed:
        """What the first look found."""
        if self.found is None:
            self.found = self.source.observe(look)
        return replace(self.found, number=look.number())

    def read(self, oids: Sequence[str]) -> Mapping[str, bytes]:
        """As the source does it."""
        return self.source.read(oids)


@dataclass(frozen=True, slots=True)
class Takeover:
    """What becomes whose: `target` asks for all of it. `former` is who has the pack now, None where
    nobody has or it stays so; `by_hand` are refs under which people made something."""

    target: Target
    inspected: Inspected
    report: PlanReport
    pack_ref: str | None
    former: Holder | None
    by_hand: tuple[str, ...]
    adopted: int

    @property
    def failure(self) -> PackError | None:
        """Why it cannot be done."""
        return self.report.failure

    @property
    def code(self) -> Exit:
        """What the command ends with where it cannot."""
        return Exit.REFUSED if isinstance(self.failure, Stalled) else Exit.UNABLE

    @property
    def is_nothing(self) -> bool:
        """Whether nothing is there that is not the owner's."""
        return self.former is None and not self.by_hand and self.adopted == 0


def look(target: Target, database: str | None) -> Takeover:
    """Find what there is to take over; nothing is written."""
    asked, memo = replace(target.asked, source=Seen(target.asked.source)), Memo()
    with reading(database, planning=True) as store, Progress() as progress:
        progress.say(f"Planning {target.name}")
        pack_ref = manifest_ref(asked)
        former = _former(store, pack_ref, asked.owner)
        if former is not None and former.owner.is_resource:
            asked = replace(asked, heir_of=(former.owner,))
        inspected = difference(asked, memo, store)
        by_hand = _made_by_hand(inspected)
        if by_hand:
            asked = replace(asked, adopts=frozenset(by_hand))
            inspected = difference(asked, memo, store)
    planned = inspected.outcome.planned
    adopted = sum(step.is_adopted for step in planned.steps) if planned else 0
    made = replace(target, asked=asked)
    return Takeover(made, inspected, told(inspected, made), pack_ref, former, by_hand, adopted)


def show(takeover: Takeover) -> None:
    """Print the plan, then what changes hands."""
    show_plan(takeover.report, Shape.TEXT, brief=False)
    if takeover.failure is not None:
        return
    out = screen()
    for said in _changes(takeover):
        out.print(Text.assemble(("→ ", "bold yellow"), scrub(said)), soft_wrap=True)


def agreed() -> bool:
    """Ask; ends the command where nobody can answer."""
    if not sys.stdin.isatty():
        fail(ValueError("Nothing was written: say --yes where nobody can be asked."))
    return typer.confirm("Take it over?")


def leave(takeover: Takeover, output: Format) -> NoReturn:
    """Exit where there is nothing to take; the JSON is what a dry run says in a Pack's status."""
    if output is Format.JSON:
        inspected = takeover.inspected
        report(inspected.outcome, result(inspected, takeover.target), output)
    raise typer.Exit(Exit.GOOD)


def carry_out(takeover: Takeover, database: str | None, output: Format) -> NoReturn:
    """Do it, print what came of it, and exit."""
    given = {"database_url": SecretStr(database)} if database else {}
    found = settings(**given)
    asked = replace(takeover.target.asked, dry_run=False)
    try:
        with (
            database_url(found) as url,
            Store(DatabaseSettings(url), retention=retention(found)) as store,
        ):
            inspected = Reconciler(store, Memo()).inspect(asked)
    except PackError as error:
        fail(error)
    report(inspected.outcome, result(inspected, takeover.target), output)


def _former(store: Store, pack_ref: str | None, owner: Owner) -> Holder | None:
    """Who has the pack, if it is not the owner already."""
    held = store.holders(pack_ref) if pack_ref else ()
    is_owners = (one.owner.is_same(owner) or one.owner.is_namesake(owner) for one in held)
    return None if any(is_owners) else next(iter(held), None)


def _made_by_hand(inspected: Inspected) -> tuple[str, ...]:
    """The refs at which a plan stops for the sake of what people made."""
    planned = inspected.outcome.planned
    return tuple(step.ref for step in planned.steps if step.is_adoptable) if planned else ()


def _changes(takeover: Takeover) -> list[str]:
    if takeover.is_nothing:
        return ["There is nothing to take over: a sync does all of this by itself."]
    said = []
    if former := takeover.former:
        since = former.claimed_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
        now = _named(takeover.target.asked.owner)
        loses = f" If {former.owner} is still there, it gets RefConflict."
        said.append(
            f"Pack ref {takeover.pack_ref} goes from {_held(former.owner)}, which has it since "
            f"{since}, to {now}.{loses if former.owner.is_resource else ''}"
        )
    if takeover.by_hand:
        said.append(f"Made by hand, and Git's from now on: {', '.join(takeover.by_hand)}.")
    if rest := takeover.adopted - len(takeover.by_hand):
        said.append(f"Made by Attune's own sync, and Git's from now on: {rest} of these.")
    return said


def _held(owner: Owner) -> str:
    return _named(owner) if owner.is_resource else "the command line"


def _named(owner: Owner) -> str:
    if not owner.is_resource:
        return "the command line, and so to the first Pack that comes"
    return f"{owner} of cluster {owner.cluster!r}" if owner.cluster else str(owner)
