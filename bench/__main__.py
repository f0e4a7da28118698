"""`python -m bench [validate|sync]`: measure, and print the numbers; without a name, both."""

from __future__ import annotations

import typer

from bench.sync import sync
from bench.validate import validate

app = typer.Typer(pretty_exceptions_enable=False)
app.command()(validate)
app.command()(sync)


@app.callback(invoke_without_command=True)
def both(context: typer.Context) -> None:
    """How fast the product is, measured on this machine."""
    if context.invoked_subcommand is None:
        validate()
        sync()


if __name__ == "__main__":
    app()
