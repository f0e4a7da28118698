"""A role with what docs/database.md grants it, word for word, does all that the store can do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from psycopg.conninfo import make_conninfo

from controller.errors import PackError, Stalled
from controller.store import DatabaseSettings, Retention, Store
from controller.store.statements import Statement, migrations
from tests.store.by_hand import create_executions
from tests.store.everything import do_everything
from tests.store.make import (
    MANIFEST,
    TEAM_A,
    column,
    documented,
    query,
    request,
    workflows,
)

_GRANTS = "GRANT USAGE ON SCHEMA attune, attune_gitops TO syncer"
_EXECUTIONS = "GRANT SELECT ON attune.workflow_execution TO syncer"
_AT_FIRST = {Statement.FIND_SCHEMA, Statement.CREATE_MIGRATIONS, Statement.WRITE_VERSION}
"""What only the start does that makes the schemas."""


@contextmanager
def _role(url: str, name: str, *grants: str) -> Iterator[str]:
    """The URL for a role that has just these."""
    query(url, f"CREATE ROLE {name} LOGIN PASSWORD 'secret'")
    try:
        for grant in grants:
            query(url, grant)
        yield make_conninfo(url, user=name, password="secret")
    finally:
        query(url, f"REASSIGN OWNED BY {name} TO CURRENT_USER; DROP OWNED BY {name}")
        query(url, f"DROP ROLE {name}")


def test_the_documented_grants_are_enough_for_every_statement(url: str) -> None:
    create_executions(url)
    heard: list[str] = []
    granted = documented(_GRANTS), documented(_EXECUTIONS)
    with (
        _role(url, "syncer", *granted) as limited,
        Store(DatabaseSettings(limited), on_statement=heard.append) as store,
    ):
        do_everything(store, url)
    assert set(Statement) - set(heard) == _AT_FIRST


def _parts() -> list[str]:
    """Each privilege on each thing, by itself."""
    found = []
    for grant in documented(_GRANTS).split(";")[:-1]:
        what, _, where = grant.strip().removeprefix("GRANT ").partition(" ON ")
        on, _, role = where.partition(" TO ")
        kind = next((one for one in ("SCHEMA ", "ALL ") if on.startswith(one)), "")
        things = on.removeprefix("SCHEMA ").split(", ") if kind != "ALL " else [on]
        prefix = kind if kind != "ALL " else ""
        found += [
            f"GRANT {privilege} ON {prefix}{' '.join(thing.split())} TO {role.strip()}"
            for privilege in what.split(", ")
            for thing in things
        ]
    return found


def test_none_of_the_documented_grants_is_more_than_is_needed(url: str) -> None:
    create_executions(url)
    parts = _parts()
    assert len(parts) == 2 + 3 * 4 + 1 + 4 + 1
    needless = [part for part in parts if not _is_needed(url, part, parts)]
    assert needless == []


def _is_needed(url: str, part: str, parts: list[str]) -> bool:
    others = [one for one in parts if one is not part]
    with (
        _role(url, "syncer", *others, _EXECUTIONS) as limited,
        Store(DatabaseSettings(limited)) as store,
    ):
        try:
            do_everything(store, url)
        except PackError as error:
            return "permission denied" in str(error)
        finally:
            query(url, "TRUNCATE attune.pack, attune_gitops.claims, attune_gitops.revisions,"
                  " attune_gitops.bodies, attune_gitops.attempts CASCADE")  # fmt: skip
    return False


def test_a_role_that_may_create_makes_all_it_needs(database: str) -> None:
    name = urlsplit(database).path.removeprefix("/")
    with (
        _role(database, "founder", f"GRANT CREATE ON DATABASE {name} TO founder") as limited,
        Store(DatabaseSettings(limited)) as store,
    ):
        assert store.migrate() == len(migrations())
        create_executions(database)
        query(database, "GRANT SELECT ON attune.workflow_execution TO founder")
        do_everything(store, database)


def test_a_role_that_may_not_create_is_told_so(database: str) -> None:
    with (
        _role(database, "stranger") as limited,
        Store(DatabaseSettings(limited)) as store,
        pytest.raises(Stalled, match="permission denied for database") as caught,
    ):
        store.migrate()
    assert "docs/database.md" in caught.value.hint


def test_a_role_that_does_not_own_the_schema_cannot_bring_it_up_to_date(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And leaves it as it was; the owner's start mends it."""
    later = (*migrations(), ("0099_later", b"ALTER TABLE attune_gitops.claims ADD later text"))
    with (
        _role(url, "syncer", documented(_GRANTS)) as limited,
        Store(DatabaseSettings(limited)) as store,
    ):
        monkeypatch.setattr("controller.store.migrate.migrations", lambda: later)
        with pytest.raises(Stalled, match="must be owner of table claims") as caught:
            store.migrate()
        assert "docs/database.md" in caught.value.hint
        with Store(DatabaseSettings(url)) as owner:
            assert owner.migrate() == len(later)
        assert store.migrate() == len(later)
        store.sync(request(store, workflows("a"), manifest=MANIFEST))


def test_where_a_table_that_refers_to_packs_cannot_be_read_the_pack_stays(url: str) -> None:
    query(url, "CREATE TABLE attune.key (owner_pack bigint REFERENCES attune.pack)")
    with (
        _role(url, "syncer", documented(_GRANTS)) as limited,
        Store(DatabaseSettings(limited), retention=Retention()) as store,
    ):
        store.sync(request(store, workflows("a")))
        assert not store.remove(TEAM_A).pack_removed
    assert column(url, "SELECT ref FROM attune.pack") == ["demo"]
