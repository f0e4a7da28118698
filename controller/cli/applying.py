"""The options of all commands that write a pack's rows: what they may do."""

from __future__ import annotations

from typing import Annotated

import typer

from controller.pack.diagnostic import Level
from controller.pack.rules import UNMET_DEPENDENCY
from controller.pack.spec import OnInvalid, ValidationSpec

Database = Annotated[
    str | None,
    typer.Option(
        help="Attune's database; an embedded PostgreSQL in the data folder when absent.",
        envvar="PACKCTL_DATABASE_URL",
        show_envvar=True,
    ),
]
OnInvalidFlag = Annotated[
    OnInvalid, typer.Option(help="Block: all or nothing. Skip: apply the valid workflows.")
]
UpdateExisting = Annotated[bool, typer.Option(help="Update rows that differ; else only create.")]
Prune = Annotated[bool, typer.Option(help="Remove workflows that are gone.")]
AllowEmpty = Annotated[bool, typer.Option(help="A pack without workflows may prune all of them.")]


def validation(on_invalid: OnInvalid, *, alone: bool) -> ValidationSpec:
    """How strict to be; where a pack is `alone` in its database, it waits for no other."""
    severities = {UNMET_DEPENDENCY.code: Level.WARN} if alone else {}
    return ValidationSpec(on_invalid=on_invalid, severities=severities)
