"""Which rows a transaction wrote, as PostgreSQL itself tells: each row version names its writer."""

from __future__ import annotations

from typing import Any

from psycopg import Connection

_VERSIONS = """
SELECT 'pack ' || ref, xmin::text FROM attune.pack
UNION ALL SELECT 'definition ' || ref, xmin::text FROM attune.workflow_definition
UNION ALL SELECT 'action ' || ref, xmin::text FROM attune.action
UNION ALL SELECT 'inventory ' || ref, xmin::text FROM attune_gitops.inventory
UNION ALL SELECT 'claim ' || pack_ref, xmin::text FROM attune_gitops.claims
UNION ALL SELECT 'revision ' || number, xmin::text FROM attune_gitops.revisions
"""

Versions = frozenset[tuple[str, str]]
"""Every row of the product and of Attune, with the transaction that wrote it last."""


def versions(connection: Connection[Any]) -> Versions:
    """The rows as they are now."""
    return frozenset(connection.execute(_VERSIONS).fetchall())


def written(before: Versions, after: Versions) -> int:
    """How many rows were inserted, updated or deleted in between."""
    return len({name for name, _ in before ^ after})
