"""The rows in Attune's tables, as a table on the terminal. Imports psycopg and rich."""

from __future__ import annotations

import psycopg
from rich.table import Table

_ROWS = """
SELECT d.ref, d.version, jsonb_array_length(d.definition->'tasks'), a.entrypoint,
       to_char(d.updated, 'HH24:MI:SS.MS')
FROM attune.workflow_definition d JOIN attune.action a ON a.workflow_def = d.id
ORDER BY d.ref
"""


def rows(database: str) -> Table:
    """What Attune sees: each workflow definition with its companion action."""
    table = Table("ref", "version", "tasks", "entrypoint of the action", "updated")
    with psycopg.connect(database) as connection:
        for row in connection.execute(_ROWS):
            table.add_row(*map(str, row))
    return table
