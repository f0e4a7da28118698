"""`python -m bench database`: what the store costs PostgreSQL, beside a COPY of the same rows.

Store and database alone: no Git, no YAML. PostgreSQL has fsync on, but no autovacuum and no
standbys, for which it would write by itself. Statements, WAL and dead tuples are counted, not
timed, and wrong numbers fail the run: the same content again must write no byte.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import PurePath
from statistics import median
from typing import Annotated

import psycopg
import typer
import yaml
from psycopg.rows import scalar_row
from pydantic import TypeAdapter
from rich.console import Console
from rich.progress import Progress

from bench.floor import WAL, copy_floor
from bench.tables import console, milliseconds, new_table
from bench.workflows import workflows
from controller.cli.output import Format, Output
from controller.pack.content import CompiledWorkflow, PackManifest
from controller.pack.identity import AskedBy, Owner
from controller.store import DatabaseSettings, Fence, Policy, Receipt, Store, SyncRequest
from hack.localcluster import Postgres

_PACK = "bench"
_AT_ONCE = 20
_CONNECTIONS = 4
_ALONE = {"autovacuum": "off", "wal_level": "minimal", "max_wal_senders": "0"}
_CHANGED = 0.01
_DEAD = """
SELECT coalesce(sum(n_dead_tup), 0)::bigint FROM pg_stat_user_tables
WHERE schemaname IN ('attune', 'attune_gitops')
"""
_OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
_LEGEND = f"""\
Medians of all rounds; least is the best one. SQL: statements, commits included.
  COPY: the same rows into tables with the same columns, checks and indexes, with one commit
  kB of WAL: bytes of the write-ahead log in thousands, the least of all rounds
  dead: row versions that are left to vacuum
  {_AT_ONCE} Packs: as many workflows in {_AT_ONCE} packs, all asked for at once, over
  {_CONNECTIONS} connections"""


class Deed(StrEnum):
    """What is done to a pack, in this order."""

    CREATE = "create"
    AGAIN = "no change"
    CHANGE = "1 % changed"
    PRUNE = "1 % pruned"
    CREATE_ALL = f"{_AT_ONCE} Packs: create"
    AGAIN_ALL = f"{_AT_ONCE} Packs: no change"


@dataclass(frozen=True, slots=True)
class Cost:
    """One deed on so many workflows. `seconds` and `copy_seconds` are on the clock; a deed that has
    no COPY beside it has None there."""

    workflows: int
    deed: Deed
    seconds: float
    statements: int
    wal: int
    dead: int
    copy_seconds: float | None = None
    copy_wal: int | None = None


def database(
    sizes: Annotated[
        str, typer.Option(help="Workflows in a pack, separated by commas.")
    ] = "1000,5000",
    rounds: Annotated[int, typer.Option(min=1, help="How often each size is measured.")] = 3,
    output: Output = Format.TEXT,
) -> None:
    """Write packs into PostgreSQL, and print what it costs the database."""
    counts = [int(size) for size in sizes.split(",")]
    costs: list[Cost] = []
    with (
        Postgres(durable=True, settings=_ALONE) as postgres,
        Progress(console=Console(stderr=True), transient=True) as progress,
    ):
        line = progress.add_task("", total=len(counts) * rounds * len(Deed))
        for number in range(1, rounds + 1):
            for count in counts:
                progress.update(line, description=f"round {number}: {count:,} workflows")
                url = postgres.create_database()
                with closing(_Life(url, count)) as life:
                    for cost in life.costs():
                        costs.append(cost)
                        progress.advance(line)
                postgres.drop_database(url)
    if output is Format.JSON:
        typer.echo(TypeAdapter(list[Cost]).dump_json(costs, indent=2).decode())
    else:
        _show(costs)
    check_writes(costs)


class _Life:
    """A database in which packs come, change and go, and what each deed costs it."""

    def __init__(self, url: str, count: int) -> None:
        self._url = url
        self._count = count
        self._connection = psycopg.connect(url, autocommit=True, row_factory=scalar_row)
        self._sequence = 0
        with Store(DatabaseSettings(url)) as store:
            store.migrate()

    def costs(self) -> Iterator[Cost]:
        """One cost for each deed."""
        files = _compiled(_PACK, self._count)
        few = max(1, round(self._count * _CHANGED))
        changed = (*_compiled(_PACK, few, version="2.0.0"), *files[few:])
        yield self._copied(self._cost(Deed.CREATE, [files]), self._count)
        yield self._cost(Deed.AGAIN, [files])
        yield self._copied(self._cost(Deed.CHANGE, [changed]), few)
        yield self._cost(Deed.PRUNE, [changed[few:]])
        share = self._count // _AT_ONCE
        packs = [_compiled(f"{_PACK}{number}", share) for number in range(_AT_ONCE)]
        yield self._cost(Deed.CREATE_ALL, packs)
        yield self._cost(Deed.AGAIN_ALL, packs)

    def close(self) -> None:
        """Leave the database."""
        self._connection.close()

    def _cost(self, deed: Deed, packs: Sequence[Sequence[CompiledWorkflow]]) -> Cost:
        requests = [self._request(files) for files in packs]
        heard: list[str] = []
        dead, wal = self._number(_DEAD), self._number(WAL)
        settings = DatabaseSettings(self._url, max_connections=_CONNECTIONS)
        with Store(settings, on_statement=heard.append) as store:
            store.ping()
            heard.clear()
            started = time.perf_counter()
            receipts = _all_at_once(store, requests)
            seconds = time.perf_counter() - started
        # What a session did to tables is known for certain when it has ended.
        self._wait_alone()
        written, left = self._number(WAL) - wal, self._number(_DEAD) - dead
        _check(deed, receipts, self._count)
        return Cost(self._count, deed, seconds, len(heard), written, left)

    def _copied(self, cost: Cost, rows: int) -> Cost:
        seconds, wal = copy_floor(self._connection, rows)
        # The tables of the floor are gone, and whoever reads the catalog next would tidy up.
        self._connection.execute("VACUUM")
        return replace(cost, copy_seconds=seconds, copy_wal=wal)

    def _request(self, files: Sequence[CompiledWorkflow]) -> SyncRequest:
        self._sequence += 1
        ref = files[0].ref.partition(".")[0]
        blobs = hashlib.sha1("".join(one.blob for one in files).encode(), usedforsecurity=False)
        commit = blobs.hexdigest()
        return SyncRequest(
            fence=Fence(Owner(ref, "bench", ref), self._sequence, 1),
            manifest=PackManifest(ref, ref, None, "1.0.0", {}, {}, {}, (), (), ()),
            workflows=tuple(files),
            policy=Policy(),
            revision=f"main@sha1:{commit}",
            commit=commit,
            tree_oid=commit,
            inputs="",
            source_url="https://git.example.com/bench.git",
            source_ref="main",
            asked_by=AskedBy.INTERVAL,
        )

    def _wait_alone(self) -> None:
        while self._number(_OTHERS):
            time.sleep(0.01)

    def _number(self, question: str) -> int:
        [found] = self._connection.execute(question.encode()).fetchall()
        return int(found)


def _compiled(pack: str, count: int, version: str = "1.0.0") -> tuple[CompiledWorkflow, ...]:
    """Workflows as validation leaves them, as far as the size of their rows goes."""
    return tuple(_workflow(path, text, version) for path, text in workflows(pack, count))


def _workflow(path: str, text: str, version: str) -> CompiledWorkflow:
    found = yaml.load(text, yaml.CSafeLoader)
    return CompiledWorkflow(
        ref=found["ref"],
        name=PurePath(path).stem,
        file=path,
        blob=hashlib.sha1((version + text).encode(), usedforsecurity=False).hexdigest(),
        label=found["label"],
        description=None,
        version=version,
        param_schema=found["parameters"],
        out_schema=None,
        definition={**found, "version": version},
        tags=tuple(found["tags"]),
    )


def _all_at_once(store: Store, requests: Sequence[SyncRequest]) -> list[Receipt]:
    if len(requests) == 1:
        return [store.sync(requests[0])]
    with ThreadPoolExecutor(len(requests)) as threads:
        return list(threads.map(store.sync, requests))


def _check(deed: Deed, receipts: Sequence[Receipt], count: int) -> None:
    """Fast and wrong is no result."""
    few = max(1, round(count * _CHANGED))
    counted = tuple(
        sum(len(getattr(one, name)) for one in receipts)
        for name in ("created", "updated", "unchanged", "pruned")
    )
    wanted = {
        Deed.CREATE: (count, 0, 0, 0),
        Deed.AGAIN: (0, 0, count, 0),
        Deed.CHANGE: (0, few, count - few, 0),
        Deed.PRUNE: (0, 0, count - few, few),
        Deed.CREATE_ALL: (count, 0, 0, 0),
        Deed.AGAIN_ALL: (0, 0, count, 0),
    }
    assert counted == wanted[deed], f"{deed}: {counted}"


def check_writes(costs: Sequence[Cost]) -> None:
    """The same again writes no byte and leaves nothing dead. A checkpoint may fall into a round, so
    that it is the least of all rounds that counts."""
    for deed in (Deed.AGAIN, Deed.AGAIN_ALL):
        for count in {one.workflows for one in costs}:
            same = [one for one in costs if (one.workflows, one.deed) == (count, deed)]
            least = min(one.wal for one in same)
            assert least == 0, f"{deed} of {count:,} workflows wrote {least} bytes of WAL"
            assert not any(one.dead for one in same)


def _show(costs: Sequence[Cost]) -> None:
    table = new_table(
        "database", "workflows", "", "least", "ms", "COPY", "SQL", "kB of WAL", "COPY's", "dead"
    )
    table.columns[1].justify = "left"
    for count in sorted({one.workflows for one in costs}):
        for deed in Deed:
            table.add_row(
                *_row([one for one in costs if (one.workflows, one.deed) == (count, deed)])
            )
    out = console()
    out.print(table)
    out.print(_LEGEND)


def _row(costs: Sequence[Cost]) -> tuple[str, ...]:
    one = costs[0]
    floor = [each.copy_seconds for each in costs if each.copy_seconds is not None]
    wal = [each.copy_wal for each in costs if each.copy_wal is not None]
    return (
        f"{one.workflows:,}",
        one.deed.value,
        milliseconds(min(each.seconds for each in costs)),
        milliseconds(median(each.seconds for each in costs)),
        milliseconds(median(floor)) if floor else "-",
        str(one.statements),
        f"{min(each.wal for each in costs) / 1000:,.1f}",
        f"{min(wal) / 1000:,.1f}" if wal else "-",
        f"{max(each.dead for each in costs):,}",
    )
