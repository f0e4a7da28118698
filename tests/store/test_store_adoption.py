"""Rows that were there before us: adopted, left alone, or in the way."""

from __future__ import annotations

from dataclasses import replace

import pytest

from controller.errors import Reason, Stalled
from controller.store import Kind, Policy, Store
from tests.store.by_hand import (
    insert_action,
    insert_definition,
    insert_pack,
)
from tests.store.make import (
    MANIFEST,
    column,
    query,
    request,
    row_versions,
    workflow,
    workflows,
)


@pytest.mark.parametrize("with_action", [True, False], ids=["with action", "without action"])
def test_what_attunes_own_sync_wrote_is_adopted(store: Store, url: str, with_action: bool) -> None:
    insert_pack(url, "demo")
    insert_definition(url, "demo.a", with_action=with_action)
    [identity] = column(url, "SELECT id FROM attune.workflow_definition")
    receipt = store.sync(request(store, workflows("a")))
    assert receipt.updated == ("demo.a",)
    assert not receipt.drifted
    [row] = query(
        url,
        "SELECT d.id, d.label, a.label AS action_label, a.entrypoint FROM"
        " attune.workflow_definition d JOIN attune.action a ON a.workflow_def = d.id",
    )
    assert row == {
        "id": identity,
        "label": "A",
        "action_label": "A",
        "entrypoint": "workflows/a.workflow.yaml",
    }


def test_an_action_that_attunes_sync_left_half_made_is_completed(store: Store, url: str) -> None:
    """Its registrar inserts the action and links it in a later transaction."""
    insert_pack(url, "demo")
    insert_definition(url, "demo.a", with_action=True)
    query(url, "UPDATE attune.action SET workflow_def = NULL")
    store.sync(request(store, workflows("a")))
    assert column(url, "SELECT workflow_def IS NOT NULL FROM attune.action") == [True]


@pytest.mark.parametrize(
    ("rival", "says"),
    [
        pytest.param("action", "an action of this ref exists", id="hand-made action"),
        pytest.param("definition", "pack 'other' has a workflow", id="another pack's workflow"),
    ],
)
def test_another_ones_row_is_never_touched(store: Store, url: str, rival: str, says: str) -> None:
    store.sync(request(store, workflows("old"), commit="c1"))
    insert_pack(url, "other")
    if rival == "action":
        insert_action(url, "demo.a", entrypoint="a.sh")
    else:
        insert_definition(url, "demo.a", pack="other", with_action=True)
    before = row_versions(url)
    with pytest.raises(Stalled, match=r"demo\.a") as caught:
        store.sync(request(store, workflows("a", "b"), commit="c2"))
    assert caught.value.reason is Reason.ACTION_CONFLICT
    assert says in caught.value.message
    assert "nothing was written" in caught.value.hint
    assert row_versions(url) == before


def test_without_update_only_new_rows_are_written(store: Store, url: str) -> None:
    store.sync(request(store, workflows("a"), commit="c1"))
    create = Policy(update_existing=False)
    newer = replace(MANIFEST, label="Newer")
    asked = request(
        store, workflows("a", "b", text="new"), commit="c2", policy=create, manifest=newer
    )
    receipt = store.sync(asked)
    assert receipt.created == ("demo.b",)
    assert receipt.skipped == ("demo.a",)
    assert not receipt.pack_changed
    assert column(url, "SELECT definition->>'t' FROM attune.workflow_definition ORDER BY ref") == [
        "",
        "new",
    ]
    assert not store.sync(asked).wrote


def test_a_preview_is_the_plan_and_writes_nothing(store: Store, url: str) -> None:
    store.sync(request(store, workflows("a", "b", "c"), commit="c1"))
    query(url, "DELETE FROM attune.action WHERE ref = 'demo.c'")
    before = row_versions(url)
    desired = [workflow("a", text="new"), *workflows("c", "d")]
    plan = store.preview(request(store, desired, commit="c2"))
    assert [(step.ref, step.kind, step.drifted) for step in plan.steps] == [
        ("demo.a", Kind.UPDATE, False),
        ("demo.b", Kind.PRUNE, False),
        ("demo.c", Kind.UPDATE, True),
        ("demo.d", Kind.CREATE, False),
    ]
    assert row_versions(url) == before


def test_a_preview_shows_conflicts_instead_of_failing(store: Store, url: str) -> None:
    insert_pack(url, "demo")
    insert_action(url, "demo.a", entrypoint="a.sh")
    plan = store.preview(request(store, workflows("a")))
    assert plan.refs(Kind.CONFLICT) == ("demo.a",)
