"""With a long past of many packs, each question finds its rows by an index.

100,000 attempts of 1,000 Packs, and 1,000 revisions and 200,000 bodies of 20 packs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg import ClientCursor, Connection

from controller.store.statements import Statement, text_of
from hack.localcluster import Postgres

_FILL = """
SET synchronous_commit = off;
INSERT INTO attune_gitops.bodies
SELECT 'p' || p, md5(p || ' ' || w), '{}'
FROM generate_series(1, 20) p, generate_series(1, 10000) w;
INSERT INTO attune_gitops.revisions (pack_ref, number, revision, commit, applied_at, created,
    updated, unchanged, pruned, manifest, refs, digests, files, blobs)
SELECT 'p' || p, n, 'main@sha1:' || n, n, now() - make_interval(days => 50 - n), 0, 0, 0, 0, '{}',
       array_agg('p.' || w), array_agg(md5(p || ' ' || w)), array_agg('w'::text),
       array_agg('b'::text)
FROM generate_series(1, 20) p, generate_series(1, 50) n, generate_series(1, 100) w
GROUP BY p, n;
INSERT INTO attune_gitops.claims (pack_ref, owner_uid, owner_namespace, owner_name, generation,
    sequence, revision, commit, tree_oid, inputs, blocked, pack_fingerprint)
SELECT 'p' || p, 'u' || p, 'n', 'n', 1, 1, '', '', '', '', 0, ''
FROM generate_series(1, 1000) p;
INSERT INTO attune_gitops.attempts (pack_ref, owner_uid, owner_namespace, owner_name, generation,
    asked_by, ended_at, duration_ms, revision, commit, stage, reason, message, hint, errors,
    warnings, diagnostics, fingerprint)
SELECT 'p' || i % 1000, 'u' || i % 1000, 'n', 'n', 1, 'interval',
       now() - make_interval(mins => 100000 - i), 1, '', '', '', '', '', '', 0, 0, '[]', ''
FROM generate_series(1, 100000) i;
VACUUM ANALYZE attune_gitops.bodies;
VACUUM ANALYZE attune_gitops.revisions;
VACUUM ANALYZE attune_gitops.claims;
VACUUM ANALYZE attune_gitops.attempts;
"""

PACK = {"pack_ref": "p7"}
BOTH = {**PACK, "owner_uid": "u7"}
PAGE = {"limit": 20, "before": None}
OLD = {"days": 30}
QUESTIONS: dict[str, tuple[Statement, dict[str, Any]]] = {
    "the history": (Statement.READ_REVISIONS, {**PACK, **PAGE}),
    "one revision": (Statement.READ_REVISION, {**PACK, "number": 5}),
    "its bodies": (Statement.READ_BODIES, {**PACK, "number": 5}),
    "attempts of a pack": (Statement.READ_ATTEMPTS, {**PACK, "owner_uid": "", **PAGE}),
    "attempts of a Pack": (Statement.READ_ATTEMPTS, {"pack_ref": "", "owner_uid": "u7", **PAGE}),
    "the last attempt": (Statement.READ_LAST_ATTEMPT, BOTH),
    "the last attempt of the command line": (
        Statement.READ_LAST_ATTEMPT,
        {**PACK, "owner_uid": ""},
    ),
    "the claim": (Statement.READ_CLAIMS, BOTH),
    "bodies to write": (Statement.FIND_MISSING_BODIES, PACK),
    "revisions to remove": (
        Statement.EXPIRE_REVISIONS,
        {**PACK, **OLD, "keep": 20, "pinned": [], "batch": 50},
    ),
    "the last revision of a pack that is gone": (Statement.EMPTY_REVISIONS, {**PACK, **OLD}),
    "bodies that nothing needs": (Statement.FIND_UNUSED_BODIES, {**PACK, "limit": 20000}),
    "bodies to remove": (
        Statement.SWEEP_BODIES,
        {**PACK, "state": "", "digests": [str(one) for one in range(500)]},
    ),
    "attempts that are too old": (Statement.EXPIRE_ATTEMPTS, {**OLD, "batch": 500}),
}


@pytest.fixture(scope="module")
def past(postgres: Postgres, template: str) -> Iterator[Connection[Any]]:
    """A connection to a database with a long past."""
    url = postgres.create_database(template=template)
    with psycopg.connect(url, autocommit=True) as connection:
        for part in _FILL.split(";\n"):
            connection.execute(part.encode())
        connection.execute("SET search_path = attune, public")
        connection.autocommit = False
        yield connection
    postgres.drop_database(url)


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from _nodes(part)


@pytest.mark.parametrize(("statement", "params"), QUESTIONS.values(), ids=QUESTIONS.keys())
def test_no_table_of_the_past_is_read_whole(
    past: Connection[Any], statement: Statement, params: dict[str, Any]
) -> None:
    text = re.sub(rb"(%\(\w+\))b", rb"\1s", text_of(statement))
    [row] = ClientCursor(past).execute(b"EXPLAIN (ANALYZE, FORMAT JSON) " + text, params).fetchall()
    past.rollback()
    plan = row[0] if not isinstance(row[0], str) else json.loads(row[0])
    nodes = [node for one in plan for node in _nodes(one["Plan"]) if node["Actual Loops"]]
    assert any(node["Node Type"].startswith(("Index", "Bitmap Index")) for node in nodes)
    assert [node["Relation Name"] for node in nodes if node["Node Type"] == "Seq Scan"] == []
