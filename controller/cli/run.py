"""`packctl run`: the controller in one process."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from controller.cli.asking import settings
from controller.cli.output import Exit, fail
from controller.config import LogFormat
from controller.errors import PackError
from controller.logs import configure
from controller.signals import stopped_by_signals

Flag = bool | None


def run(
    database_url: Annotated[
        str | None, typer.Option(help="Attune's database; an embedded PostgreSQL when absent.")
    ] = None,
    kubeconfig: Annotated[
        Path | None, typer.Option(help="kubeconfig file; the service account's when in a cluster.")
    ] = None,
    namespaces: Annotated[
        str | None, typer.Option(help="Namespaces to watch, separated by commas; default: all.")
    ] = None,
    data_dir: Annotated[
        Path | None, typer.Option(help="Folder of the embedded PostgreSQL.")
    ] = None,
    cache_dir: Annotated[Path | None, typer.Option(help="Folder of the Git mirrors.")] = None,
    cache_size: Annotated[
        str | None, typer.Option(help="Disk for all Git mirrors, such as 4Gi.")
    ] = None,
    workers: Annotated[int | None, typer.Option(help="Packs reconciled at the same time.")] = None,
    http_listen: Annotated[
        str | None, typer.Option(help="host:port of webhooks and the API.")
    ] = None,
    ops_listen: Annotated[
        str | None, typer.Option(help="host:port of /healthz, /readyz and /metrics.")
    ] = None,
    *,
    allow_http: Annotated[Flag, typer.Option(help="Allow http:// repositories.")] = None,
    allow_file: Annotated[Flag, typer.Option(help="Allow file:// repositories.")] = None,
    leader_election: Annotated[Flag, typer.Option(help="Work only with the Lease.")] = None,
    log_format: Annotated[LogFormat | None, typer.Option(help="How log lines look.")] = None,
    log_level: Annotated[str | None, typer.Option(help="debug, info, warning or error.")] = None,
) -> None:
    """Watch Pack resources and keep Attune's database as Git says, until SIGTERM or Ctrl-C.

    Every setting is also read from the environment as PACKCTL_<NAME>, which is where those live
    that have no flag here: see docs/configuration.md. Exit codes: 0 stopped on request, 1 had to
    stop (leadership lost, the watch ended), 2 could not start.

    Examples:

      packctl run --kubeconfig ~/.kube/config --database-url postgresql://attune@localhost/attune

      PACKCTL_DATABASE_URL=postgresql://… packctl run --namespaces team-a,team-b
    """
    # Kubernetes' libraries take a second to load, which no other command should wait for.
    from controller.app import App
    from controller.operator.access import NoAccess

    given: dict[str, Any] = {
        "database_url": database_url,
        "kubeconfig": kubeconfig,
        "namespaces": namespaces,
        "data_dir": data_dir,
        "cache_dir": cache_dir,
        "cache_size": cache_size,
        "workers": workers,
        "http_listen": http_listen,
        "ops_listen": ops_listen,
        "allow_http": allow_http,
        "allow_file": allow_file,
        "leader_election": leader_election,
        "log_format": log_format,
        "log_level": log_level,
    }
    found = settings(**{name: value for name, value in given.items() if value is not None})
    configure(found.log_format, found.log_level)
    app = App(found)
    try:
        with stopped_by_signals(app):
            ended_well = app.run()
    except (PackError, NoAccess) as error:
        fail(error)
    raise typer.Exit(Exit.GOOD if ended_well else Exit.REFUSED)
