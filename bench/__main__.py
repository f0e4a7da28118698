"""`python -m bench [validate|git|sync|database|dev|webhook]`: measure, print; no name: all."""

from __future__ import annotations

import typer

from bench.database import database
from bench.dev import dev
from bench.git import git
from bench.sync import sync
from bench.validate import validate
from bench.webhook import webhook

app = typer.Typer(pretty_exceptions_enable=False)
app.command()(validate)
app.command()(git)
app.command()(sync)
app.command()(database)
app.command()(dev)
app.command()(webhook)


@app.callback(invoke_without_command=True)
def both(context: typer.Context) -> None:
    """How fast the product is, measured on this machine."""
    if context.invoked_subcommand is None:
        validate()
        git()
        sync()
        database()
        dev()
        webhook()


if __name__ == "__main__":
    app()
