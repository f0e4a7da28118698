"""Packs that people make, change and delete themselves: never another's, and all or nothing."""

from __future__ import annotations

import signal
from dataclasses import replace

import pytest

from controller.errors import Stalled
from controller.pack.identity import COMMAND_LINE
from controller.store import Store
from controller.store.by_hand import PackFields
from tests.store.crash import delete_in_a_process_that_dies
from tests.store.make import MANIFEST, column, content, past, query, refs, request, workflows

_FIELDS = PackFields("By hand", None, "1.0.0", {}, {"a": 1}, {}, ("x",), (), ())
_STATEMENTS = [
    "lock_pack", "read_claims", "read_inventory", "find_pack", "find_executions",
    "read_callers", "delete_definitions", "delete_claim", "find_pack_references",
    "read_pack_references", "delete_pack", "write_attempt", "commit",
]  # fmt: skip


def test_the_list_of_points_is_complete(store: Store, heard: list[str]) -> None:
    store.sync(request(store, workflows("a", "b"), owner=COMMAND_LINE))
    heard.clear()
    assert store.delete_pack("demo")
    assert set(heard) == set(_STATEMENTS)


@pytest.mark.parametrize("statement", _STATEMENTS)
def test_a_kill_leaves_the_pack_or_nothing_of_it(store: Store, url: str, statement: str) -> None:
    store.sync(request(store, workflows("a", "b"), owner=COMMAND_LINE))
    before = content(url), past(url)
    assert delete_in_a_process_that_dies(url, statement) == -signal.SIGKILL
    assert (content(url), past(url)) == before
    assert store.delete_pack("demo")
    assert (refs(url), column(url, "SELECT ref FROM attune.pack")) == ([], [])


def test_a_change_leaves_what_it_does_not_name(store: Store, url: str) -> None:
    assert store.add_pack("hand", _FIELDS)
    assert store.change_pack("hand", PackFields(label="Other", config={}))
    [row] = query(url, "SELECT label, version, config, tags FROM attune.pack")
    assert row == {"label": "Other", "version": "1.0.0", "config": {}, "tags": ["x"]}


def test_what_a_resource_owns_is_refused(store: Store, url: str) -> None:
    store.sync(request(store, workflows("a")))
    before = content(url), past(url)
    with pytest.raises(Stalled, match="belongs to Pack team-a/payments"):
        store.change_pack("demo", PackFields(label="Mine"))
    with pytest.raises(Stalled, match="belongs to Pack team-a/payments"):
        store.delete_pack("demo")
    assert not store.add_pack("demo", _FIELDS)
    assert (content(url), past(url)) == before


def test_what_is_not_there_is_told(store: Store) -> None:
    assert not store.change_pack("none", PackFields(label="x"))
    assert not store.delete_pack("none")
    store.sync(request(store, [], owner=COMMAND_LINE, manifest=replace(MANIFEST, ref="empty")))
    assert store.delete_pack("empty")
