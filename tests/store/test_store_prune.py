"""Which rows go when their file went, and which stay."""

from __future__ import annotations

import pytest

from controller.errors import Reason, Stalled
from controller.store import Policy, Store
from tests.store.by_hand import (
    create_executions,
    insert_action,
    insert_definition,
    run_execution,
)
from tests.store.make import (
    column,
    query,
    refs,
    request,
    row_versions,
    workflows,
)


def test_rows_that_we_did_not_write_are_never_pruned(store: Store, url: str) -> None:
    store.sync(request(store, workflows("a"), commit="c1"))
    insert_definition(url, "demo.hand", with_action=True)
    receipt = store.sync(request(store, workflows("b"), commit="c2"))
    assert receipt.pruned == ("demo.a",)
    assert refs(url) == ["demo.b", "demo.hand"]


@pytest.mark.parametrize(
    "loosen",
    [
        "UPDATE attune.action SET workflow_def = NULL WHERE ref = 'demo.a'",
        (
            "UPDATE attune.action SET workflow_def = NULL WHERE ref = 'demo.a';"
            " DELETE FROM attune.workflow_definition WHERE ref = 'demo.a'"
        ),
    ],
)
def test_an_action_that_was_taken_from_its_workflow_goes_with_it(
    store: Store, url: str, loosen: str
) -> None:
    store.sync(request(store, workflows("a"), commit="c1"))
    query(url, loosen)
    insert_action(url, "demo.hand", entrypoint="run.sh")
    assert store.sync(request(store, workflows("b"), commit="c2")).pruned == ("demo.a",)
    assert column(url, "SELECT ref FROM attune.action ORDER BY ref") == ["demo.b", "demo.hand"]


def test_a_revision_without_workflows_empties_nothing_by_accident(store: Store, url: str) -> None:
    store.sync(request(store, workflows("a", "b"), commit="c1"))
    before = row_versions(url)
    with pytest.raises(Stalled, match="2 in the database") as caught:
        store.sync(request(store, [], commit="c2"))
    assert caught.value.reason is Reason.EMPTY_PACK
    assert "allowEmpty" in caught.value.hint
    assert row_versions(url) == before
    receipt = store.sync(request(store, [], commit="c2", policy=Policy(allow_empty=True)))
    assert receipt.pruned == ("demo.a", "demo.b")
    assert refs(url) == []


def test_an_invalid_file_keeps_its_last_good_row(store: Store, url: str) -> None:
    store.sync(request(store, workflows("a", "b", "c"), commit="c1"))
    keep = Policy(keep=frozenset({"demo.b", "demo.never-seen"}))
    receipt = store.sync(request(store, workflows("a"), commit="c2", policy=keep))
    assert receipt.kept == ("demo.b",)
    assert receipt.pruned == ("demo.c",)
    assert refs(url) == ["demo.a", "demo.b"]
    assert [item.ref for item in receipt.inventory] == ["demo.a", "demo.b"]


def test_without_prune_everything_stays(store: Store, url: str) -> None:
    store.sync(request(store, workflows("a", "b"), commit="c1"))
    receipt = store.sync(request(store, workflows("a"), commit="c2", policy=Policy(prune=False)))
    assert receipt.kept == ("demo.b",)
    assert refs(url) == ["demo.a", "demo.b"]
    assert store.sync(request(store, workflows("a"), commit="c2")).pruned == ("demo.b",)


def test_workflows_with_running_executions_wait_and_the_rest_is_applied(
    store: Store, url: str
) -> None:
    create_executions(url)
    store.sync(request(store, workflows("a", "b", "c"), commit="c1"))
    run_execution(url, "demo.b", "running")
    run_execution(url, "demo.c", "completed")
    asked = request(store, workflows("a", text="new"), commit="c2")
    receipt = store.sync(asked)
    assert receipt.blocked == ("demo.b",)
    assert receipt.pruned == ("demo.c",)
    assert receipt.updated == ("demo.a",)
    assert refs(url) == ["demo.a", "demo.b"]
    recorded = store.recorded(asked.fence.owner)
    assert recorded is not None
    assert recorded.blocked == 1
    query(url, "UPDATE attune.workflow_execution SET status = 'cancelled'")
    assert store.sync(asked).pruned == ("demo.b",)
    recorded = store.recorded(asked.fence.owner)
    assert recorded is not None
    assert recorded.blocked == 0
