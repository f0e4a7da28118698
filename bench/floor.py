"""The floors: what Git and PostgreSQL take at least, without any of the product's code."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path
from typing import Any

from psycopg import Connection, sql
from psycopg.rows import scalar_row

WAL = "SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint"
"""How many bytes of the write-ahead log there have ever been."""
_TABLES = (
    sql.Identifier("attune", "workflow_definition"),
    sql.Identifier("attune", "action"),
    sql.Identifier("attune_gitops", "inventory"),
)


class PlainGit:
    """A bare repository that plain git fetches into, as a script would do it."""

    def __init__(self, folder: Path, url: str) -> None:
        self._folder = folder
        self._url = url
        subprocess.run(["git", "init", "--quiet", "--bare", folder], check=True)

    def fetch(self) -> float:
        """Fetch the tip of `main`; how many seconds that took."""
        return self._timed("fetch", "--quiet", "--no-tags", "--depth=1", self._url, "main")

    def look(self) -> float:
        """Ask where `main` is; how many seconds that took."""
        return self._timed("ls-remote", "--quiet", self._url, "refs/heads/main")

    def _timed(self, *arguments: str) -> float:
        started = time.perf_counter()
        subprocess.run(["git", *arguments], cwd=self._folder, check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - started


def copy_floor(connection: Connection[Any], rows: int) -> tuple[float, int]:
    """Seconds and bytes of WAL for a COPY of `rows` workflows, as the product wrote them, and one
    commit.

    They go into twins of its tables, with the same columns, checks and indexes.
    """
    copies = [_read(connection, table, rows) for table in _TABLES]
    twins = [sql.Identifier(f"floor_{number}") for number, _ in enumerate(_TABLES)]
    for table, twin in zip(_TABLES, twins, strict=True):
        _execute(connection, "CREATE TABLE {} (LIKE {} INCLUDING ALL)", twin, table)
    before = _written(connection)
    started = time.perf_counter()
    with connection.transaction():
        for twin, data in zip(twins, copies, strict=True):
            with connection.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(twin)) as copy:
                copy.write(data)
    taken = time.perf_counter() - started
    written = _written(connection) - before
    for twin in twins:
        _execute(connection, "DROP TABLE {}", twin)
    return taken, written


def _written(connection: Connection[Any]) -> int:
    with connection.cursor(row_factory=scalar_row) as cursor:
        [found] = cursor.execute(WAL).fetchall()
    return int(found)


def _read(connection: Connection[object], table: sql.Identifier, rows: int) -> bytes:
    question = sql.SQL("COPY (SELECT * FROM {} ORDER BY ref LIMIT {}) TO STDOUT")
    with connection.cursor().copy(question.format(table, sql.Literal(rows))) as copy:
        return b"".join(copy)


def _execute(connection: Connection[object], statement: str, *names: sql.Identifier) -> None:
    connection.execute(sql.SQL(statement).format(*names))
