"""`packctl validate`: check a pack in a folder, without cluster and without database."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from controller.cli.asking import arguments, folder
from controller.cli.output import Format, Output, report
from controller.pack.spec import PackSpec, ValidationSpec
from controller.reconcile import check
from controller.validate import Memo


def validate(
    path: Annotated[Path, typer.Argument(help="The pack's folder, with pack.yaml in it.")],
    ref: Annotated[
        str | None, typer.Option(help="The ref that pack.yaml must have.", show_default=False)
    ] = None,
    max_file_size: Annotated[str, typer.Option(help="Largest workflow file.")] = "1Mi",
    output: Output = Format.TEXT,
) -> None:
    """Check every file of a pack and print all problems, each with its file, line and column.

    Exit codes: 0 no errors (warnings may be), 1 errors, 2 the folder cannot be read.

    Examples:

      packctl validate .

      packctl validate packs/payments -o json
    """
    with arguments():
        limits = ValidationSpec.model_validate({"maxFileSize": max_file_size})
    asked = folder(path, lambda git: PackSpec(ref=ref, git=git, validation=limits))
    report(check(asked, Memo()).outcome, output)
