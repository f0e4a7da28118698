"""A round of `packctl dev` → what people read of it, or a line of JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC
from typing import Any

import typer
from rich.text import Text

from controller.cli.hints import typed
from controller.cli.output import Format, list_findings, screen
from controller.cli.rounds import Result, Round
from controller.errors import Reason
from controller.formats import PackResult, Results, failure, validation
from controller.pack.diagnostic import Diagnostic
from controller.redact import scrub
from controller.status.words import plural
from controller.store import Receipt

Tell = Callable[[Round, Round | None], None]
"""Hears of a round, and of the one of the same pack before it."""

_NAMED = 3
_MARKS = {
    Result.APPLIED: ("✓ ", "bold green"),
    Result.PARTIAL: ("✗ ", "bold yellow"),
    Result.INVALID: ("✗ ", "bold red"),
    Result.FAILED: ("✗ ", "bold red"),
    Result.GONE: ("- ", "bold yellow"),
}


def teller(form: Format) -> Tell:
    """What tells of rounds in this form, on standard output."""
    return _tell_line if form is Format.JSON else _tell_text


def sentence(one: Round, before: Round | None) -> str:
    """The line for people, without the time and the mark."""
    name = one.ref or one.source
    if one.result is Result.GONE:
        return f"{name}: {one.source} is gone; its rows stay."
    mended = f"{_mended(before)}; " if one.mends(before) else ""
    took = f" ({one.seconds * 1000:.0f} ms)"
    return f"{name}: {mended}{'; '.join(_parts(one))}{took}"


def _tell_text(one: Round, before: Round | None) -> None:
    out = screen()
    if one.found:
        shown = replace(one.found, findings=tuple(_news(one.found, before)))
        list_findings(Results((shown,)), out)
    time = f"{one.time.astimezone():%H:%M:%S} "
    said = Text.assemble((time, "dim"), _MARKS[one.result], scrub(sentence(one, before)))
    out.print(said, soft_wrap=True)


def _news(found: PackResult, before: Round | None) -> Iterator[Diagnostic]:
    """The errors, and the warnings that were not shown before, wherever they stand now."""
    known = {_same(one) for one in before.found.findings} if before and before.found else set()
    return (one for one in found.findings if one.is_error or _same(one) not in known)


def _same(one: Diagnostic) -> tuple[str, str, str, str]:
    return one.file, one.rule.code, one.path, one.message


def _mended(before: Round | None) -> str:
    error = before.failure if before else None
    away = error is not None and error.reason is Reason.DATABASE_UNAVAILABLE
    return "the database is back" if away else "mended"


def _parts(one: Round) -> Iterator[str]:
    if one.receipt is not None:
        yield ", ".join(_done(one.receipt)) or "nothing to change"
    if one.found is not None and one.found.findings:
        yield _counted(one.found.errors, one.found.warnings)
    match one.result:
        case Result.INVALID:
            yield "the rows stay as they were"
        case Result.PARTIAL | Result.FAILED | Result.APPLIED if one.failure is not None:
            yield f"{one.failure.reason.value}: {typed(str(one.failure))}"


def _done(receipt: Receipt) -> Iterator[str]:
    if receipt.pack_changed:
        yield "wrote the pack's row"
    for what, refs in _named(receipt).items():
        if refs:
            yield f"{what} {_listed(refs)}"


def _named(receipt: Receipt) -> dict[str, Sequence[str]]:
    return {
        "created": receipt.created,
        "updated": receipt.updated,
        "pruned": receipt.pruned,
        "left alone": receipt.skipped,
    }


def _listed(refs: Sequence[str]) -> str:
    more = len(refs) - _NAMED
    shown = ", ".join(refs[:_NAMED])
    return f"{shown} and {more} more" if more > 0 else shown


def _counted(errors: int, warnings: int) -> str:
    counts = (errors, "error"), (warnings, "warning")
    return ", ".join(plural(count, noun) for count, noun in counts if count)


def _tell_line(one: Round, before: Round | None) -> None:
    typer.echo(json.dumps(_value(one, before), ensure_ascii=False))


def _value(one: Round, before: Round | None) -> dict[str, Any]:
    """What programs read; what there is not is left out."""
    found = one.found
    value = {
        "time": one.time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "result": one.result.value,
        "source": one.source,
        "pack": one.ref,
        "mended": one.mends(before),
        "durationMs": round(one.seconds * 1000, 1),
        "sync": _sync(one.receipt) if one.receipt else None,
        "failure": failure(one.failure) if one.failure else None,
        "validation": validation(found) if found and found.failure is None else None,
    }
    return {name: each for name, each in value.items() if each is not None}


def _sync(receipt: Receipt) -> dict[str, Any]:
    return {
        "created": list(receipt.created),
        "updated": list(receipt.updated),
        "unchanged": len(receipt.unchanged),
        "pruned": list(receipt.pruned),
        "skipped": [*receipt.skipped, *receipt.kept],
        "blocked": list(receipt.blocked),
        "packChanged": receipt.pack_changed,
    }
