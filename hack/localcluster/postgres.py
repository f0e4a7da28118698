"""A throw-away PostgreSQL server over TCP: many databases, stopped and started at will.

Imports the product's embedded PostgreSQL, psycopg and the guard.
"""

from __future__ import annotations

import itertools
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Self
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from controller.store.embedded import EmbeddedPostgres, StopMode
from hack.localcluster.guard import Guard
from hack.ports import free_port

# Nothing has to survive a crash of the machine; a crash of the server loses no commit even so.
_THROW_AWAY = {
    "fsync": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "shared_buffers": "32MB",
    "max_connections": "200",
}
_NO_SETTINGS: Mapping[str, str] = MappingProxyType({})


class Postgres:
    """A context around one server. `url` is an administrator's, of the database `postgres`.

    `durable` leaves PostgreSQL at its own defaults, with fsync on: slower, and fit to be measured.
    `settings` come on top.
    """

    def __init__(
        self, *, durable: bool = False, settings: Mapping[str, str] = _NO_SETTINGS
    ) -> None:
        self._settings = {**({} if durable else _THROW_AWAY), **settings}

    def __enter__(self) -> Self:
        self._guard = Guard().__enter__()
        self._numbers = itertools.count(1)
        self._server = EmbeddedPostgres(
            self._guard.folder / "postgres",
            port=free_port(),
            settings=self._settings,
            spawn=self._guard.spawn,
        )
        try:
            self._server.start()
        except BaseException:
            self._guard.__exit__()
            raise
        self.url = self._server.url
        return self

    def __exit__(self, *exception: object) -> None:
        self._server.stop(StopMode.IMMEDIATE)
        self._guard.__exit__()

    def start(self) -> None:
        """Start the server again, at the same address. Does nothing when it runs."""
        self._server.start()

    def stop(self, mode: StopMode = StopMode.FAST) -> None:
        """Stop the server; IMMEDIATE is a crash. Data stays for the next `start()`."""
        self._server.stop(mode)

    @contextmanager
    def standby(self) -> Iterator[EmbeddedPostgres]:
        """A second server that repeats what this one does, until it is promoted. This one restarts
        for it."""
        self._server.stop()
        folder = self._guard.folder / "standby"
        subprocess.run(["cp", "--archive", self._guard.folder / "postgres", folder], check=True)
        (folder / "data" / "standby.signal").touch()
        self._server.start()
        server = EmbeddedPostgres(
            folder,
            port=free_port(),
            settings={**self._settings, "primary_conninfo": self.url},
            spawn=self._guard.spawn,
        )
        server.start()
        try:
            yield server
        finally:
            server.stop(StopMode.IMMEDIATE)

    def create_database(self, name: str = "", *, template: str = "template1") -> str:
        """Create a database, a copy of `template` (which nobody may be connected to): its URL."""
        name = name or f"database_{next(self._numbers)}"
        self._execute("CREATE DATABASE {} TEMPLATE {}", name, template)
        return urlsplit(self.url)._replace(path=f"/{name}").geturl()

    def drop_database(self, url: str) -> None:
        """Remove the database that `create_database` gave, with the sessions that use it."""
        self._execute("DROP DATABASE {} WITH (FORCE)", urlsplit(url).path.removeprefix("/"))

    def _execute(self, statement: str, *names: str) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
