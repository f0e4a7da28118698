"""`python -m hack.localcluster`: build the programs, or run a cluster until Ctrl-C."""

from __future__ import annotations

import signal
import sys

import typer

from controller.errors import PackError
from hack.localcluster import ControlPlane, Postgres
from hack.localcluster.binaries import ensure as ensure_programs
from hack.localcluster.cluster import CommandError
from hack.localcluster.progress import BuildError

app = typer.Typer(add_completion=False, no_args_is_help=True, help=__doc__)


@app.command()
def ensure() -> None:
    """Find or build kube-apiserver, etcd, kubectl and helm, and print where they are."""
    for program, path in ensure_programs().items():
        print(f"{program.value}: {path}")


@app.command()
def up() -> None:
    """Run an API server, etcd and PostgreSQL until Ctrl-C."""
    with ControlPlane() as cluster, Postgres() as postgres:
        print(f"export KUBECONFIG={cluster.kubeconfig}")
        print(f"export DATABASE_URL={postgres.url}")
        print("Running. Ctrl-C ends and removes all of it.", flush=True)
        signal.sigwait({signal.SIGINT, signal.SIGTERM})


def main() -> int:
    """Run a command; the exit code."""
    try:
        app()
    except (BuildError, CommandError, PackError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
