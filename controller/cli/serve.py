"""`packctl serve`: the API of a database, without a cluster."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import SecretStr

from controller.cli import applying
from controller.cli.asking import settings
from controller.cli.output import fail
from controller.config import LogFormat
from controller.errors import PackError
from controller.logs import configure
from controller.signals import stopped_by_signals


def serve(
    database: applying.Database = None,
    packs_dir: Annotated[
        Path | None,
        typer.Option(help="Folder of packs, each in one of its ref.  [default: /opt/attune/packs]"),
    ] = None,
    tokens: Annotated[
        Path | None, typer.Option(help="TOML file of hashed tokens; who has none is refused.")
    ] = None,
    listen: Annotated[str, typer.Option(help="host:port of the API.")] = "127.0.0.1:8080",
    ops_listen: Annotated[
        str | None, typer.Option(help="host:port of /healthz, /readyz and /metrics.")
    ] = None,
    *,
    log_format: Annotated[LogFormat | None, typer.Option(help="How log lines look.")] = None,
    log_level: Annotated[str | None, typer.Option(help="debug, info, warning or error.")] = None,
) -> None:
    """Answer the API of a database, for packs in folders, until SIGTERM or Ctrl-C.

    It needs no cluster: packs that a Pack resource owns can be read, and their
    controller changes them. The settings that `packctl run` reads from the
    environment count here, too. docs/api.md has the requests, and the tokens.

    Exit codes: 0 stopped on request, 2 could not start.

    Examples:

      packctl serve --packs-dir ./packs --tokens tokens.toml

      curl -H "Authorization: Bearer $TOKEN" http://127.0.0.1:8080/api/v1/packs
    """
    # The web framework takes a moment to load, which no other command should wait for.
    from controller.serving import Serving

    given: dict[str, Any] = {
        "database_url": SecretStr(database) if database else None,
        "PACKCTL_PACKS_BASE_DIR": packs_dir,
        "api_tokens_file": tokens,
        "http_listen": listen,
        "ops_listen": ops_listen,
        "log_format": log_format,
        "log_level": log_level,
    }
    found = settings(**{name: value for name, value in given.items() if value is not None})
    configure(found.log_format, found.log_level)
    serving = Serving(found)
    try:
        with stopped_by_signals(serving):
            serving.run()
    except PackError as error:
        fail(error)
