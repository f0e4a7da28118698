"""`packctl history`: what was applied of a pack, and what was tried."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.text import Text

from controller.cli import applying
from controller.cli.columns import Cell, columns
from controller.cli.entries import (
    asked_by,
    attempt_data,
    changes,
    clock,
    made,
    owner,
    revision_data,
)
from controller.cli.output import screen
from controller.cli.past import known, reading
from controller.errors import Reason
from controller.pack.naming import shortened
from controller.redact import escaped, scrub
from controller.status.words import plural
from controller.store import AttemptEntry, RevisionEntry

_LIMIT = 20
_ERRORS = 3


class Listing(StrEnum):
    """How to print lines of the past."""

    TEXT = "text"
    WIDE = "wide"
    JSON = "json"


def history(
    pack: Annotated[str, typer.Argument(metavar="PACK", help="The pack's ref.")],
    database: applying.Database = None,
    *,
    attempts: Annotated[
        bool, typer.Option("--attempts", help="What was tried, and what came of it.")
    ] = False,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many are listed.")] = _LIMIT,
    output: Annotated[
        Listing, typer.Option("-o", "--output", help="How to print it.")
    ] = Listing.TEXT,
) -> None:
    """List what was applied of a pack, the newest first: who made it, who asked, what it changed.

    With --attempts: what was tried, also where it failed, with the errors. An
    attempt is kept when it wrote something, or failed in another way than the
    one before it. The past of a pack stays readable when its Pack is deleted.
    The database is only read. docs/history.md has more.

    Exit codes: 0 listed, 2 nobody knows the pack, or the database cannot be read.

    Examples:

      packctl history payments

      packctl history payments --limit 100 -o wide

      packctl history payments --attempts

      packctl history payments -o json | jq -r '.revisions[] | select(.pruned > 0).revision'
    """
    with reading(database) as store:
        revisions = known(store, pack, limit=limit + 1)
        tried = store.attempts(pack, limit=limit + 1) if attempts else ()
    listed = tried if attempts else revisions
    if output is Listing.JSON:
        _print_json(pack, tried[:limit] if attempts else None, revisions[:limit])
        return
    lines = _attempts(tried[:limit], output) if attempts else _revisions(revisions[:limit], output)
    out = screen()
    for line in lines:
        out.print(line, soft_wrap=True)
    _tell_more(pack, limit, attempts=attempts, found=len(listed))


def _print_json(
    pack: str, tried: Sequence[AttemptEntry] | None, revisions: Sequence[RevisionEntry]
) -> None:
    found: dict[str, Any] = {"pack": pack}
    if tried is None:
        found["revisions"] = [revision_data(one) for one in revisions]
    else:
        found["attempts"] = [attempt_data(one) for one in tried]
    typer.echo(escaped(json.dumps(found, indent=2, ensure_ascii=False)))


def _tell_more(pack: str, limit: int, *, attempts: bool, found: int) -> None:
    """What the list leaves out, where no program reads it."""
    err = screen(stderr=True)
    if found > limit:
        err.print(Text(f"There are older ones: --limit {limit * 2} lists more.", "dim"))
    elif found == 0 and not attempts:
        said = f"Nothing was applied yet: `packctl history {pack} --attempts` tells what was tried."
        err.print(Text(said, "dim"), soft_wrap=True)
    elif found == 0:
        err.print(Text("No attempt is kept.", "dim"))


def _revisions(entries: Sequence[RevisionEntry], form: Listing) -> Iterator[Text]:
    titles = ["NUMBER", "REVISION", "APPLIED", "ASKED BY", "CHANGES", "COMMIT"]
    if form is Listing.WIDE:
        titles[-1:] = ["OWNER", "VERSION", "RECORDED", "COMMITTED", "COMMIT"]
    if not entries:
        return iter(())
    return columns(titles, [_revision(one, form) for one in entries])


def _revision(one: RevisionEntry, form: Listing) -> list[Cell]:
    wide = form is Listing.WIDE
    cells: list[Cell] = [
        str(one.number),
        (one.revision if wide else shortened(one.revision), "cyan"),
        clock(one.applied_at),
        asked_by(one),
        changes(one),
    ]
    if wide:
        recorded: Cell = "yes" if one.is_complete else ("no", "yellow")
        committed = clock(one.committed_at) if one.committed_at else "-"
        cells += [owner(one), one.version or "-", recorded, committed]
    return [*cells, made(one.details)]


def _attempts(entries: Sequence[AttemptEntry], form: Listing) -> Iterator[Text]:
    if not entries:
        return
    titles = ["ENDED", "TOOK", "ASKED BY", "RESULT", "REVISION", "MESSAGE"]
    if form is Listing.WIDE:
        titles[-1:] = ["OWNER", "NUMBER", "COMMIT", "MESSAGE"]
    title, *rows = columns(titles, [_attempt(one, form) for one in entries])
    yield title
    for one, row in zip(entries, rows, strict=True):
        yield row
        yield from _told(one, form)


def _attempt(one: AttemptEntry, form: Listing) -> list[Cell]:
    good = one.reason == Reason.SUCCEEDED.value
    wide = form is Listing.WIDE
    cells: list[Cell] = [
        clock(one.ended_at),
        f"{one.duration_ms} ms",
        asked_by(one),
        (one.reason, "green" if good else "bold red"),
        (one.revision if wide else shortened(one.revision), "cyan"),
    ]
    if wide:
        number = "-" if one.number is None else str(one.number)
        cells += [owner(one), number, made(one.details)]
    return [*cells, one.message]


def _told(one: AttemptEntry, form: Listing) -> Iterator[Text]:
    """What to do about it, and what was found in the files: the first errors, or all of it."""
    if one.hint:
        yield Text.assemble(("    help: ", "cyan"), scrub(one.hint))
    if form is Listing.WIDE:
        shown, found = one.diagnostics, (one.errors + one.warnings, "finding", "not kept")
    else:
        shown, found = one.diagnostics[: min(one.errors, _ERRORS)], (one.errors, "error", "-o wide")
    yield from map(_diagnostic, shown)
    count, noun, where = found
    if count > len(shown):
        yield Text(f"    … and {plural(count - len(shown), noun)} more ({where})", "dim")


def _diagnostic(found: Any) -> Text:
    place = f"{found['file']}:{found['line']}:{found['column']}: "
    is_error = found["severity"] == "Error"
    kind = f"{str(found['severity']).lower()} {found['code']}"
    style = "bold red" if is_error else "yellow"
    said = scrub(f": {found['message']}")
    return Text.assemble("    ", (scrub(place), "bold"), (kind, style), said)
