"""Every method of the store, each in a case where it has something to do."""

from __future__ import annotations

import pytest

from controller.errors import Waiting
from controller.pack.identity import AskedBy
from controller.pack.rollback import Rollback
from controller.pack.spec import Until
from controller.store import Attempt, Store
from controller.store.by_hand import PackFields
from tests.store.by_hand import run_execution
from tests.store.make import (
    TEAM_A,
    TEAM_B,
    column,
    query,
    refs,
    request,
    workflow,
    workflows,
)


def _attempt(store: Store) -> Attempt:
    asked = request(store, [])
    return Attempt(
        TEAM_A, "demo", 1, AskedBy.INTERVAL, 1, asked.revision, asked.commit, asked.details,
        "Fetched", "GitUnreachable", "away", "", 0, 0, (), "print",
    )  # fmt: skip


def do_everything(store: Store, url: str) -> None:
    """On a database without packs, with Attune's run history; it is without packs again then."""
    store.migrate()
    store.check()
    store.ping()
    store.sync(request(store, workflows("a", "b"), commit="c1"))
    changed = [workflow("a", text="new", description=None)]
    store.preview(request(store, changed))
    store.compare(request(store, changed))
    receipt = store.sync(request(store, changed, commit="c2"))
    assert (receipt.updated, receipt.pruned) == (("demo.a",), ("demo.b",))
    query(url, "UPDATE attune.workflow_definition SET label = 'by hand'")
    query(url, "UPDATE attune.pack SET label = 'by hand'")
    recorded = store.recorded(TEAM_A)
    assert recorded
    assert store.sync(request(store, changed, commit="c2")).updated == ("demo.a",)
    _read_everything(store)
    _make_by_hand(store)
    assert store.note(_attempt(store))
    store.close_rollback(TEAM_A, "demo", Rollback(1, Until.NEXT_COMMIT), "c2")
    store.sync(request(store, workflows("a", "b", "c"), commit="c3"))
    _prune_what_runs(store, url)
    store.sync(request(store, workflows("x", text="1"), commit="c4"))
    assert store.tidy("demo", keep=1).revisions
    store.remove(TEAM_A)
    assert refs(url) == []
    assert column(url, "SELECT ref FROM attune.pack") == []
    query(url, "UPDATE attune_gitops.revisions SET applied_at = '2020-01-01'")
    query(url, "UPDATE attune_gitops.attempts SET ended_at = '2020-01-01'")
    assert store.sweep("demo").attempts
    store.sync(request(store, workflows("a"), owner=TEAM_B))
    store.release(TEAM_B)


def _read_everything(store: Store) -> None:
    assert store.standing(TEAM_A)
    assert store.inventory("demo")
    assert store.actions(["demo.a"], own_pack=None)
    assert store.count("demo") == 1
    assert store.packs() == ("demo",)
    assert store.catalogue(["demo"])
    assert store.pack_row("demo")
    assert store.workflows("demo")
    assert store.workflow("demo.a")
    assert store.installed(["demo"])
    assert store.holders("demo")
    assert store.history("demo")
    assert store.revision("demo", 1)
    assert store.attempts("demo") == ()


def _make_by_hand(store: Store) -> None:
    fields = PackFields("By hand", "", "1.0.0", {}, {}, {}, (), (), ())
    assert store.add_pack("hand", fields)
    assert not store.add_pack("hand", fields)
    assert store.change_pack("hand", PackFields(label="Changed"))
    assert store.delete_pack("hand")


def _prune_what_runs(store: Store, url: str) -> None:
    run_execution(url, "demo.c", "running")
    assert store.sync(request(store, workflows("a"), commit="c4")).blocked == ("demo.c",)
    with pytest.raises(Waiting):
        store.remove(TEAM_A)
    query(url, "UPDATE attune.workflow_execution SET status = 'completed'")
