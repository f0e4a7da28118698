"""`packctl schema`: the JSON Schemas of a pack's files, made from the tables that check them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from controller.cli.output import Exit, fail
from controller.validate.editors import Kind, editor_schema


def schema(
    kind: Annotated[Kind, typer.Argument(help="The kind of file.")] = Kind.WORKFLOW,
    *,
    write: Annotated[
        Path | None,
        typer.Option("--write", metavar="DIR", help="Write all of them into this folder."),
    ] = None,
    check: Annotated[
        Path | None,
        typer.Option("--check", metavar="DIR", help="Fail when one in this folder is not as now."),
    ] = None,
) -> None:
    """Print the JSON Schema of a kind of file, for editors.

    Examples:

      packctl schema workflow > workflow.json

      packctl schema --check schemas
    """
    if check is not None:
        _check(check)
    elif write is not None:
        _write(write)
    else:
        typer.echo(render(kind), nl=False)


def render(kind: Kind) -> str:
    """The schema as text."""
    return json.dumps(editor_schema(kind), indent=2, ensure_ascii=False) + "\n"


def _file(folder: Path, kind: Kind) -> Path:
    return folder / f"{kind}.json"


def _write(folder: Path) -> None:
    try:
        for kind in Kind:
            _file(folder, kind).write_text(render(kind), "utf-8", newline="\n")
    except OSError as error:
        fail(OSError(f"{folder} cannot be written ({error.strerror}). Name a folder that can."))


def _check(folder: Path) -> None:
    for kind in Kind:
        path = _file(folder, kind)
        try:
            found = path.read_text("utf-8")
        except OSError as error:
            fail(OSError(f"{path} cannot be read ({error.strerror}). Name the schemas' folder."))
        if found != render(kind):
            typer.echo(f"{path} is not as now: run `make schemas` and commit it.", err=True)
            raise typer.Exit(Exit.REFUSED)
