"""A database that goes away, refuses or is in use: what is tried again, and what is told."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from controller.errors import PackError, Reason, Stalled, Transient
from controller.store import DatabaseSettings, Receipt, Store, SyncRequest
from controller.store.embedded import StopMode
from controller.store.faults import explain, is_passing
from hack.localcluster import Postgres
from hack.ports import free_port
from tests.store.make import query, refs, request, workflow, workflows

_TERMINATE = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND application_name = 'attune-pack-controller'"
)
_SYNC = [
    "lock_pack", "read_claims", "read_pack", "read_rows", "insert_pack", "write_claim",
    "write_definitions", "write_actions", "write_inventory", "write_revision", "commit",
]  # fmt: skip


class Once:
    """An observer that does something the first time that a statement is about to be sent."""

    def __init__(self, statement: str, deed: Callable[[], object]) -> None:
        self._statement = statement
        self._deed = deed
        self.done = False

    def __call__(self, statement: str) -> None:
        if statement == self._statement and not self.done:
            self.done = True
            self._deed()


def _impatient(url: str, **changes: float) -> DatabaseSettings:
    return DatabaseSettings(
        url,
        max_connections=1,
        connect_timeout=changes.get("connect_timeout", 0.5),
        statement_timeout=changes.get("statement_timeout", 10.0),
        lock_timeout=changes.get("lock_timeout", 0.1),
        patience=0.5,
    )


@pytest.mark.parametrize("statement", _SYNC)
def test_a_connection_lost_at_any_statement_is_made_good(url: str, statement: str) -> None:
    cut = Once(statement, lambda: query(url, _TERMINATE))
    again: list[str] = []
    with Store(DatabaseSettings(url), on_statement=cut, on_retry=again.append) as store:
        receipt = store.sync(request(store, workflows("a", "b")))
    assert cut.done
    assert again
    assert set(again) <= {"57P01", ""}  # admin_shutdown, or nothing came any more
    assert receipt.created == ("demo.a", "demo.b")
    assert refs(url) == ["demo.a", "demo.b"]


def test_a_crash_and_restart_of_the_server_is_waited_out(postgres: Postgres, url: str) -> None:
    def restart() -> None:
        postgres.stop(StopMode.IMMEDIATE)
        postgres.start()

    crash = Once("write_inventory", restart)
    with Store(DatabaseSettings(url), on_statement=crash) as store:
        assert store.sync(request(store, workflows("a"))).created == ("demo.a",)
    assert crash.done
    assert refs(url) == ["demo.a"]


def test_a_database_that_stays_away_is_told_and_may_come_back(postgres: Postgres, url: str) -> None:
    with Store(_impatient(url)) as store:
        asked = request(store, workflows("a"), sequence=1)
        postgres.stop()
        with pytest.raises(Transient) as caught:
            store.sync(asked)
        postgres.start()
        assert caught.value.reason is Reason.DATABASE_UNAVAILABLE
        assert _password(url) not in str(caught.value)
        assert _once_it_can(store, asked).created == ("demo.a",)


def test_a_store_opens_while_the_database_is_away() -> None:
    nowhere = f"postgresql://postgres:hunter2@127.0.0.1:{free_port()}/postgres"
    with Store(_impatient(nowhere)) as store, pytest.raises(Transient) as caught:
        store.ping()
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"password": "hunter2"}, id="password"),
        pytest.param({"user": "nobody-known", "password": "hunter2"}, id="user"),
        pytest.param({"dbname": "nowhere"}, id="database"),
    ],
)
def test_a_wrong_login_is_a_persons_work(url: str, changes: dict[str, str]) -> None:
    wrong = make_conninfo(url, **changes)
    with Store(_impatient(wrong)) as store, pytest.raises(Stalled) as caught:
        store.ping()
    assert caught.value.reason is Reason.DATABASE_REFUSED
    assert caught.value.hint == "Check the database URL, its user and password."
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("url", ["postgresql://user:hunter2@[::1/attune", "hunter2 is no url"])
def test_a_url_that_cannot_be_read_is_not_repeated(url: str) -> None:
    with pytest.raises(Stalled, match="cannot be read") as caught:
        Store(DatabaseSettings(url))
    assert "hunter2" not in str(caught.value)
    assert "hunter2" not in repr(DatabaseSettings(url))


def test_a_read_only_server_is_waited_for(url: str) -> None:
    """As after a fail-over, when the address still leads to the old primary."""
    name = urlsplit(url).path.removeprefix("/")
    with Store(_impatient(url)) as store:
        asked = request(store, workflows("a"), sequence=1)
        query(url, f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        query(url, _TERMINATE)
        with pytest.raises(Transient):
            store.sync(asked)
        query(url, f"SET transaction_read_only = off; ALTER DATABASE {name} RESET ALL")
        assert _once_it_can(store, asked).created == ("demo.a",)


def test_a_server_that_turns_read_only_is_waited_for(url: str) -> None:
    standby = make_conninfo(
        url, target_session_attrs="any", options="-c default_transaction_read_only=on"
    )
    with Store(_impatient(standby)) as store, pytest.raises(Transient, match="read-only"):
        store.sync(request(store, workflows("a"), sequence=1))


@pytest.mark.parametrize(
    "limits",
    [
        pytest.param({"lock_timeout": 0.1}, id="lock timeout"),
        pytest.param({"lock_timeout": 9, "statement_timeout": 0.1}, id="statement timeout"),
    ],
)
def test_rows_that_another_session_holds_are_waited_for(url: str, limits: dict[str, float]) -> None:
    with Store(DatabaseSettings(url)) as store:
        store.sync(request(store, workflows("a"), commit="c1"))
        asked = request(store, workflows("a", text="new"), commit="c2")
    with Store(_impatient(url, **limits)) as store:
        with psycopg.connect(url) as other:
            other.execute("SELECT FROM attune.workflow_definition FOR UPDATE")
            with pytest.raises(Transient, match="timeout"):
                store.sync(asked)
        assert _once_it_can(store, asked).updated == ("demo.a",)


def test_a_workflow_that_appears_meanwhile_is_seen_by_the_next_try(url: str) -> None:
    def appear() -> None:
        query(
            url,
            "INSERT INTO attune.action (ref, pack, pack_ref, label, entrypoint)"
            " SELECT 'demo.b', id, ref, 'by hand', 'b.sh' FROM attune.pack",
        )

    rival = Once("write_definitions", appear)
    with Store(DatabaseSettings(url), on_statement=rival) as store:
        store.sync(request(store, [], commit="c1"))
        with pytest.raises(Stalled, match=r"demo\.b") as caught:
            store.sync(request(store, workflows("a", "b"), commit="c2"))
    assert caught.value.reason is Reason.ACTION_CONFLICT
    assert refs(url) == []


def test_a_row_that_vanishes_meanwhile_is_written_by_the_next_try(url: str) -> None:
    gone = Once("update_pack", lambda: query(url, "DELETE FROM attune.pack"))
    with Store(DatabaseSettings(url)) as store:
        store.sync(request(store, workflows("a", "b"), commit="c1"))
    with Store(DatabaseSettings(url), on_statement=gone) as store:
        changed = [workflow("a", text="new"), *workflows("b")]
        receipt = store.sync(request(store, changed, commit="c2"))
    assert gone.done
    assert receipt.created == ("demo.a", "demo.b")
    assert refs(url) == ["demo.a", "demo.b"]


def test_an_exhausted_pool_is_waited_for(url: str) -> None:
    entered, leave = threading.Event(), threading.Event()

    def hold(statement: str) -> None:
        if statement == "next_sequence":
            entered.set()
            leave.wait(timeout=30)

    with Store(_impatient(url), on_statement=hold) as store:
        holder = threading.Thread(target=store.next_sequence)
        holder.start()
        assert entered.wait(timeout=30)
        with pytest.raises(Transient) as caught:
            store.ping()
        assert caught.value.reason is Reason.DATABASE_UNAVAILABLE
        leave.set()
        holder.join(timeout=30)
        store.ping()


def test_a_role_without_free_connections_is_waited_for(url: str) -> None:
    query(url, "CREATE ROLE crowd LOGIN PASSWORD 'secret' CONNECTION LIMIT 0")
    try:
        crowded = make_conninfo(url, user="crowd", password="secret")
        with Store(_impatient(crowded)) as store, pytest.raises(Transient, match="too many"):
            store.ping()
    finally:
        query(url, "DROP ROLE crowd")


@pytest.mark.parametrize(
    ("state", "passing", "kind"),
    [
        ("08006", True, Transient),  # connection failure
        ("40001", True, Transient),  # serialization failure
        ("40P01", True, Transient),  # deadlock
        ("53100", True, Transient),  # disk full
        ("53300", True, Transient),  # too many connections
        ("55P03", True, Transient),  # lock not available
        ("57014", True, Transient),  # statement timeout
        ("57P01", True, Transient),  # admin shutdown
        ("57P03", True, Transient),  # cannot connect now
        ("25006", True, Transient),  # read only
        ("25P03", True, Transient),  # idle in transaction
        ("23505", True, Stalled),  # unique: tried again, then a person's work
        ("23503", True, Stalled),  # foreign key
        ("23514", False, Stalled),  # check
        ("22001", False, Stalled),  # too long
        ("28P01", False, Stalled),  # password
        ("42501", False, Stalled),  # grant
        ("42P01", False, Stalled),  # table
        ("42703", False, Stalled),  # column
        ("XX000", False, Stalled),  # internal
    ],
)
def test_failures_are_told_apart_by_their_code(
    state: str, passing: bool, kind: type[PackError]
) -> None:
    error = psycopg.errors.lookup(state)("it says so")
    assert is_passing(error) is passing
    told = explain(error)
    assert type(told) is kind
    assert "it says so" in told.message
    assert told.hint


def _once_it_can(store: Store, asked: SyncRequest) -> Receipt:
    """A sync by a store that gives up soon, once the database is there again for it."""
    deadline = time.monotonic() + 60
    while True:
        try:
            return store.sync(asked)
        except Transient:
            assert time.monotonic() < deadline


def _password(url: str) -> str:
    return str(conninfo_to_dict(url)["password"])
