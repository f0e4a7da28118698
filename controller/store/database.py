"""The connection pool: one piece of work is one transaction, tried again while that can help.

May import `errors` and this room's faults and session. The only module that opens connections,
apart from `embedded`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import psycopg
from psycopg import Connection
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg_pool import ConnectionPool, PoolTimeout
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception,
    stop_after_attempt,
    stop_after_delay,
    wait_random_exponential,
)

from controller.errors import Reason, Stalled
from controller.store.faults import explain, is_passing
from controller.store.session import Observer, Session

Result = TypeVar("Result")

_ATTEMPTS = 5
_SETTINGS = """
SELECT set_config('search_path', 'attune, public', false),
       set_config('statement_timeout', %s, false),
       set_config('lock_timeout', %s, false),
       set_config('idle_in_transaction_session_timeout', %s, false)
"""


@dataclass(frozen=True, slots=True)
class DatabaseSettings:
    """Where the database is and how long to wait for it; all times in seconds.

    `patience` bounds all tries of one piece of work together, `connect_timeout` the wait for one
    connection (a free one of the pool or a new one).
    """

    url: str = field(repr=False)
    max_connections: int = 4
    connect_timeout: float = 5.0
    statement_timeout: float = 60.0
    lock_timeout: float = 5.0
    patience: float = 10.0


class Database:
    """A pool of connections to one database. Thread-safe."""

    def __init__(self, settings: DatabaseSettings, observer: Observer, on_retry: Observer) -> None:
        """`on_retry` hears the SQLSTATE that a transaction is tried again for, empty where the
        connection was lost."""
        self._settings = settings
        self._observe = observer
        self._on_retry = on_retry
        self._conninfo, self._secrets = _conninfo(settings)
        self._pool = ConnectionPool(
            self._conninfo,
            open=False,
            min_size=0,
            max_size=settings.max_connections,
            timeout=settings.connect_timeout,
            reconnect_timeout=settings.connect_timeout,
            check=ConnectionPool.check_connection,
            configure=self._configure,
            kwargs={"autocommit": True},
            name="attune-gitops",
        )

    def open(self) -> None:
        """Start the pool; no connection is made before the first piece of work."""
        # The pool logs each failed attempt; ours is the one voice on a database that is away.
        logging.getLogger("psycopg.pool").setLevel(logging.CRITICAL)
        self._pool.open()

    def close(self) -> None:
        """Close all connections; work under way is waited for."""
        self._pool.close()

    def transact(
        self, work: Callable[[Session], Result], *, tries: int = _ATTEMPTS, undone: bool = False
    ) -> Result:
        """`work`'s result, in one transaction, which is rolled back in the end if `undone`.

        `work` may run several times, `tries` at most, and must have no other effect than on the
        database. Raises what `work` raises, `Transient` (DatabaseUnavailable) or `Stalled`
        (DatabaseRefused).
        """
        retrying = Retrying(
            stop=stop_after_attempt(tries) | stop_after_delay(self._settings.patience),
            wait=wait_random_exponential(multiplier=0.05, max=2),
            retry=retry_if_exception(is_passing),
            before_sleep=self._tell_retry,
            reraise=True,
        )
        try:
            for attempt in retrying:
                with attempt:
                    return self._once(work, undone=undone)
        except psycopg.Error as error:
            raise explain(error, secrets=self._secrets) from None
        raise AssertionError("tenacity either returns a result or raises")

    def ask(self, work: Callable[[Session], Result]) -> Result:
        """`work`'s result, on a connection of its own and without patience; nobody hears of it.

        Raises as `transact` does.
        """
        try:
            with psycopg.connect(self._conninfo, autocommit=True) as connection:
                self._configure(connection)
                with connection.transaction():
                    return work(Session(connection, lambda _: None))
        except psycopg.Error as error:
            raise explain(error, secrets=self._secrets) from None

    def _once(self, work: Callable[[Session], Result], *, undone: bool) -> Result:
        try:
            lease = self._pool.getconn()
        except PoolTimeout:
            self._probe()
            raise
        try:
            with lease.transaction(force_rollback=undone):
                result = work(Session(lease, self._observe))
                self._observe("rollback" if undone else "commit")
        except psycopg.Error as error:
            # A server that is read-only or going down stays so for this connection.
            if is_passing(error) and not (error.sqlstate or "").startswith(("40", "55", "23")):
                lease.close()
            raise
        finally:
            self._pool.putconn(lease)
        return result

    def _tell_retry(self, state: RetryCallState) -> None:
        error = state.outcome.exception() if state.outcome else None
        self._on_retry(getattr(error, "sqlstate", None) or "")

    def _probe(self) -> None:
        """Raise the server's own words if it refuses connections: the pool swallows them."""
        timeout = max(2, round(self._settings.connect_timeout))
        psycopg.connect(self._conninfo, connect_timeout=timeout).close()

    def _configure(self, connection: Connection[Any]) -> None:
        settings = self._settings
        timeouts = (settings.statement_timeout, settings.lock_timeout, settings.statement_timeout)
        connection.execute(_SETTINGS, [f"{round(seconds * 1000)}ms" for seconds in timeouts])


def _conninfo(settings: DatabaseSettings) -> tuple[str, tuple[str, ...]]:
    """libpq's connection string with our defaults, and the secrets in it."""
    try:
        given = conninfo_to_dict(settings.url)
    except psycopg.ProgrammingError:
        raise Stalled(
            Reason.DATABASE_REFUSED,
            "The database URL cannot be read.",
            hint="It looks like postgresql://user:password@host:5432/database; special characters "
            "in the password must be percent-encoded.",
        ) from None
    defaults = {
        "application_name": "attune-pack-controller",
        "target_session_attrs": "read-write",
        "connect_timeout": str(max(2, round(settings.connect_timeout))),
    }
    secrets = tuple(str(given[key]) for key in ("password", "sslpassword") if given.get(key))
    return make_conninfo("", **{**defaults, **given}), secrets
