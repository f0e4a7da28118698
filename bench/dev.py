"""`python -m bench dev`: from a file's save to the committed row, beside what that costs at least.

The command is run as users run it, on a PostgreSQL with fsync on. A trigger tells of the row: a
notification leaves PostgreSQL with the commit, so that nobody has to ask again and again.
"""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from statistics import median, quantiles
from typing import IO, Annotated, Any

import psycopg
import typer
from pydantic import TypeAdapter
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from watchfiles import watch

from bench.workflows import workflows
from controller.cli.output import Format, Output
from controller.store import DatabaseSettings, Store
from hack.localcluster import Postgres

_PACK = "bench"
_MANIFEST = f'ref: {_PACK}\nlabel: Bench\nversion: "1.0.0"\n'
_PATIENCE = 60.0
_LEGEND = """\
Milliseconds from the rename of a saved file: to the commit of its row, as PostgreSQL tells it;
own: of it the reconcile, as packctl says. Floors, of the same saves: what watchfiles alone
takes to tell of the same rename, and one upsert of the same row with its commit.
All are medians, p95 the slowest of twenty."""
_CORE = """
WITH core AS (
    INSERT INTO attune.pack (ref, label, version) VALUES ('core', 'Core', '1.0.0') RETURNING id, ref
)
INSERT INTO attune.action (ref, pack, pack_ref, label, description, entrypoint)
SELECT name, core.id, core.ref, name, name, name
FROM core, unnest(ARRAY['core.echo', 'core.http_request']) name
"""
_TRIGGER = """
CREATE FUNCTION attune.tell() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_notify('saved', NEW.ref); RETURN NULL; END $$;
CREATE TRIGGER tell AFTER UPDATE ON attune.workflow_definition
    FOR EACH ROW EXECUTE FUNCTION attune.tell();
CREATE TABLE floor (LIKE attune.workflow_definition INCLUDING ALL);
INSERT INTO floor SELECT * FROM attune.workflow_definition;
"""
_UPSERT = """
INSERT INTO floor SELECT * FROM floor WHERE ref = %s
ON CONFLICT (ref) DO UPDATE SET definition = EXCLUDED.definition, label = %s
"""


@dataclass(frozen=True, slots=True)
class Save:
    """One save in a pack of so many workflows; all times in seconds."""

    workflows: int
    committed: float
    own: float
    notified: float
    upsert: float


def dev(
    sizes: Annotated[
        str, typer.Option(help="Workflows in a pack, separated by commas.")
    ] = "10,100,1000",
    saves: Annotated[int, typer.Option(min=2, help="How often a file is saved.")] = 40,
    output: Output = Format.TEXT,
) -> None:
    """Save files under `packctl dev`, and print how long each takes to the committed row."""
    counts = [int(size) for size in sizes.split(",")]
    measured: list[Save] = []
    with (
        Postgres(durable=True) as postgres,
        Progress(console=Console(stderr=True), transient=True) as progress,
    ):
        task = progress.add_task("", total=len(counts) * saves)
        for count in counts:
            progress.update(task, description=f"{count:,} workflows")
            for one in _saves(postgres.create_database(), count, saves):
                measured.append(one)
                progress.advance(task)
    if output is Format.JSON:
        typer.echo(TypeAdapter(list[Save]).dump_json(measured, indent=2).decode())
    else:
        _show(measured)


def _saves(database: str, count: int, saves: int) -> Iterator[Save]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "workflows").mkdir()
        for path, text in [("pack.yaml", _MANIFEST), *workflows(_PACK, count)]:
            (folder / path).write_text(text)
        _install_core(database)
        with _running(folder, database) as lines:
            first = _next(lines)
            assert len(first["sync"]["created"]) == count, first
            with _connected(database) as connection, _watched(folder / "workflows") as notified:
                for number in range(saves):
                    yield _save(folder, count, number, connection, lines, notified)


def _save(
    folder: Path,
    count: int,
    number: int,
    connection: psycopg.Connection[Any],
    lines: IO[str],
    notified: SimpleQueue[float],
) -> Save:
    path = folder / f"workflows/rollout_{number * 7 % count + 1:05}.yaml"
    beside = path.with_name(f"{path.name}~")
    beside.write_text(re.sub(r"(?m)^label: .*", f"label: Round {number}", path.read_text()))
    # Watchers look at the clock in steps: a save may come at any moment of one.
    time.sleep(random.uniform(0.05, 0.15))  # noqa: S311
    begun = time.perf_counter()
    beside.replace(path)
    ref = next(connection.notifies(timeout=_PATIENCE, stop_after=1)).payload
    committed = time.perf_counter() - begun
    told = _next(lines)
    assert told["sync"]["updated"] == [ref] == [f"{_PACK}.{path.stem}"], told
    started = time.perf_counter()
    connection.execute(_UPSERT, (ref, f"Round {number}"))
    upsert = time.perf_counter() - started
    own = told["durationMs"] / 1000
    return Save(count, committed, own, notified.get(timeout=_PATIENCE) - begun, upsert)


def _install_core(database: str) -> None:
    """The actions that the workflows call, as a database of Attune's has them."""
    with Store(DatabaseSettings(database)) as store:
        store.migrate()
    with psycopg.connect(database) as connection:
        connection.execute(_CORE)


@contextmanager
def _running(folder: Path, database: str) -> Iterator[IO[str]]:
    """`packctl dev` on the folder: the lines that it prints."""
    command = [sys.executable, "-m", "controller", "dev", str(folder), "--database", database]
    with subprocess.Popen([*command, "-o", "json"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout
        process.terminate()
        assert process.wait(_PATIENCE) == 0


def _next(lines: IO[str]) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(lines.readline())
    return told


@contextmanager
def _connected(database: str) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(_TRIGGER)
        connection.execute("LISTEN saved")
        yield connection


@contextmanager
def _watched(folder: Path) -> Iterator[SimpleQueue[float]]:
    """When watchfiles alone told of the file of each save."""
    stop, told = threading.Event(), SimpleQueue[float]()

    def follow() -> None:
        for changes in watch(folder, stop_event=stop, recursive=False, raise_interrupt=False):
            if any(path.endswith(".yaml") for _, path in changes):
                told.put(time.perf_counter())

    thread = threading.Thread(target=follow)
    thread.start()
    try:
        yield told
    finally:
        stop.set()
        thread.join()


def _show(measured: list[Save]) -> None:
    out = Console(width=None if sys.stdout.isatty() else 100)
    table = Table(title="save to row", title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    for column in ("workflows", "row", "p95", "own", "watchfiles", "p95", "upsert"):
        table.add_column(column, justify="right")
    for count in dict.fromkeys(one.workflows for one in measured):
        some = [one for one in measured if one.workflows == count]
        committed, notified = [one.committed for one in some], [one.notified for one in some]
        table.add_row(
            f"{count:,}",
            *(_milliseconds(value) for value in (median(committed), _p95(committed))),
            _milliseconds(median(one.own for one in some)),
            *(_milliseconds(value) for value in (median(notified), _p95(notified))),
            _milliseconds(median(one.upsert for one in some)),
        )
    out.print(table)
    out.print(_LEGEND)


def _p95(times: list[float]) -> float:
    return quantiles(times, n=20)[-1]


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.1f}"
