"""The named SQL statements, read once from `sql/`. Imports nothing of ours.

Each member of `Statement` is a file `sql/statements/<value>.sql`; `{{name}}` in a statement stands
for `sql/fragments/<name>.sql`, an expression that several statements must agree on.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache
from importlib import resources

_FRAGMENT = re.compile(r"\{\{(\w+)\}\}")
_ROOT = resources.files("controller.store") / "sql"


class Statement(StrEnum):
    """Every statement that the store sends, named as the observer hears it."""

    PING = "ping"
    READ_ONLY = "read_only"
    NEXT_SEQUENCE = "next_sequence"
    COUNT = "count"
    LOCK_PACK = "lock_pack"
    TRY_LOCK_PACK = "try_lock_pack"
    READ_CLAIMS = "read_claims"
    READ_HOLDERS = "read_holders"
    READ_RECORDED = "read_recorded"
    READ_STANDING = "read_standing"
    CLOSE_ROLLBACK = "close_rollback"
    READ_INVENTORY = "read_inventory"
    READ_ACTIONS = "read_actions"
    READ_INSTALLED = "read_installed"
    FIND_PACK = "find_pack"
    READ_PACK = "read_pack"
    INSERT_PACK = "insert_pack"
    UPDATE_PACK = "update_pack"
    DELETE_PACK = "delete_pack"
    FIND_PACK_REFERENCES = "find_pack_references"
    READ_PACK_COLUMNS = "read_pack_columns"
    READ_ROWS = "read_rows"
    READ_DRIFT = "read_drift"
    READ_STATE = "read_state"
    FIND_EXECUTIONS = "find_executions"
    LOCK_DEFINITIONS = "lock_definitions"
    READ_RUNNING = "read_running"
    READ_CALLERS = "read_callers"
    WRITE_DEFINITIONS = "write_definitions"
    WRITE_ACTIONS = "write_actions"
    DELETE_DEFINITIONS = "delete_definitions"
    WRITE_INVENTORY = "write_inventory"
    WRITE_CLAIM = "write_claim"
    DELETE_CLAIM = "delete_claim"
    FIND_MISSING_BODIES = "find_missing_bodies"
    WRITE_BODIES = "write_bodies"
    WRITE_REVISION = "write_revision"
    READ_REVISIONS = "read_revisions"
    READ_REVISION = "read_revision"
    READ_BODIES = "read_bodies"
    READ_LAST_ATTEMPT = "read_last_attempt"
    WRITE_ATTEMPT = "write_attempt"
    READ_ATTEMPTS = "read_attempts"
    LIST_PACKS = "list_packs"
    ADD_PACK = "add_pack"
    CHANGE_PACK = "change_pack"
    READ_CATALOGUE = "read_catalogue"
    READ_PACK_ROW = "read_pack_row"
    READ_WORKFLOWS = "read_workflows"
    READ_WORKFLOW = "read_workflow"
    EXPIRE_REVISIONS = "expire_revisions"
    EMPTY_REVISIONS = "empty_revisions"
    FIND_UNUSED_BODIES = "find_unused_bodies"
    SWEEP_BODIES = "sweep_bodies"
    EXPIRE_ATTEMPTS = "expire_attempts"
    LOCK_MIGRATIONS = "lock_migrations"
    FIND_SCHEMA = "find_schema"
    FIND_MIGRATIONS = "find_migrations"
    CREATE_MIGRATIONS = "create_migrations"
    READ_VERSION = "read_version"
    WRITE_VERSION = "write_version"
    READ_TABLES = "read_tables"


@cache
def text_of(statement: Statement) -> bytes:
    """The SQL of `statement`, with its fragments in place."""
    return _expand(_read(f"statements/{statement}.sql")).encode()


def attune_tables() -> bytes:
    """The script that creates Attune's tables in an empty schema `attune`."""
    return _read("attune.sql").encode()


def migrations() -> tuple[tuple[str, bytes], ...]:
    """Our own schema's steps, oldest first: (name, script); the version is the place from 1."""
    files = sorted((_ROOT / "migrations").iterdir(), key=lambda file: file.name)
    return tuple((file.name.removesuffix(".sql"), file.read_bytes()) for file in files)


def _expand(text: str) -> str:
    while match := _FRAGMENT.search(text):
        text = text.replace(match[0], _read(f"fragments/{match[1]}.sql").rstrip())
    return text


def _read(path: str) -> str:
    return (_ROOT / path).read_text(encoding="utf-8")
