"""Rows that someone else writes: Attune's own sync, an operator, an execution."""

from __future__ import annotations

from tests.store.make import query


def insert_pack(url: str, ref: str) -> None:
    query(
        url,
        "INSERT INTO attune.pack (ref, label, version) VALUES (%(ref)s, 'by hand', '0.1.0')",
        {"ref": ref},
    )


def insert_definition(url: str, ref: str, *, with_action: bool, pack: str = "demo") -> None:
    query(
        url,
        "INSERT INTO attune.workflow_definition (ref, pack, pack_ref, label, version, definition)"
        " SELECT %(ref)s, id, ref, 'by hand', '0.1.0', '{}' FROM attune.pack WHERE ref = %(pack)s",
        {"ref": ref, "pack": pack},
    )
    if with_action:
        insert_action(url, ref, definition=ref, pack=pack)


def insert_action(
    url: str,
    ref: str,
    *,
    definition: str | None = None,
    pack: str = "demo",
    entrypoint: str = "workflows/a.workflow.yaml",
) -> None:
    """An action, linked to the definition of the given ref if there is one."""
    query(
        url,
        "INSERT INTO attune.action (ref, pack, pack_ref, label, entrypoint, workflow_def)"
        " SELECT %(ref)s, id, ref, 'by hand', %(entrypoint)s,"
        " (SELECT id FROM attune.workflow_definition WHERE ref = %(definition)s)"
        " FROM attune.pack WHERE ref = %(pack)s",
        {"ref": ref, "pack": pack, "entrypoint": entrypoint, "definition": definition},
    )


def create_executions(url: str) -> None:
    """Attune's run history, which a database of our own making lacks."""
    query(
        url,
        "CREATE TYPE attune.execution_status AS ENUM ('running', 'completed', 'cancelled');"
        "CREATE TABLE attune.workflow_execution (id bigserial PRIMARY KEY, workflow_def bigint"
        " NOT NULL REFERENCES attune.workflow_definition ON DELETE CASCADE,"
        " status attune.execution_status NOT NULL)",
    )


def run_execution(url: str, ref: str, status: str) -> None:
    query(
        url,
        "INSERT INTO attune.workflow_execution (workflow_def, status)"
        " SELECT id, %(status)s::attune.execution_status FROM attune.workflow_definition"
        " WHERE ref = %(ref)s",
        {"ref": ref, "status": status},
    )
