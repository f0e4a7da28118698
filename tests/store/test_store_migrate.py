"""Databases of every kind at start: empty, Attune's, up to date, incomplete, too new."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from psycopg.conninfo import make_conninfo

from controller.errors import Reason, Stalled
from controller.store import DatabaseSettings, NewerSchema, Store
from controller.store.migrate import ATTUNE_COLUMNS
from controller.store.statements import Statement, migrations, text_of
from tests.store.by_hand import create_executions
from tests.store.everything import do_everything
from tests.store.make import (
    DOCUMENT,
    MANIFEST,
    TEAM_A,
    column,
    query,
    refs,
    request,
    row_versions,
    workflows,
)


@pytest.fixture
def fresh(database: str) -> Iterator[Store]:
    with Store(DatabaseSettings(database)) as opened:
        yield opened


def test_an_empty_database_gets_attunes_tables_column_for_column(
    fresh: Store, database: str
) -> None:
    fresh.migrate()
    found = query(
        database,
        "SELECT table_name, string_agg(column_name, ' ' ORDER BY ordinal_position) AS columns"
        " FROM information_schema.columns WHERE table_schema = 'attune' GROUP BY 1 ORDER BY 1",
    )
    assert {row["table_name"]: row["columns"] for row in found} == {
        "pack": "id ref label description version conf_schema config meta tags runtime_deps"
        " dependencies is_standard installers source_type source_url source_ref checksum"
        " checksum_verified installed_at installed_by installation_method storage_path created"
        " updated",
        "workflow_definition": "id ref pack pack_ref label description version param_schema"
        " out_schema definition tags created updated",
        "action": "id ref pack pack_ref label description entrypoint runtime param_schema"
        " out_schema parameter_delivery parameter_format output_format is_adhoc timeout_seconds"
        " max_retries runtime_version_constraint accesses_mcp"
        " default_execution_permission_set_refs log_retention_policy log_retention_limit"
        " artifact_retention_policy artifact_retention_limit created updated workflow_def"
        " required_worker_runtimes worker_selector worker_tolerations worker_affinity",
    }


@pytest.mark.parametrize(
    ("ref", "version", "constraint"),
    [
        pytest.param("a.b", "1.0.0", "pack_ref_format", id="pack ref format"),
        pytest.param("demo", "1.0", "pack_version_semver", id="pack version"),
    ],
)
def test_an_empty_database_gets_attunes_constraints(
    fresh: Store, ref: str, version: str, constraint: str
) -> None:
    fresh.migrate()
    manifest = replace(MANIFEST, ref=ref, version=version)
    with pytest.raises(Stalled, match=constraint):
        fresh.sync(request(fresh, [], manifest=manifest))


def test_a_second_start_changes_nothing(fresh: Store, database: str) -> None:
    fresh.migrate()
    fresh.sync(request(fresh, workflows("a")))
    before = row_versions(database)
    catalog = column(database, "SELECT xmin::text FROM pg_class ORDER BY oid")
    assert fresh.migrate() == len(migrations())
    assert row_versions(database) == before
    assert column(database, "SELECT xmin::text FROM pg_class ORDER BY oid") == catalog


def test_several_controllers_may_start_at_once(database: str) -> None:
    failures: list[BaseException] = []

    def start() -> None:
        try:
            with Store(DatabaseSettings(database)) as store:
                store.migrate()
        except BaseException as error:  # noqa: BLE001  (the test reports whatever it is)
            failures.append(error)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert failures == []
    assert column(database, "SELECT count(*) FROM attune_gitops.migrations") == [len(migrations())]


def test_a_database_of_attune_is_used_as_it_is(fresh: Store, database: str) -> None:
    """It has more columns, tables and triggers than we know; none is touched."""
    fresh.migrate()
    query(database, "DROP SCHEMA attune_gitops CASCADE")
    query(database, "ALTER TABLE attune.workflow_definition ADD COLUMN later text DEFAULT 'x'")
    query(database, "CREATE TABLE attune.identity (id bigserial PRIMARY KEY)")
    definition = (
        "SELECT oid::text || xmin::text FROM pg_class"
        " WHERE relnamespace = 'attune'::regnamespace ORDER BY oid"
    )
    before = column(database, definition)
    fresh.migrate()
    fresh.sync(request(fresh, workflows("a")))
    assert column(database, definition) == before
    assert refs(database) == ["demo.a"]


def test_our_schema_never_stands_in_the_way_of_attunes_migrations(store: Store, url: str) -> None:
    store.sync(request(store, workflows("a")))
    query(url, "ALTER TABLE attune.workflow_definition ALTER COLUMN label TYPE text")
    query(url, "DROP TABLE attune.action, attune.workflow_definition, attune.pack")


@pytest.mark.parametrize(
    ("damage", "missing"),
    [
        pytest.param("ALTER TABLE attune.action DROP COLUMN workflow_def CASCADE",
                     "attune.action.workflow_def", id="column"),
        pytest.param("DROP TABLE attune.action", "attune.action", id="table"),
    ],
)  # fmt: skip
def test_what_attunes_tables_lack_is_named(
    store: Store, url: str, damage: str, missing: str
) -> None:
    query(url, damage)
    with pytest.raises(Stalled, match=f"lack {missing}\\.") as caught:
        store.migrate()
    assert caught.value.reason is Reason.DATABASE_REFUSED


def test_every_column_that_is_needed_is_missed_by_its_name(store: Store, url: str) -> None:
    for table, columns in ATTUNE_COLUMNS.items():
        for name in columns:
            query(url, f"ALTER TABLE attune.{table} RENAME {name} TO away")
            with pytest.raises(Stalled, match=rf"lack attune\.{table}\.{name}\."):
                store.migrate()
            query(url, f"ALTER TABLE attune.{table} RENAME away TO {name}")


def test_no_other_column_is_needed(store: Store, url: str) -> None:
    """So an Attune of before or after, which has others, will do."""
    dropped = 0
    for table, columns in ATTUNE_COLUMNS.items():
        others = set(_columns(url, table)) - set(columns)
        dropped += len(others)
        if "updated" in others:
            query(url, f"DROP TRIGGER update_{table}_updated ON attune.{table}")
        for name in others:
            query(url, f"ALTER TABLE attune.{table} DROP COLUMN {name}")
        query(url, f"ALTER TABLE attune.{table} ADD COLUMN later text NOT NULL DEFAULT 'x'")
    assert dropped
    create_executions(url)
    do_everything(store, url)


def _columns(url: str, table: str) -> list[str]:
    names = (
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_schema = 'attune' AND table_name = %(table)s"
    )
    return [row["column_name"] for row in query(url, names, {"table": table})]


def test_every_migration_is_explained() -> None:
    told = re.findall(r"(?m)^\| (\d+) \| `(\w+)` \|", DOCUMENT.read_text())
    assert told == [(str(place), name) for place, (name, _) in enumerate(migrations(), start=1)]


def test_a_newer_schema_is_refused(store: Store, url: str) -> None:
    query(url, "INSERT INTO attune_gitops.migrations VALUES (99, '0099_from_the_future')")
    with pytest.raises(Stalled, match="at version 99") as caught:
        store.migrate()
    assert "update this one" in caught.value.hint
    with pytest.raises(NewerSchema, match="at version 99"):
        store.refuse_newer()


def test_a_schema_that_is_no_newer_is_not_refused(fresh: Store, database: str) -> None:
    fresh.refuse_newer()
    assert column(database, "SELECT to_regnamespace('attune_gitops')::text") == [None]
    fresh.migrate()
    fresh.refuse_newer()


def test_a_missing_grant_is_a_persons_work(url: str) -> None:
    query(url, "CREATE ROLE stranger LOGIN PASSWORD 'secret'")
    try:
        with (
            Store(
                DatabaseSettings(make_conninfo(url, user="stranger", password="secret"))
            ) as limited,
            pytest.raises(Stalled, match="permission denied") as caught,
        ):
            limited.next_sequence()
        assert caught.value.reason is Reason.DATABASE_REFUSED
        assert "docs/database.md" in caught.value.hint
    finally:
        query(url, "DROP ROLE stranger")


def test_a_database_that_nobody_migrated_says_so(fresh: Store) -> None:
    with pytest.raises(Stalled, match=r"attune_gitops\.claims"):
        fresh.recorded(TEAM_A)


@pytest.mark.parametrize("statement", list(Statement), ids=str)
def test_every_statement_has_its_text(statement: Statement) -> None:
    assert b"{{" not in text_of(statement)
