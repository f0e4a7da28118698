"""`packctl dev`: folders kept in a database as they are saved, without a cluster."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated

import typer
from pydantic import SecretStr

from controller.cli import applying
from controller.cli.asking import settings
from controller.cli.developing import Session
from controller.cli.ending import until_interrupted
from controller.cli.output import Format, Output, fail
from controller.cli.roots import NoPackError, Places
from controller.cli.telling import teller
from controller.cli.watching import UnwatchableError
from controller.config import Settings
from controller.database import database_url, retention
from controller.errors import PackError, Transient
from controller.pack.spec import GitSpec, OnInvalid, PackSpec
from controller.source.urls import is_url
from controller.store import DatabaseSettings, Store

# Seconds that one try waits for a database, during which saves are not answered.
_PATIENCE = 2.0


def dev(
    folders: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PATH",
            help="Folders of packs, or in which packs are; the current folder when there is none.",
            show_default=False,
        ),
    ] = None,
    database: applying.Database = None,
    on_invalid: applying.OnInvalidFlag = OnInvalid.BLOCK,
    *,
    update_existing: applying.UpdateExisting = True,
    prune: applying.Prune = True,
    allow_empty: applying.AllowEmpty = False,
    output: Output = Format.TEXT,
) -> None:
    """Apply packs to Attune's database now and at each save, until Ctrl-C.

    A save that is not valid is shown with its problems, and the rows stay as the last good save
    made them. They also stay at the end. A pack that a Pack resource owns is refused. docs/dev.md
    tells all of it. Exit codes: 0 ended by Ctrl-C or SIGTERM, 2 could not start.

    Examples:

      packctl dev ./packs/payments --database postgresql://attune@localhost/attune

      packctl dev packs

      packctl dev packs -o json | jq -r '[.time, .result, .pack] | @tsv'
    """
    urls = [one for one in folders or () if is_url(one)]
    if urls:
        fail(ValueError(f"{urls[0]} is no folder: clone it, or give it to `packctl sync`."))
    found = settings(**({"database_url": SecretStr(database)} if database else {}))
    places = Places(
        [Path(one) for one in folders or (".",)],
        {found.data_dir.absolute(), found.cache_dir.absolute()},
    )

    def make(git: GitSpec) -> PackSpec:
        return PackSpec(
            git=git,
            validation=applying.validation(on_invalid, alone=True),
            update_existing=update_existing,
            prune=prune,
            allow_empty=allow_empty,
        )

    try:
        meant = [*places.roots()]
        with until_interrupted(), _store(found) as store:
            Session(places, meant, make, store, teller(output)).run()
    except (PackError, NoPackError, UnwatchableError) as error:
        fail(error)


@contextmanager
def _store(found: Settings) -> Iterator[Store]:
    """The database, which may be away; raises `Stalled` if it will not do."""
    with database_url(found) as url:
        limits = DatabaseSettings(url, connect_timeout=_PATIENCE, patience=_PATIENCE)
        with Store(limits, retention=retention(found)) as store:
            with suppress(Transient):
                store.prepare()
            yield store
