"""`packctl version`."""

from __future__ import annotations

import platform

import typer

from controller import __version__
from controller.cli.output import Format, Output


def version(
    output: Output = Format.TEXT,
) -> None:
    """Print the version of packctl."""
    python = platform.python_version()
    if output is Format.JSON:
        typer.echo(f'{{"version": "{__version__}", "python": "{python}"}}')
    else:
        typer.echo(f"packctl {__version__} (Python {python})")
