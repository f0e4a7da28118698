"""How the findings of `packctl doctor` are printed: line by line for people, at once as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import typer
from rich.console import Console
from rich.text import Text

from controller.cli.output import Exit, Format, screen
from controller.doctor import Finding, Result
from controller.redact import scrub

_MARKS = {
    Result.OK: ("✓", "+", "bold green"),
    Result.FAILED: ("✗", "x", "bold red"),
    Result.SKIPPED: ("–", "-", "dim"),  # noqa: RUF001
}
_PLAIN = str.maketrans({"→": "->", "…": "...", "–": "-"})  # noqa: RUF001
_NAME = 10
_TIME = 8


def tell(subject: str, findings: Iterable[Finding], form: Format) -> Exit:
    """Print `findings` on `subject`, as soon as each is there; what to end with."""
    clean = map(_clean, findings)
    told = [*(_lines(subject, clean) if form is Format.TEXT else clean)]
    failed = [one for one in told if one.result is Result.FAILED]
    if form is Format.JSON:
        typer.echo(_json(subject, told))
    return Exit.REFUSED if failed else Exit.GOOD


def _clean(one: Finding) -> Finding:
    """`one` without what a terminal would act on: servers and commits choose many of its words."""
    facts = {key: scrub(fact) if isinstance(fact, str) else fact for key, fact in one.facts.items()}
    return replace(one, detail=scrub(one.detail), hint=scrub(one.hint), facts=facts)


def _lines(subject: str, findings: Iterable[Finding]) -> Iterator[Finding]:
    out = screen()
    _print(out, Text(subject, "bold"))
    for one in findings:
        _print(out, _line(one, plain=_is_plain(out)))
        yield one


def _line(one: Finding, *, plain: bool) -> Text:
    sign, ascii_sign, style = _MARKS[one.result]
    took = "" if one.seconds is None else _duration(one.seconds)
    text = Text.assemble(
        (ascii_sign if plain else sign, style),
        f" {one.step:<{_NAME}}",
        (f"{took:>{_TIME}}", "dim"),
        "  ",
        (one.detail, "dim" if one.result is Result.SKIPPED else ""),
    )
    if one.reason:
        text.append(f" ({one.reason})", "red")
    if one.hint:
        text.append(f"\n{' ' * (_NAME + _TIME + 4)}help: ", "cyan")
        text.append(one.hint)
    return text


def _duration(seconds: float) -> str:
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    return f"{seconds:.1f} s"


def _print(out: Console, text: Text) -> None:
    if _is_plain(out):
        text.plain = text.plain.translate(_PLAIN)
    out.print(text, soft_wrap=True)


def _is_plain(out: Console) -> bool:
    return out.options.ascii_only


def _json(subject: str, findings: Iterable[Finding]) -> str:
    steps = [_step(one) for one in findings]
    works = all(step["result"] != Result.FAILED.value for step in steps)
    return json.dumps({"subject": subject, "works": works, "steps": steps}, indent=2)


def _step(one: Finding) -> dict[str, Any]:
    told: dict[str, Any] = {"step": one.step.value, "result": one.result.value}
    told["detail"] = one.detail
    if one.reason:
        told["reason"] = one.reason
    if one.hint:
        told["hint"] = one.hint
    if one.seconds is not None:
        told["durationMs"] = round(one.seconds * 1000, 1)
    if one.facts:
        told["facts"] = dict(one.facts)
    return told
