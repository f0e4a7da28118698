"""Schemas at start: Attune's tables are checked, or created where there are none; ours migrated.

May import `errors` and this room's SQL and session. One transaction under a lock, so that several
controllers may start at once; on a database that is up to date it writes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from controller.errors import Reason, Stalled
from controller.store.session import Session
from controller.store.statements import Statement, attune_tables, migrations

Result = TypeVar("Result")

_OWNED_IN_BOTH = ("id", "ref", "pack", "pack_ref", "label", "description", "param_schema")
ATTUNE_COLUMNS = {
    "pack": (
        "id", "ref", "label", "description", "version", "conf_schema", "config", "meta", "tags",
        "runtime_deps", "dependencies", "source_type", "source_url", "source_ref", "checksum",
        "installed_at", "installation_method",
    ),
    "workflow_definition": (
        *_OWNED_IN_BOTH, "version", "out_schema", "definition", "tags", "created", "updated",
    ),
    "action": (
        *_OWNED_IN_BOTH, "entrypoint", "out_schema", "workflow_def", "is_adhoc", "runtime",
    ),
}  # fmt: skip
"""What we read or write of Attune's tables; more columns are welcome."""


@dataclass(frozen=True, slots=True)
class _Table:
    table: str
    columns: list[str]


class NewerSchema(Stalled):
    """A newer program has migrated the database: this one has no business there."""


def migrate(session: Session) -> int:
    """Bring the database to this program's version, and return that version.

    Raises `Stalled` (DatabaseRefused) where Attune's tables lack something or a newer program
    has migrated the database.
    """
    session.run(Statement.LOCK_MIGRATIONS)
    _prepare_attune(session)
    return _migrate_ours(session)


def check(session: Session) -> None:
    """Raise `Stalled` (DatabaseRefused) unless our schema is at this program's version; for those
    who only read. Writes nothing and waits for nothing."""
    known = len(migrations())
    if not session.value(Statement.FIND_MIGRATIONS):
        raise Stalled(
            Reason.DATABASE_REFUSED,
            "This database has no schema attune_gitops: nothing was ever applied to it.",
            hint="Check the database URL.",
        )
    version = int(session.value(Statement.READ_VERSION))
    _refuse_newer(version, known)
    if version < known:
        raise Stalled(
            Reason.DATABASE_REFUSED,
            f"Schema attune_gitops is at version {version}, and this program reads {known}.",
            hint="An older controller runs there: update it, or use a packctl of its version.",
        )


def is_new(session: Session) -> bool:
    """Whether there is no schema of ours at all; raises `Stalled` where it is of another version.
    Writes nothing."""
    if not session.value(Statement.FIND_MIGRATIONS):
        return True
    check(session)
    return False


def rehearsed(session: Session, work: Callable[[Session], Result]) -> Result:
    """`work`'s result on the tables that `migrate` makes: for a transaction that is undone."""
    migrate(session)
    return work(session)


def looking(session: Session, work: Callable[[Session], Result]) -> Result:
    """`work`'s result in a transaction that sees one state and cannot change it."""
    session.run(Statement.READ_ONLY)
    return work(session)


def refuse_newer(session: Session) -> None:
    """Raise `NewerSchema` where a newer program has migrated the database; writes nothing."""
    if session.value(Statement.FIND_MIGRATIONS):
        _refuse_newer(int(session.value(Statement.READ_VERSION)), len(migrations()))


def _prepare_attune(session: Session) -> None:
    found = session.rows(Statement.READ_TABLES, _Table, {"tables": list(ATTUNE_COLUMNS)})
    if not found:
        _create_schema(session, "attune")
        session.script("create_attune", attune_tables())
        return
    present = {table.table: set(table.columns) for table in found}
    missing = [
        f"attune.{table}" if table not in present else f"attune.{table}.{column}"
        for table, columns in ATTUNE_COLUMNS.items()
        for column in (columns if table in present else columns[:1])
        if column not in present.get(table, ())
    ]
    if missing:
        raise Stalled(
            Reason.DATABASE_REFUSED,
            f"Attune's tables lack {', '.join(missing)}.",
            hint="Run Attune's own migrations first; the controller never alters its tables.",
        )


def _migrate_ours(session: Session) -> int:
    steps = migrations()
    version = _current_version(session)
    _refuse_newer(version, len(steps))
    for number, (name, script) in islice(enumerate(steps, start=1), version, None):
        session.script(name, script)
        session.run(Statement.WRITE_VERSION, {"version": number, "name": name})
    return len(steps)


def _refuse_newer(version: int, known: int) -> None:
    if version > known:
        raise NewerSchema(
            Reason.DATABASE_REFUSED,
            f"Schema attune_gitops is at version {version}, and this program knows only {known}.",
            hint="A newer controller has migrated this database: update this one.",
        )


def _current_version(session: Session) -> int:
    if session.value(Statement.FIND_MIGRATIONS):
        return int(session.value(Statement.READ_VERSION))
    _create_schema(session, "attune_gitops")
    session.run(Statement.CREATE_MIGRATIONS)
    return 0


def _create_schema(session: Session, schema: str) -> None:
    # IF NOT EXISTS would ask for the right to create even where the schema is there.
    if not session.value(Statement.FIND_SCHEMA, {"schema": schema}):
        session.script(f"create_schema_{schema}", f"CREATE SCHEMA {schema}".encode())
