"""Rows that were changed or deleted behind our back."""

from __future__ import annotations

import pytest

from controller.store import Store
from tests.store.make import (
    content,
    query,
    request,
    workflow,
    workflows,
)


def test_what_an_operator_set_on_the_action_stays(store: Store, url: str) -> None:
    store.sync(request(store, workflows("a"), commit="c1"))
    query(url, "UPDATE attune.action SET timeout_seconds = 30")
    same = store.sync(request(store, workflows("a"), commit="c1"))
    assert same.unchanged == ("demo.a",)
    store.sync(request(store, [workflow("a", label="New")], commit="c2"))
    [action] = query(url, "SELECT label, timeout_seconds FROM attune.action")
    assert action == {"label": "New", "timeout_seconds": 30}


@pytest.mark.parametrize(
    ("damage", "kind"),
    [
        pytest.param(
            "UPDATE attune.workflow_definition SET label = 'x' WHERE ref = 'demo.a'",
            "updated", id="definition edited",
        ),
        pytest.param(
            "UPDATE attune.workflow_definition SET pack_ref = 'x' WHERE ref = 'demo.a'",
            "updated", id="pack_ref edited",
        ),
        pytest.param(
            "UPDATE attune.action SET entrypoint = 'x' WHERE ref = 'demo.a'",
            "updated", id="action edited",
        ),
        pytest.param(
            "DELETE FROM attune.action WHERE ref = 'demo.a'", "updated", id="action deleted"
        ),
        pytest.param(
            "UPDATE attune.action SET workflow_def = NULL WHERE ref = 'demo.a'",
            "updated", id="action unlinked",
        ),
        pytest.param(
            "DELETE FROM attune.workflow_definition WHERE ref = 'demo.a'",
            "created", id="both deleted",
        ),
    ],
)  # fmt: skip
def test_rows_changed_behind_our_back_are_repaired(
    store: Store, url: str, damage: str, kind: str
) -> None:
    asked = request(store, workflows("a", "b"))
    store.sync(asked)
    healthy = content(url)
    query(url, damage)
    recorded = store.recorded(asked.fence.owner)
    assert recorded is not None
    assert not recorded.intact
    receipt = store.sync(asked)
    assert getattr(receipt, kind) == ("demo.a",)
    assert receipt.drifted == ("demo.a",)
    assert receipt.unchanged == ("demo.b",)
    assert content(url) == healthy
    assert not store.sync(asked).wrote


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param("UPDATE attune.pack SET label = 'x'", id="edited"),
        pytest.param("DELETE FROM attune.pack", id="deleted with all its workflows"),
    ],
)
def test_a_pack_row_changed_behind_our_back_is_repaired(
    store: Store, url: str, damage: str
) -> None:
    asked = request(store, workflows("a", "b"))
    store.sync(asked)
    healthy = content(url)
    query(url, damage)
    recorded = store.recorded(asked.fence.owner)
    assert recorded is not None
    assert not recorded.intact
    assert store.sync(asked).pack_changed
    assert content(url) == healthy


def test_rows_rewritten_with_the_same_content_are_intact(store: Store, url: str) -> None:
    """A restored backup has other row versions; nothing is repaired for that."""
    asked = request(store, workflows("a", "b"))
    store.sync(asked)
    query(url, "UPDATE attune.workflow_definition SET label = label")
    query(url, "UPDATE attune.action SET label = label")
    recorded = store.recorded(asked.fence.owner)
    assert recorded is not None
    assert recorded.intact
    assert not store.sync(asked).wrote
