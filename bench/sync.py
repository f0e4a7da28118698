"""`python -m bench sync`: how long a pack takes from a push to the commit in PostgreSQL.

Starts a Git server and a PostgreSQL with fsync on, and one measuring process for each round.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from pydantic import TypeAdapter
from rich.console import Console
from rich.progress import Progress

from bench.figures import Case, History, Job, Sample
from bench.history import make_history
from bench.tables import show
from controller.cli.output import Format, Output
from hack.gitserver import GitServer
from hack.localcluster import Postgres

_PUSHED = "bench-{}.git"


def sync(
    sizes: Annotated[
        str, typer.Option(help="Workflows in a pack, separated by commas.")
    ] = "10,100,1000,5000",
    rounds: Annotated[int, typer.Option(min=1, help="How often each size is measured.")] = 3,
    output: Output = Format.TEXT,
) -> None:
    """Sync packs over HTTP into PostgreSQL, and print where the time goes."""
    counts = [int(size) for size in sizes.split(",")]
    samples = measure(counts, rounds)
    check_statements(samples)
    if output is Format.JSON:
        typer.echo(TypeAdapter(list[Sample]).dump_json(samples, indent=2).decode())
    else:
        show(samples)


def measure(sizes: list[int], rounds: int) -> list[Sample]:
    """All samples of all rounds, sizes in turn, so that a busy machine disturbs each alike."""
    samples: list[Sample] = []
    with (
        _servers() as (root, server, postgres),
        Progress(console=Console(stderr=True), transient=True) as progress,
    ):
        task = progress.add_task("writing repositories", total=len(sizes) * rounds)
        histories = [
            make_history(root / _PUSHED.format(size), server.url(_PUSHED.format(size)), size)
            for size in sizes
        ]
        for number in range(1, rounds + 1):
            for history in histories:
                what = f"round {number} of {rounds}: {history.workflows:,} workflows"
                progress.update(task, description=what)
                samples += measure_once(history, postgres)
                progress.advance(task)
    return samples


def measure_once(history: History, postgres: Postgres) -> list[Sample]:
    """The samples of one fresh process, with an empty database and an empty mirror."""
    database = postgres.create_database()
    with tempfile.TemporaryDirectory() as folder:
        job = TypeAdapter(Job).dump_json(Job(history, database, folder))
        done = subprocess.run(
            [sys.executable, "-m", "bench.measure"], input=job, stdout=subprocess.PIPE, check=True
        )
    postgres.drop_database(database)
    line = TypeAdapter(Sample)
    return [line.validate_json(text) for text in done.stdout.splitlines()]


def check_statements(samples: list[Sample]) -> None:
    """The number of statements depends on what happens, never on how large the pack is."""
    for case in Case:
        counts = {len(one.statements) for one in samples if one.case is case}
        assert len(counts) == 1, f"{case}: the number of statements varies: {sorted(counts)}"


@contextmanager
def _servers() -> Iterator[tuple[Path, GitServer, Postgres]]:
    with (
        tempfile.TemporaryDirectory() as folder,
        GitServer(Path(folder)) as server,
        Postgres(durable=True) as postgres,
    ):
        yield Path(folder), server, postgres
