"""`packctl explain`: what a rule is for, as the pages in docs/rules/ say it."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markdown import Markdown

from controller.cli.examples import said_of
from controller.cli.output import Exit, Format, Output, fail
from controller.explain import PAGES, Page, index, markdown

_INDEX = "README.md"
_FOLDER = "FOLDER"


def explain(
    codes: Annotated[
        list[str] | None, typer.Argument(help="Codes of rules: ATT304.", show_default=False)
    ] = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Explain every rule.")] = False,
    output: Output = Format.TEXT,
    write: Annotated[
        Path | None,
        typer.Option(metavar=_FOLDER, help="Write every page there.", show_default=False),
    ] = None,
    check: Annotated[
        Path | None,
        typer.Option(
            metavar=_FOLDER, help="Fail when the pages there are not those.", show_default=False
        ),
    ] = None,
) -> None:
    """Explain rules: why each is there, an example that breaks it, one that does not.

    Exit codes: 0 explained, 1 --check found a difference, 2 a code or a folder is unknown.

    Examples:

      packctl explain ATT304

      packctl explain ATT304 ATT305 -o json

      packctl explain --check docs/rules
    """
    if write is not None:
        _write(write)
    elif check is not None:
        _check(check)
    else:
        _print(PAGES.values() if everything else _named(codes or []), output)


def _named(codes: list[str]) -> list[Page]:
    if not codes:
        fail(ValueError("Name a code, such as ATT304, or give --all."))
    return [_page(code) for code in dict.fromkeys(code.upper() for code in codes)]


def _page(code: str) -> Page:
    if code not in PAGES:
        near = difflib.get_close_matches(code, PAGES, n=1)
        hint = f"Did you mean {near[0]}?" if near else "`packctl explain --all` has every rule."
        fail(ValueError(f"There is no rule {code}. {hint}"))
    return PAGES[code]


def _print(pages: Iterable[Page], form: Format) -> None:
    if form is Format.JSON:
        typer.echo(json.dumps([_data(page) for page in pages], indent=2, ensure_ascii=False))
        return
    text = "\n".join(_text(page) for page in pages)
    out = Console()
    if out.is_terminal:
        out.print(Markdown(text))
    else:
        typer.echo(text, nl=False)


def _text(page: Page) -> str:
    return markdown(page, said_of(page))


def _data(page: Page) -> dict[str, Any]:
    rule = page.rule
    return {
        "code": rule.code,
        "summary": rule.summary,
        "severity": rule.severity,
        "category": rule.category,
        "adjustable": rule.adjustable,
        "why": page.why,
        "bad": page.bad.shown,
        "good": page.good.shown,
    }


def _files() -> dict[str, str]:
    pages = {f"{code}.md": _text(page) for code, page in PAGES.items()}
    return {_INDEX: index(PAGES.values()), **pages}


def _write(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in _files().items():
            (folder / name).write_text(text, "utf-8", newline="\n")
    except OSError as error:
        fail(OSError(f"{error.filename} cannot be written ({error.strerror})."))


def _check(folder: Path) -> None:
    wanted = _files()
    try:
        found = {path.name: path.read_text("utf-8") for path in folder.iterdir()}
    except OSError as error:
        fail(OSError(f"{error.filename} cannot be read ({error.strerror}). Name the folder."))
    differing = [name for name in {**wanted, **found} if wanted.get(name) != found.get(name)]
    for name in differing:
        typer.echo(f"{folder / name} differs from the rules: run `make rules`.", err=True)
    if differing:
        raise typer.Exit(Exit.REFUSED)
