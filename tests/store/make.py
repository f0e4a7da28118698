"""Packs, requests and looks at the database, as short as the tests want them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import dict_row, scalar_row

from controller.pack.content import CompiledWorkflow, Json, PackManifest
from controller.pack.identity import AskedBy, Owner
from controller.pack.tree import Commit
from controller.store import Fence, Policy, Store, SyncRequest

TEAM_A = Owner(uid="uid-a", namespace="team-a", name="payments")
TEAM_B = Owner(uid="uid-b", namespace="team-b", name="payments")

DEFAULTS = Policy()

DOCUMENT = Path(__file__).parents[2] / "docs" / "database.md"
_BLOCK = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)

MANIFEST = PackManifest(
    ref="demo",
    label="Demo",
    description="A pack",
    version="1.0.0",
    conf_schema={"type": "object"},
    config={"region": "eu"},
    meta={"team": "a"},
    tags=("example",),
    runtime_deps=("python",),
    dependencies=("core",),
)


def workflow(
    name: str, *, pack: str = "demo", text: str = "", file: str = "", **changes: Any
) -> CompiledWorkflow:
    """A workflow whose content is told apart by `text`."""
    definition: dict[str, Json] = {"ref": f"{pack}.{name}", "tasks": [{"name": "greet"}], "t": text}
    fields: dict[str, Any] = {
        "ref": f"{pack}.{name}",
        "name": name,
        "file": file or f"workflows/{name}.yaml",
        "blob": hashlib.sha1(f"{name} {text}".encode(), usedforsecurity=False).hexdigest(),
        "label": name.title(),
        "description": f"About {name}",
        "version": "1.0.0",
        "param_schema": {"type": "object"},
        "out_schema": None,
        "definition": definition,
        "tags": ("example",),
    }
    return CompiledWorkflow(**{**fields, **changes})


def workflows(*names: str, text: str = "") -> tuple[CompiledWorkflow, ...]:
    return tuple(workflow(name, text=text) for name in names)


def request(
    store: Store,
    content: Iterable[CompiledWorkflow],
    *,
    owner: Owner = TEAM_A,
    commit: str = "c1",
    sequence: int | None = None,
    generation: int = 1,
    tree: str = "",
    heir_of: tuple[Owner, ...] = (),
    manifest: PackManifest = MANIFEST,
    policy: Policy = DEFAULTS,
) -> SyncRequest:
    drawn = store.next_sequence() if sequence is None else sequence
    return SyncRequest(
        fence=Fence(owner, drawn, generation, heir_of),
        manifest=manifest,
        workflows=tuple(content),
        policy=policy,
        revision=f"main@sha1:{commit}",
        commit=commit,
        tree_oid=tree or f"tree of {commit}",
        inputs="inputs",
        source_url="https://git.example.com/acme/packs.git",
        source_ref="main",
        asked_by=AskedBy.INTERVAL,
        details=Commit("Ada", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), f"Make {commit}"),
    )


def query(url: str, text: str, params: Mapping[str, object] | None = None) -> list[Any]:
    """The rows as dicts."""
    with psycopg.connect(url, autocommit=True, row_factory=dict_row) as connection:
        cursor = connection.execute(text.encode(), params)
        return cursor.fetchall() if cursor.description else []


def column(url: str, text: str) -> list[Any]:
    """The first column."""
    with psycopg.connect(url, autocommit=True, row_factory=scalar_row) as connection:
        return connection.execute(text.encode()).fetchall()


def documented(beginning: str, language: str = "sql") -> str:
    """The block of docs/database.md that begins so, to be tested as users copy it."""
    blocks = _BLOCK.findall(DOCUMENT.read_text(encoding="utf-8"))
    [found] = [text for kind, text in blocks if kind == language and text.startswith(beginning)]
    return str(found)


def refs(url: str) -> list[str]:
    return column(url, "SELECT ref FROM attune.workflow_definition ORDER BY ref")


_ROW_VERSIONS = "SELECT xmin::text || ' ' || ctid::text FROM {table} ORDER BY 1"
CURRENT = (
    "attune.pack",
    "attune.workflow_definition",
    "attune.action",
    "attune_gitops.claims",
    "attune_gitops.inventory",
)
"""The tables of what is; those of what was beside them."""
TABLES = (
    *CURRENT,
    "attune_gitops.revisions",
    "attune_gitops.bodies",
    "attune_gitops.attempts",
)


def row_versions(url: str, tables: Iterable[str] = TABLES) -> dict[str, list[Any]]:
    """Which versions of which rows there are: equal before and after means nothing was written."""
    return {table: column(url, _ROW_VERSIONS.format(table=table)) for table in tables}


def content(url: str) -> dict[str, list[Any]]:
    """What readers of Attune's tables see: all but ids and times."""
    return {
        "pack": query(
            url,
            "SELECT ref, label, description, version, conf_schema, config, meta, tags, source_url,"
            " source_ref FROM attune.pack ORDER BY ref",
        ),
        "workflows": query(
            url,
            "SELECT d.ref, d.pack_ref, d.label, d.description, d.version, d.param_schema,"
            " d.out_schema, d.definition, d.tags, a.ref AS action, a.pack_ref AS action_pack,"
            " a.label AS action_label, a.description AS action_description, a.entrypoint,"
            " a.param_schema AS action_params, a.out_schema AS action_out"
            " FROM attune.workflow_definition d LEFT JOIN attune.action a ON a.workflow_def = d.id"
            " ORDER BY d.ref",
        ),
        "actions": column(url, "SELECT ref FROM attune.action ORDER BY ref"),
        "inventory": query(
            url,
            "SELECT ref, pack_ref, version, digest, file FROM attune_gitops.inventory ORDER BY ref",
        ),
        "claims": query(url, "SELECT pack_ref, owner_uid, commit FROM attune_gitops.claims"),
    }


def past(url: str) -> dict[str, list[Any]]:
    """What is kept of the past: all but times."""
    return {
        "revisions": query(
            url,
            "SELECT pack_ref, number, commit, author, manifest, refs, digests, files, blobs"
            " FROM attune_gitops.revisions ORDER BY pack_ref, number",
        ),
        "bodies": query(url, "SELECT * FROM attune_gitops.bodies ORDER BY digest"),
    }
