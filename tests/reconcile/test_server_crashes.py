"""PostgreSQL crashes at every statement of a reconcile, while somebody reads."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from controller.pack.status import ConditionType, PackStatus
from controller.reconcile import Reconciler
from controller.status import Circumstances, render
from controller.status.events import condition
from controller.store import DatabaseSettings, Store
from controller.validate import Memo
from hack.localcluster import Postgres, StopMode
from hack.packrepo import pack_yaml, workflow_yaml
from tests.reconcile.conftest import Ask, write
from tests.store.make import query

_SEEN = """
SELECT p.version,
       ARRAY(SELECT DISTINCT description FROM attune.workflow_definition
             UNION SELECT description FROM attune.action),
       ARRAY(SELECT ref FROM attune.workflow_definition ORDER BY ref),
       ARRAY(SELECT ref FROM attune.action ORDER BY ref),
       ARRAY(SELECT ref FROM attune_gitops.inventory ORDER BY ref),
       (SELECT r.version FROM attune_gitops.revisions r ORDER BY number DESC LIMIT 1)
FROM attune.pack p WHERE p.ref = 'demo'
"""
Sight = tuple[str, list[str], list[str], list[str], list[str], str]


def test_a_crash_at_any_statement_is_made_good(
    postgres: Postgres, database: str, ask: Ask, folder: Path
) -> None:
    heard: list[str] = []
    fatal = 0

    def hear(name: str) -> None:
        heard.append(name)
        if len(heard) == fatal:
            postgres.stop(StopMode.IMMEDIATE)
            postgres.start()

    with Store(DatabaseSettings(database), on_statement=hear) as store, ExitStack() as stack:
        reconciler = Reconciler(store, Memo())
        for number in range(2):
            heard.clear()
            _reconcile(reconciler, ask, folder, number)
        points = list(heard)
        seen = stack.enter_context(_reader(database))
        for fatal, point in enumerate(points, start=1):
            number += 1
            heard.clear()
            _reconcile(reconciler, ask, folder, number)
            assert heard[fatal - 1] == point
            with psycopg.connect(database) as connection:
                assert connection.execute(_SEEN).fetchall() == [_sight(number)], point
            assert reconciler.reconcile(ask()).failure is None
    assert {"write_definitions", "delete_definitions", "write_bodies", "commit"} <= set(points)
    assert seen
    assert all(one == _sight(int(one[0].partition(".")[0])) for one in seen)
    history = "SELECT number, version FROM attune_gitops.revisions ORDER BY number"
    assert [tuple(row.values()) for row in query(database, history)] == [
        (one + 1, f"{one}.0.0") for one in range(number + 1)
    ]


def _reconcile(reconciler: Reconciler, ask: Ask, folder: Path, number: int) -> None:
    """Commit number so and so: it changes the pack, and changes, adds and removes workflows."""
    files = {
        "pack.yaml": pack_yaml("demo", f"{number}.0.0"),
        "workflows/stays.yaml": _workflow("stays", number),
        f"workflows/only_{number - 1}.yaml": None,
        f"workflows/only_{number}.yaml": _workflow(f"only_{number}", number),
        "workflows/workflow_001.yaml": None,
        "workflows/workflow_002.yaml": None,
    }
    write(folder, files)
    outcome = reconciler.reconcile(ask())
    told = render(outcome, PackStatus(), Circumstances(1, datetime(2026, 1, 2, tzinfo=UTC)))
    ready = condition(told, ConditionType.READY)
    assert ready
    assert (ready.status, ready.reason) == ("True", "Succeeded"), ready.message


def _workflow(name: str, number: int) -> str:
    return workflow_yaml(f"demo.{name}", tasks=1, description=str(number))


def _sight(number: int) -> Sight:
    refs = [f"demo.only_{number}", "demo.stays"]
    return f"{number}.0.0", [str(number)], refs, refs, refs, f"{number}.0.0"


@contextmanager
def _reader(url: str) -> Iterator[list[Sight]]:
    """Somebody who looks all the time, and comes back after each crash."""
    seen: list[Sight] = []
    finished = threading.Event()

    def read() -> None:
        while not finished.is_set():
            with suppress(psycopg.OperationalError), psycopg.connect(url) as connection:
                connection.autocommit = True
                while not finished.is_set():
                    seen.extend(connection.execute(_SEEN).fetchall())

    reader = threading.Thread(target=read)
    reader.start()
    try:
        yield seen
    finally:
        finished.set()
        reader.join(timeout=60)
