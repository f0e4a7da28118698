"""The command line: Typer commands, no logic. May import everything.

Exit codes, the same for every command: 0 all is well; 1 the pack has errors or was refused;
2 the command could not do its work (usage, a folder that is not there, no database).
"""

from __future__ import annotations

import io
import sys

import typer

from controller.cli.adopt import adopt
from controller.cli.approve import approve
from controller.cli.crd import crd
from controller.cli.describe import describe
from controller.cli.dev import dev
from controller.cli.diff import diff
from controller.cli.doctor import app as doctor
from controller.cli.events import events
from controller.cli.explain import explain
from controller.cli.get import get
from controller.cli.graph import graph
from controller.cli.history import history
from controller.cli.reconcile import reconcile
from controller.cli.rollback import rollback
from controller.cli.run import run
from controller.cli.schema import schema
from controller.cli.serve import serve
from controller.cli.show import show
from controller.cli.suspend import resume, suspend
from controller.cli.sync import sync
from controller.cli.tree import tree
from controller.cli.validate import validate
from controller.cli.version import version
from controller.config import LogFormat
from controller.logs import configure
from controller.memory import collect_rarely
from controller.redact import scrub

app = typer.Typer(
    name="packctl",
    help="Git as the source of truth for Attune packs.",
    epilog="Exit codes: 0 all is well, 1 the pack has errors or was refused, 2 packctl could not "
    "do its work.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (
    run,
    serve,
    get,
    describe,
    events,
    tree,
    reconcile,
    suspend,
    resume,
    sync,
    diff,
    adopt,
    history,
    show,
    rollback,
    approve,
    dev,
    validate,
    explain,
    graph,
    schema,
    crd,
    version,
):
    app.command()(command)
app.add_typer(doctor)


def main() -> None:
    """`packctl`: never a traceback, because it may hold what nobody should read."""
    collect_rarely()
    configure(LogFormat.AUTO, "warning")
    for stream in (sys.stdout, sys.stderr):
        # A name of a file may be what the terminal has no characters for.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:  # noqa: BLE001  # the last line of defence
        text = f"packctl: unexpected {type(error).__name__}: {scrub(str(error))}"
        typer.echo(text, err=True)
        sys.exit(2)
