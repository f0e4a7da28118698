"""The real database under the model: emptied for each run, changed by hand, and read as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg.rows import scalar_row

from tests.e2e.attune import install_echo
from tests.store.by_hand import create_executions

_EMPTY = """
DELETE FROM attune.pack WHERE ref <> 'core';
DELETE FROM attune_gitops.claims; DELETE FROM attune_gitops.revisions;
DELETE FROM attune_gitops.bodies; DELETE FROM attune_gitops.attempts;
"""
_VISIBLE = """
SELECT jsonb_build_object(
  'packs', (SELECT jsonb_object_agg(ref, jsonb_build_array(
                CASE WHEN label = 'by hand' THEN label ELSE version END,
                coalesce((config->>'hand')::integer, 0), checksum))
            FROM attune.pack WHERE ref <> 'core'),
  'definitions', (SELECT jsonb_object_agg(ref, jsonb_build_array(pack_ref, label, description))
                  FROM attune.workflow_definition),
  'actions', (SELECT jsonb_object_agg(a.ref, jsonb_build_array(
                  a.pack_ref, a.label, a.description, a.entrypoint,
                  coalesce(d.ref = a.ref, false), coalesce(a.timeout_seconds, 0)))
              FROM attune.action a LEFT JOIN attune.workflow_definition d ON d.id = a.workflow_def
              WHERE a.pack_ref <> 'core'),
  'running', (SELECT jsonb_agg(DISTINCT d.ref) FROM attune.workflow_execution e
              JOIN attune.workflow_definition d ON d.id = e.workflow_def
              WHERE e.status = 'running'),
  'claims', (SELECT jsonb_object_agg(pack_ref,
                 jsonb_build_array(owner_uid, generation, commit, blocked))
             FROM attune_gitops.claims),
  'inventory', (SELECT jsonb_object_agg(ref, jsonb_build_array(pack_ref, file))
                FROM attune_gitops.inventory),
  'history', (SELECT jsonb_object_agg(pack_ref, lines)
              FROM (SELECT pack_ref, jsonb_agg(jsonb_build_array(
                        number, commit, created, updated, unchanged, pruned, skipped, drifted,
                        refs) ORDER BY number) AS lines
                    FROM attune_gitops.revisions GROUP BY pack_ref) AS packs))
"""
_VERSIONS = """
SELECT jsonb_object_agg(name, version) FROM (
  SELECT 'pack ' || ref AS name, xmin::text AS version FROM attune.pack
  UNION ALL SELECT 'definition ' || ref, xmin::text FROM attune.workflow_definition
  UNION ALL SELECT 'action ' || ref, xmin::text FROM attune.action) AS rows
"""
_UNRECORDED = """
SELECT r.pack_ref || ' ' || r.number || ' ' || digest
FROM attune_gitops.revisions r, unnest(r.digests) AS digest
WHERE NOT EXISTS (SELECT FROM attune_gitops.bodies b
                  WHERE b.pack_ref = r.pack_ref AND b.digest = digest)
"""
_DEFINITIONS = "SELECT DISTINCT description, ref, definition::text FROM attune.workflow_definition"


class Database:
    """A connection of someone who is not the controller."""

    def __init__(self, url: str) -> None:
        create_executions(url)
        install_echo(url)
        self._connection = psycopg.connect(url, autocommit=True, row_factory=scalar_row)

    def close(self) -> None:
        self._connection.close()

    def empty(self) -> None:
        """Bring it back to the beginning, but for ids and the sequence."""
        self._connection.execute(_EMPTY)

    def do(self, statement: str, **params: object) -> None:
        """Change rows by hand."""
        self._connection.execute(statement.encode(), params)

    def visible(self) -> dict[str, Any]:
        """What readers see, and what is recorded of it."""
        [found] = self._connection.execute(_VISIBLE).fetchall()
        return {name: value or ([] if name == "running" else {}) for name, value in found.items()}

    def versions(self) -> Mapping[str, str]:
        """The version of each row of Attune's."""
        [found] = self._connection.execute(_VERSIONS).fetchall()
        return found or {}

    def unrecorded(self) -> list[str]:
        """Bodies that a kept revision names and that are not there."""
        return self._connection.execute(_UNRECORDED).fetchall()
