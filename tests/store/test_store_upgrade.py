"""A database that the first version of this program filled, and replicas of it that still run."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import Connection
from psycopg.errors import DeadlockDetected

from controller.errors import Stalled
from controller.pack.identity import AskedBy
from controller.store import DatabaseSettings, Store, SyncRequest
from controller.store import migrate as migrating
from controller.store.statements import migrations
from tests.store.crash import migrate_in_a_process_that_dies
from tests.store.make import (
    CURRENT,
    TEAM_A,
    column,
    content,
    query,
    refs,
    request,
    row_versions,
    workflow,
)

_RECORDED = Path(__file__).parent / "version_1"
_FIRST_TABLES = (*CURRENT, "attune_gitops.revisions")
_WAITING = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)
_SHAPE = (
    "SELECT attrelid::regclass::text || '.' || attname || ' ' || a.xmin::text FROM pg_attribute a"
    " JOIN pg_class c ON c.oid = attrelid"
    " WHERE relnamespace IN ('attune'::regnamespace, 'attune_gitops'::regnamespace) ORDER BY 1"
)


def _replica(url: str) -> Connection[Any]:
    """A connection as the first version made it."""
    return psycopg.connect(url, autocommit=True, options="-c search_path=attune,public")


def _replay(url: str, name: str) -> None:
    with _replica(url) as connection:
        connection.execute((_RECORDED / name).read_bytes())


@pytest.fixture
def old(database: str) -> str:
    """The URL of a database with two commits that the first version applied."""
    _replay(database, "first.sql")
    assert column(database, "SELECT max(version) FROM attune_gitops.migrations") == [1]
    return database


@pytest.fixture
def upgraded(old: str) -> Iterator[Store]:
    with Store(DatabaseSettings(old)) as store:
        store.migrate()
        yield store


def _second(store: Store) -> SyncRequest:
    """The commit that the first version applied last."""
    return request(store, [workflow("a", text="new"), workflow("c")], commit="c2")


def _third(store: Store) -> SyncRequest:
    """The one that it applies while it is being replaced."""
    return request(store, [workflow("a", text="newer"), workflow("d")], commit="c3")


def _versions(url: str) -> dict[str, list[Any]]:
    return row_versions(url, _FIRST_TABLES)


def test_an_upgrade_rewrites_no_row(old: str) -> None:
    before = content(old), _versions(old)
    with Store(DatabaseSettings(old)) as store:
        assert store.migrate() == len(migrations())
        assert store.count("demo") == 2
    assert (content(old), _versions(old)) == before


def test_the_history_from_before_is_told(upgraded: Store) -> None:
    second, first = upgraded.history("demo")
    assert (first.number, first.revision, first.created) == (1, "main@sha1:c1", 2)
    assert (second.number, second.created, second.updated, second.pruned) == (2, 1, 1, 1)
    assert (second.asked_by, second.is_complete, second.details) == (AskedBy.UNKNOWN, False, None)
    found = upgraded.revision("demo", 2)
    assert found
    assert (found.manifest, found.workflows) == (None, ())


def test_the_next_sync_adopts_what_is_there_without_a_write(upgraded: Store, old: str) -> None:
    """But for the bodies, which nobody had recorded, and the checksum of the pack."""
    before = _versions(old)
    receipt = upgraded.sync(_second(upgraded))
    assert (len(receipt.unchanged), receipt.number) == (2, 2)
    after = _versions(old)
    for table in ("attune.workflow_definition", "attune.action"):
        assert after[table] == before[table]
    assert query(old, "SELECT checksum FROM attune.pack WHERE checksum IS NOT NULL")
    assert after["attune_gitops.inventory"] == before["attune_gitops.inventory"]
    found = upgraded.revision("demo", 2)
    assert found
    assert (found.workflows, found.missing) == (_second(upgraded).workflows, ())
    complete = row_versions(old)
    assert not upgraded.sync(_second(upgraded)).wrote
    assert row_versions(old) == complete


def test_a_replica_of_before_goes_on_while_it_is_replaced(upgraded: Store, old: str) -> None:
    upgraded.sync(_second(upgraded))
    _replay(old, "later.sql")
    assert refs(old) == ["demo.a", "demo.d"]
    receipt = upgraded.sync(_third(upgraded))
    assert (len(receipt.unchanged), receipt.number) == (2, 3)
    assert [(one.number, one.is_complete) for one in upgraded.history("demo")] == [
        (3, True),
        (2, True),
        (1, False),
    ]


def test_a_replica_of_before_deletes_no_history(upgraded: Store, old: str) -> None:
    upgraded.sync(_second(upgraded))
    _replay(old, "later.sql")
    _replay(old, "removed.sql")
    assert refs(old) == []
    assert upgraded.recorded(TEAM_A) is None
    found = upgraded.revision("demo", 2)
    assert found
    assert found.workflows == _second(upgraded).workflows
    assert upgraded.sync(_third(upgraded)).number == 4


def test_a_second_start_of_before_stops_and_changes_nothing(
    upgraded: Store, old: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    upgraded.sync(_second(upgraded))
    before = row_versions(old), column(old, _SHAPE)
    known = migrations()[:1]
    monkeypatch.setattr(migrating, "migrations", lambda: known)
    with Store(DatabaseSettings(old)) as late:
        with pytest.raises(Stalled, match=r"and this program knows only 1\.") as caught:
            late.migrate()
        with pytest.raises(Stalled, match=r"and this program knows only 1\."):
            late.check()
    assert caught.value.hint == "A newer controller has migrated this database: update this one."
    assert (row_versions(old), column(old, _SHAPE)) == before


def test_an_upgrade_and_a_sync_of_before_meet_and_both_come_through(old: str) -> None:
    """The sync has locks that the upgrade wants, and then wants some of the upgrade's."""
    head, write, tail = (
        (_RECORDED / "later.sql").read_text().rpartition("INSERT INTO attune_gitops.revisions")
    )
    failures: list[BaseException] = []
    with Store(DatabaseSettings(old)) as store, _replica(old) as replica:
        replica.execute(head.encode())
        upgrade = threading.Thread(target=_collect, args=(store.migrate, failures))
        upgrade.start()
        _wait_for(lambda: column(old, _WAITING) == [1])
        try:
            replica.execute((write + tail).encode())
        except DeadlockDetected:
            replica.execute(b"ROLLBACK")
            upgrade.join(timeout=60)
            _replay(old, "later.sql")
        upgrade.join(timeout=60)
        assert failures == []
        assert refs(old) == ["demo.a", "demo.d"]
        assert [one.number for one in store.history("demo")] == [3, 2, 1]
        assert store.sync(_third(store)).number == 3


