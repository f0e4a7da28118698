"""What is in Attune's tables: the product's result, read past the product."""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

Row = dict[str, Any]


def definitions(url: str, pack_ref: str) -> dict[str, Row]:
    """The rows of attune.workflow_definition by ref, each with its row version (`xmin`)."""
    return _by_ref(url, "workflow_definition", "pack_ref", pack_ref)


def actions(url: str, pack_ref: str) -> dict[str, Row]:
    """The rows of attune.action by ref, each with its row version."""
    return _by_ref(url, "action", "pack_ref", pack_ref)


def pack_row(url: str, ref: str) -> Row | None:
    """The row of attune.pack, with its row version."""
    return _by_ref(url, "pack", "ref", ref).get(ref)


def everything(url: str, pack_ref: str) -> tuple[Row | None, dict[str, Row], dict[str, Row]]:
    """All that there is of a pack; equal only if no row was even touched in between."""
    return pack_row(url, pack_ref), definitions(url, pack_ref), actions(url, pack_ref)


def _by_ref(url: str, table: str, column: str, value: str) -> dict[str, Row]:
    text = "SELECT *, xmin::text FROM {} WHERE {} = %s ORDER BY ref"
    names = sql.SQL(text).format(sql.Identifier("attune", table), sql.Identifier(column))
    with psycopg.connect(url, row_factory=dict_row) as connection:
        return {row["ref"]: row for row in connection.execute(names, (value,))}
