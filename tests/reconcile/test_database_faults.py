"""What a database can do to a sync: each fault is met, named in the conditions, and survived."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from controller.pack.outcome import Outcome
from controller.pack.status import PackStatus
from controller.reconcile import Reconciler
from controller.status import Circumstances, render
from controller.store import DatabaseSettings, Store
from controller.validate import Memo
from hack.localcluster import Postgres, StopMode
from hack.packrepo import pack_yaml, workflow_yaml
from tests.e2e.waiting import eventually
from tests.reconcile.conftest import Ask, write
from tests.store.cutting import Cut, CuttingProxy
from tests.store.make import column, content, documented, past, query

_NOISE = "".join(sha256(b"%d" % number).hexdigest() for number in range(300))
_NEW = {
    "pack.yaml": pack_yaml("demo", "2.0.0"),
    "workflows/workflow_001.yaml": None,
    "workflows/workflow_002.yaml": workflow_yaml("demo.workflow_002", tasks=1),
    # Too long for a row, and it cannot be compressed.
    "workflows/new.yaml": workflow_yaml("demo.new", description=_NOISE),
}
_OURS = (
    "FROM pg_stat_activity"
    " WHERE datname = current_database() AND application_name = 'attune-pack-controller'"
)
_CUT = f"SELECT pg_terminate_backend(pid) {_OURS}"
_WAITS = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
_LONG_VALUES = (
    "SELECT pg_relation_filepath(reltoastrelid) FROM pg_class"
    " WHERE oid = 'attune.workflow_definition'::regclass"
)
_ROW = "SELECT FROM attune.{} WHERE ref = 'demo.workflow_002' FOR UPDATE"

Deeds = dict[str, Callable[[], object]]
"""What happens just before a statement is sent, by its name."""
Fault = Callable[[str, Deeds], AbstractContextManager[None]]


@contextmanager
def _a_row_that_is_held(url: str, _: Deeds) -> Iterator[None]:
    with psycopg.connect(url) as other:
        other.execute(_ROW.format("workflow_definition").encode())
        yield


@contextmanager
def _a_deadlock(url: str, deeds: Deeds) -> Iterator[None]:
    """Another session has the action and asks for the definition; ours has it the other way
    round, and is the one that looks for deadlocks first."""
    with psycopg.connect(url) as other:
        waits = f"{_WAITS} AND pid = {other.info.backend_pid}"
        other.execute("SET deadlock_timeout = '1h'")
        other.commit()
        asking: list[threading.Thread] = []

        def hold() -> None:
            _end(asking)
            other.rollback()
            other.execute(_ROW.format("action").encode())

        def ask() -> None:
            definition = _ROW.format("workflow_definition").encode()
            asking.append(threading.Thread(target=other.execute, args=(definition,)))
            asking[-1].start()
            eventually(lambda: column(url, waits) == [1], asking.__len__)

        deeds |= {"lock_pack": hold, "write_actions": ask}
        yield
        _end(asking)


def _end(threads: list[threading.Thread]) -> None:
    while threads:
        threads.pop().join(timeout=60)


@contextmanager
def _rows_that_change_in_a_snapshot(url: str, deeds: Deeds) -> Iterator[None]:
    """What PostgreSQL says of it to a role that is given REPEATABLE READ by default."""
    query(url, "ALTER ROLE syncer SET default_transaction_isolation = 'repeatable read'")
    query(url, _CUT)
    touch = "UPDATE attune.workflow_definition SET label = label"
    deeds["write_definitions"] = lambda: query(url, touch)
    yield


@contextmanager
def _a_pause_in_the_transaction(url: str, deeds: Deeds) -> Iterator[None]:
    idle = f"SELECT pid {_OURS} AND state LIKE 'idle in%'"
    deeds["write_definitions"] = lambda: eventually(lambda: not column(url, idle), deeds.keys)
    yield


@contextmanager
def _sessions_that_end(url: str, deeds: Deeds) -> Iterator[None]:
    deeds["write_actions"] = lambda: query(url, _CUT)
    yield


@contextmanager
def _no_free_connection(url: str, _: Deeds) -> Iterator[None]:
    query(url, "ALTER ROLE syncer CONNECTION LIMIT 0")
    query(url, _CUT)
    yield
    query(url, "ALTER ROLE syncer CONNECTION LIMIT -1")


@contextmanager
def _a_full_disk(url: str, _: Deeds) -> Iterator[None]:
    """The file for long values lies where every write finds no space: Linux's /dev/full."""
    [folder] = column(url, "SHOW data_directory")
    [name] = column(url, _LONG_VALUES)
    path, kept = Path(folder, name), Path(folder, f"{name}.kept")
    path.rename(kept)
    path.symlink_to("/dev/full")
    yield
    path.unlink()
    kept.rename(path)


_FAULTS = [
    pytest.param(_a_row_that_is_held, {"lock_timeout": 0.1}, "due to lock timeout", id="lock"),
    pytest.param(
        _a_row_that_is_held, {"statement_timeout": 1}, "due to statement timeout", id="statement"
    ),
    pytest.param(_a_deadlock, {}, "deadlock detected", id="deadlock"),
    pytest.param(
        _rows_that_change_in_a_snapshot, {}, "could not serialize access", id="serialization"
    ),
    pytest.param(
        _a_pause_in_the_transaction,
        {"statement_timeout": 2},
        "due to idle-in-transaction timeout",
        id="idle in transaction",
    ),
    pytest.param(_sessions_that_end, {}, "due to administrator command", id="session"),
    pytest.param(
        _no_free_connection,
        {"connect_timeout": 0.5},
        'too many connections for role "syncer"',
        id="connections",
    ),
    pytest.param(_a_full_disk, {}, "No space left on device", id="disk"),
]


