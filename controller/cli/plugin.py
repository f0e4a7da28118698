"""`kubectl pack …`: packctl as a plugin of kubectl, and what completes its words."""

from __future__ import annotations

import os
import shlex
import sys
from contextlib import suppress

from controller.cli import app
from controller.cli import main as packctl

_NAME = "kubectl pack"
# kubectl's own words for "and no names of files" (cobra's ShellCompDirectiveNoFileComp).
_NO_FILES = ":4"


def main() -> None:
    """`kubectl-pack`, which kubectl runs for `kubectl pack`: the same commands."""
    sys.argv[0] = _NAME
    packctl()


def complete() -> None:
    """`kubectl_complete-pack`, which kubectl asks with the words so far, the last one unfinished:
    prints a candidate in a line for each, and its directive."""
    from typer.main import get_command

    typed = sys.argv[1:] or [""]
    os.environ["COMP_WORDS"] = shlex.join(["packctl", *typed[:-1]]) + f" {shlex.quote(typed[-1])}"
    os.environ["COMP_CWORD"] = str(len(typed))
    os.environ["_PACKCTL_COMPLETE"] = "complete_bash"
    with suppress(SystemExit):
        get_command(app).main(
            prog_name="packctl", complete_var="_PACKCTL_COMPLETE", standalone_mode=False
        )
    print(_NO_FILES)  # noqa: T201  # kubectl reads it