def _collect(work: Callable[[], object], failures: list[BaseException]) -> None:
    try:
        work()
    except BaseException as error:  # noqa: BLE001  (the test reports whatever it is)
        failures.append(error)


def _wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline


_STEPS = [name for name, _ in migrations()[1:]]


@pytest.mark.parametrize("statement", ["lock_migrations", *_STEPS, "write_version", "commit"])
def test_a_kill_in_the_middle_of_an_upgrade_leaves_the_database_as_it_was(
    old: str, statement: str
) -> None:
    before = _versions(old), column(old, _SHAPE)
    assert migrate_in_a_process_that_dies(old, statement) == -signal.SIGKILL
    _wait_for(lambda: column(old, "SELECT count(*) FROM pg_stat_activity"
                             " WHERE application_name = 'attune-pack-controller'"
                             " AND datname = current_database()") == [0])  # fmt: skip
    assert (_versions(old), column(old, _SHAPE)) == before
    with Store(DatabaseSettings(old)) as store:
        assert store.migrate() == len(migrations())
        store.sync(_second(store))
    assert query(old, "SELECT count(*) AS n FROM attune_gitops.bodies") == [{"n": 2}]


def test_a_dropped_schema_costs_the_history_alone(store: Store, url: str) -> None:
    """The way back to a program of before, as docs/database.md tells it."""
    asked = request(store, [workflow("a"), workflow("b")])
    store.sync(asked)
    before = row_versions(url)
    query(url, "DROP SCHEMA attune_gitops CASCADE")
    store.migrate()
    assert store.history("demo") == ()
    store.sync(request(store, asked.workflows))
    after = row_versions(url)
    for table in ("attune.pack", "attune.workflow_definition", "attune.action"):
        assert after[table] == before[table]
