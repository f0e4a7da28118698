"""A migrated database of its own for each test, copied from a template, and a store on it."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from controller.store import DatabaseSettings, Store
from hack.localcluster import Postgres


@pytest.fixture(scope="session")
def template(postgres: Postgres) -> str:
    """The name of a migrated database that others are copied from."""
    url = postgres.create_database()
    with Store(DatabaseSettings(url)) as store:
        store.migrate()
    return urlsplit(url).path.removeprefix("/")


@pytest.fixture
def url(postgres: Postgres, template: str) -> Iterator[str]:
    """The URL of a migrated database without packs."""
    made = postgres.create_database(template=template)
    yield made
    postgres.start()
    postgres.drop_database(made)


@pytest.fixture
def heard() -> list[str]:
    """The names of the statements that `store` sent."""
    return []


@pytest.fixture
def store(url: str, heard: list[str]) -> Iterator[Store]:
    with Store(DatabaseSettings(url), on_statement=heard.append) as opened:
        yield opened
