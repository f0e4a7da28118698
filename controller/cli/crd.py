"""`packctl crd`: the CustomResourceDefinition, made from the models."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
import yaml

from controller.cli.output import Exit, fail
from controller.pack.schema import crd as definition

NAME = "attune.io_packs.yaml"
_COPIES = [Path("crds") / NAME, Path("charts/attune-pack-controller/files") / NAME]
_HEAD = "# Made by `packctl crd --write` from controller/pack/; do not edit.\n"


def crd(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            help="With --write or --check: the files; the source tree's copies when none is named.",
            show_default=False,
        ),
    ] = None,
    *,
    write: Annotated[bool, typer.Option("--write", help="Write it into the files.")] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Fail when a file differs from the models.")
    ] = False,
) -> None:
    """Print the CustomResourceDefinition of Pack.

    Examples:

      packctl crd | kubectl apply -f -

      packctl crd --check crds/attune.io_packs.yaml
    """
    text = render()
    if check:
        _check(files or _COPIES, text)
    elif write:
        for path in files or _COPIES:
            path.write_text(text, "utf-8")
    else:
        typer.echo(text, nl=False)


def render() -> str:
    """The definition as YAML."""
    # Through JSON, so that no part is the same object as another: YAML would write an alias.
    plain = json.loads(json.dumps(definition()))
    return _HEAD + yaml.safe_dump(plain, sort_keys=False, width=100, allow_unicode=True)


def _check(paths: list[Path], text: str) -> None:
    for path in paths:
        try:
            found = path.read_text("utf-8")
        except OSError as error:
            fail(OSError(f"{path} cannot be read ({error.strerror}). Name the files to check."))
        if found != text:
            typer.echo(f"{path} differs from the models: run `make crd` and commit it.", err=True)
            raise typer.Exit(Exit.REFUSED)
