"""What a sync writes, and above all what it does not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from controller.errors import Reason, Stalled
from controller.store import Policy, Store
from tests.store.by_hand import (
    insert_definition,
)
from tests.store.make import (
    MANIFEST,
    column,
    query,
    refs,
    request,
    row_versions,
    workflow,
    workflows,
)

_READS = ["lock_pack", "read_claims", "read_pack", "read_rows", "commit"]


def test_a_workflow_becomes_the_two_rows_that_attune_writes(store: Store, url: str) -> None:
    store.sync(request(store, [workflow("simple")]))
    [pack] = query(url, "SELECT * FROM attune.pack")
    [definition] = query(url, "SELECT * FROM attune.workflow_definition")
    [action] = query(url, "SELECT * FROM attune.action")
    own = {"id", "created", "updated", "pack", "workflow_def"}
    shared = {
        "ref": "demo.simple",
        "pack_ref": "demo",
        "label": "Simple",
        "description": "About simple",
        "param_schema": {"type": "object"},
        "out_schema": None,
    }
    assert _without(definition, own) == shared | {
        "version": "1.0.0",
        "definition": {"ref": "demo.simple", "tasks": [{"name": "greet"}], "t": ""},
        "tags": ["example"],
    }
    assert _without(action, own) == shared | {
        "entrypoint": "workflows/simple.workflow.yaml",
        "runtime": None,
        "parameter_delivery": "stdin",
        "parameter_format": "json",
        "output_format": "text",
        "is_adhoc": False,
        "timeout_seconds": None,
        "max_retries": 0,
        "runtime_version_constraint": None,
        "accesses_mcp": False,
        "default_execution_permission_set_refs": [],
        "log_retention_policy": None,
        "log_retention_limit": None,
        "artifact_retention_policy": None,
        "artifact_retention_limit": None,
        "required_worker_runtimes": {},
        "worker_selector": {},
        "worker_tolerations": [],
        "worker_affinity": {},
    }
    assert definition["pack"] == action["pack"] == pack["id"]
    assert action["workflow_def"] == definition["id"]
    assert definition["created"] == definition["updated"]
    assert action["created"] == action["updated"]


def test_the_manifest_becomes_the_pack_row(store: Store, url: str) -> None:
    receipt = store.sync(request(store, []))
    assert receipt.pack_changed
    [pack] = query(
        url,
        "SELECT ref, label, description, version, conf_schema, config, meta, tags, runtime_deps,"
        " dependencies, is_standard, source_type, source_url, source_ref FROM attune.pack",
    )
    assert pack == {
        "ref": "demo",
        "label": "Demo",
        "description": "A pack",
        "version": "1.0.0",
        "conf_schema": {"type": "object"},
        "config": {"region": "eu"},
        "meta": {"team": "a"},
        "tags": ["example"],
        "runtime_deps": ["python"],
        "dependencies": ["core"],
        "is_standard": False,
        "source_type": "git",
        "source_url": "https://git.example.com/acme/packs.git",
        "source_ref": "main",
    }


def test_a_url_never_brings_its_password_into_the_database(store: Store, url: str) -> None:
    leaky = replace(request(store, []), source_url="https://user:hunter2@git.example.com/p.git")
    store.sync(leaky)
    assert column(url, "SELECT source_url FROM attune.pack") == ["https://git.example.com/p.git"]


def test_the_receipt_says_what_was_done(store: Store) -> None:
    store.sync(request(store, workflows("a", "b", "c"), commit="c1"))
    second = [*workflows("a"), workflow("b", text="new"), *workflows("d")]
    receipt = store.sync(request(store, second, commit="c2"))
    assert receipt.created == ("demo.d",)
    assert receipt.updated == ("demo.b",)
    assert receipt.unchanged == ("demo.a",)
    assert receipt.pruned == ("demo.c",)
    assert not receipt.drifted
    assert not receipt.pack_changed
    assert [item.ref for item in receipt.inventory] == ["demo.a", "demo.b", "demo.d"]
    assert receipt.inventory == store.inventory("demo")


def test_the_same_content_again_writes_nothing(store: Store, url: str, heard: list[str]) -> None:
    store.sync(request(store, workflows("a", "b")))
    again = request(store, workflows("a", "b"))
    before = row_versions(url)
    heard.clear()
    receipt = store.sync(again)
    assert receipt.unchanged == ("demo.a", "demo.b")
    assert not receipt.wrote
    assert heard == _READS
    assert row_versions(url) == before


def test_a_commit_that_changes_no_file_of_the_pack_writes_only_the_claim(
    store: Store, url: str, heard: list[str]
) -> None:
    store.sync(request(store, workflows("a", "b"), commit="c1"))
    moved = request(store, workflows("a", "b"), commit="c2", tree="tree of c1")
    before = row_versions(url)
    heard.clear()
    assert store.sync(moved).wrote
    after = row_versions(url)
    changed = {table for table, versions in after.items() if versions != before[table]}
    assert changed == {"attune_gitops.claims"}
    assert heard == [*_READS[:-1], "write_claim", "commit"]


def test_only_the_changed_workflow_is_written(store: Store, url: str) -> None:
    store.sync(request(store, workflows("a", "b", "c"), commit="c1"))
    times = "SELECT ref FROM attune.{} WHERE updated > created"
    assert column(url, times.format("workflow_definition")) == []
    changed = [*workflows("a", "c"), workflow("b", text="new", label="New")]
    store.sync(request(store, changed, commit="c2"))
    assert column(url, times.format("workflow_definition")) == ["demo.b"]
    assert column(url, times.format("action")) == ["demo.b"]
    assert column(url, times.format("pack")) == ["demo"]


def test_the_action_is_written_only_if_what_it_repeats_changed(store: Store, url: str) -> None:
    store.sync(request(store, workflows("a"), commit="c1"))
    store.sync(request(store, workflows("a", text="other tasks"), commit="c2"))
    assert column(url, "SELECT ref FROM attune.action WHERE updated > created") == []


def test_the_statements_are_as_many_for_one_workflow_as_for_hundreds(
    store: Store, heard: list[str]
) -> None:
    counts = []
    for number in (1, 300):
        store.sync(request(store, [], policy=Policy(allow_empty=True), commit=f"none {number}"))
        made = [workflow(f"w{index}") for index in range(number)]
        asked = request(store, made, commit=f"some {number}")
        heard.clear()
        store.sync(asked)
        counts.append(list(heard))
    assert counts[0] == counts[1]
    assert len(counts[0]) == 13


def test_what_left_the_file_leaves_both_rows(store: Store, url: str) -> None:
    store.sync(request(store, [workflow("a", out_schema={"x": 1})], commit="c1"))
    bare = workflow("a", description=None, param_schema=None, tags=())
    store.sync(request(store, [bare], commit="c2"))
    [row] = query(
        url,
        "SELECT d.description, d.param_schema, d.out_schema, d.tags, a.description AS action,"
        " a.param_schema AS action_params, a.out_schema AS action_out"
        " FROM attune.workflow_definition d JOIN attune.action a ON a.workflow_def = d.id",
    )
    assert row.pop("tags") == []
    assert set(row.values()) == {None}


def test_a_file_that_moved_is_listed_anew_and_its_rows_stay(store: Store, url: str) -> None:
    store.sync(request(store, [workflow("a")], commit="c1"))
    before = row_versions(url)
    moved = workflow("a", file="actions/workflows/a.yaml")
    receipt = store.sync(request(store, [moved], commit="c2"))
    assert receipt.unchanged == ("demo.a",)
    assert store.inventory("demo")[0].file == "actions/workflows/a.yaml"
    after = row_versions(url)
    for table in ("attune.workflow_definition", "attune.action"):
        assert after[table] == before[table]


def test_a_config_that_an_operator_set_stays(store: Store, url: str) -> None:
    store.sync(request(store, [], commit="c1"))
    query(url, """UPDATE attune.pack SET config = '{"region": "us"}'""")
    newer = replace(MANIFEST, version="1.1.0", config={"region": "eu", "more": 1})
    receipt = store.sync(request(store, [], manifest=newer, commit="c2"))
    assert receipt.pack_changed
    [pack] = query(url, "SELECT version, config FROM attune.pack")
    assert pack == {"version": "1.1.0", "config": {"region": "us"}}


def test_every_change_is_in_the_history(store: Store, url: str) -> None:
    store.sync(request(store, workflows("a", "b"), commit="c1"))
    store.sync(request(store, workflows("a", "b"), commit="c2"))
    store.sync(request(store, workflows("a", text="new"), commit="c3"))
    history = query(
        url,
        "SELECT number, commit, created, updated, unchanged, pruned"
        " FROM attune_gitops.revisions ORDER BY number",
    )
    assert [tuple(row.values()) for row in history] == [
        (1, "c1", 2, 0, 0, 0),
        (2, "c3", 0, 1, 0, 1),
    ]


def test_recorded_is_what_was_applied_last(store: Store) -> None:
    asked = request(store, workflows("a", "b"), commit="c1", generation=3)
    assert store.recorded(asked.fence.owner) is None
    store.sync(asked)
    recorded = store.recorded(asked.fence.owner)
    assert recorded is not None
    assert (recorded.pack_ref, recorded.revision, recorded.commit, recorded.tree_oid) == (
        "demo",
        "main@sha1:c1",
        "c1",
        "tree of c1",
    )
    assert (recorded.inputs, recorded.generation) == ("inputs", 3)
    assert (recorded.intact, recorded.blocked) == (True, 0)


def test_rows_are_looked_at_only_for_the_tree_that_was_applied(store: Store) -> None:
    asked = request(store, workflows("a"), commit="c1")
    store.sync(asked)
    same = store.recorded(asked.fence.owner, tree_oid=asked.tree_oid)
    other = store.recorded(asked.fence.owner, tree_oid="another tree")
    assert same is not None
    assert other is not None
    assert (same.intact, other.intact) == (True, False)
    assert (same.tree_oid, other.tree_oid) == (asked.tree_oid, asked.tree_oid)


def test_count_counts_every_workflow_of_the_pack(store: Store, url: str) -> None:
    assert store.count("demo") == 0
    store.sync(request(store, workflows("a", "b")))
    insert_definition(url, "demo.hand", with_action=False)
    assert store.count("demo") == 3


def test_a_value_that_a_constraint_refuses_is_a_persons_work(store: Store, url: str) -> None:
    with pytest.raises(Stalled, match="action_ref_lowercase") as caught:
        store.sync(request(store, [workflow("a"), workflow("Upper")]))
    assert caught.value.reason is Reason.DATABASE_REFUSED
    assert "attune" not in caught.value.hint
    assert refs(url) == []


def _without(row: dict[str, Any], names: set[str]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names}