@pytest.fixture
def limited(database: str) -> Iterator[str]:
    """The URL of the same database for a role with the documented grants alone."""
    with Store(DatabaseSettings(database)) as store:
        store.migrate()
    query(database, "CREATE ROLE syncer LOGIN PASSWORD 'secret'")
    query(database, "ALTER ROLE syncer SET deadlock_timeout = '10ms'")
    query(database, documented("GRANT USAGE ON SCHEMA attune, attune_gitops TO syncer"))
    yield make_conninfo(database, user="syncer", password="secret")
    query(database, "DROP OWNED BY syncer; DROP ROLE syncer")


@pytest.mark.parametrize(("fault", "limits", "said"), _FAULTS)
def test_a_fault_is_named_and_survived(
    database: str,
    limited: str,
    ask: Ask,
    folder: Path,
    fault: Fault,
    limits: dict[str, Any],
    said: str,
) -> None:
    deeds: Deeds = {}
    settings = replace(DatabaseSettings(limited, lock_timeout=20, patience=0.5), **limits)

    def hear(name: str) -> None:
        deeds.get(name, _nothing)()

    with Store(settings, on_statement=hear) as store:
        reconciler = Reconciler(store, Memo())
        _succeeds(reconciler, ask)
        before = content(database), past(database)
        write(folder, _NEW)
        with fault(database, deeds):
            outcome = reconciler.reconcile(ask())
            deeds.clear()
            assert (content(database), past(database)) == before
        _is_told(outcome, said)
        _succeeds(reconciler, ask)
    _is_new(database)


@pytest.mark.parametrize("cut", Cut)
def test_a_commit_whose_answer_is_lost_is_found_out(
    database: str, ask: Ask, folder: Path, cut: Cut
) -> None:
    """The next try looks before it writes, so that nothing is done twice."""
    with CuttingProxy(database) as way:
        armed = [False]

        def hear(name: str) -> None:
            heard.append(name)
            if armed[0] and name == "commit" and "write_revision" in heard:
                armed[0], way.cut = False, cut

        heard: list[str] = []
        with Store(DatabaseSettings(way.url), on_statement=hear) as store:
            reconciler = Reconciler(store, Memo())
            _succeeds(reconciler, ask)
            write(folder, _NEW)
            heard.clear()
            armed[0] = True
            assert reconciler.reconcile(ask()).failure is None
            assert way.cuts == 1
    assert heard.count("write_revision") == (1 if cut is Cut.DONE else 2)
    _is_new(database)


def test_a_standby_takes_over(ask: Ask, folder: Path) -> None:
    """Its address stands in the URL from the beginning, as libpq has it for several hosts."""
    with Postgres() as primary, primary.standby() as standby:
        place, other = urlsplit(primary.create_database()), urlsplit(standby.url)
        both = place._replace(netloc=f"{place.netloc},127.0.0.1:{other.port}").geturl()
        there = place._replace(netloc=other.netloc).geturl()
        with Store(DatabaseSettings(both, connect_timeout=2, patience=0.5)) as store:
            reconciler = Reconciler(store, Memo())
            _succeeds(reconciler, ask)
            [written] = column(primary.url, "SELECT pg_current_wal_lsn()::text")
            replayed = f"SELECT pg_last_wal_replay_lsn() >= '{written}'"
            eventually(lambda: column(standby.url, replayed) == [True], lambda: written)
            before = content(there), past(there)
            primary.stop(StopMode.IMMEDIATE)
            write(folder, _NEW)
            _is_told(reconciler.reconcile(ask()), "session is read-only")
            assert (content(there), past(there)) == before
            query(standby.url, "SELECT pg_promote()")
            _succeeds(reconciler, ask)
        _is_new(there)


def _succeeds(reconciler: Reconciler, ask: Ask) -> None:
    """At the next look, or the one after it: the store of these tests is not patient."""
    outcomes: list[Outcome] = []

    def look() -> bool:
        outcomes.append(reconciler.reconcile(ask()))
        return outcomes[-1].failure is None

    eventually(look, lambda: outcomes[-1].failure)
    assert _conditions(outcomes[-1])["Ready"][:2] == ("True", "Succeeded")


def _is_told(outcome: Outcome, said: str) -> None:
    told = _conditions(outcome)
    for one in ("Ready", "Synced"):
        status, reason, message = told[one]
        assert (status, reason) == ("False", "DatabaseUnavailable")
        assert message.startswith("The database is not available: ")
        assert said in message
    assert "Stalled" not in told
    assert told["Reconciling"][:2] == ("True", "ProgressingWithRetry")


def _conditions(outcome: Outcome) -> dict[str, tuple[str, str, str]]:
    around = Circumstances(1, datetime(2026, 1, 2, tzinfo=UTC))
    found = render(outcome, PackStatus(), around).conditions
    return {one.type.value: (one.status, one.reason, one.message) for one in found}


def _is_new(url: str) -> None:
    """The database holds the new commit, which was applied once."""
    found = content(url)
    assert [row["version"] for row in found["pack"]] == ["2.0.0"]
    names = ["demo.new", "demo.workflow_002"]
    assert found["actions"] == names
    assert [row["ref"] for row in found["workflows"]] == names
    assert [row["number"] for row in past(url)["revisions"]] == [1, 2]


def _nothing() -> None:
    """Nothing happens."""
