"""A controller killed at any point leaves the old commit or the new one, and needs no repair."""

from __future__ import annotations

import signal

import pytest

from controller.store import Store
from tests.store.crash import after, before, sync_in_a_process_that_dies
from tests.store.make import content, past

_STATEMENTS = [
    "lock_pack", "read_claims", "read_pack", "read_rows", "find_executions", "read_callers",
    "update_pack", "write_claim", "write_definitions", "write_actions", "write_inventory",
    "delete_definitions", "find_missing_bodies", "write_bodies", "write_revision", "commit",
]  # fmt: skip


def test_the_list_of_points_is_complete(store: Store, heard: list[str]) -> None:
    store.sync(before(store))
    asked = after(store)
    heard.clear()
    store.sync(asked)
    assert heard == _STATEMENTS


@pytest.mark.parametrize("statement", [*_STATEMENTS, "committed"])
def test_a_kill_leaves_all_or_nothing_and_the_next_sync_converges(
    store: Store, url: str, statement: str
) -> None:
    store.sync(before(store))
    old = content(url), past(url)
    assert sync_in_a_process_that_dies(url, statement) == -signal.SIGKILL
    found = content(url), past(url)
    if statement != "committed":
        assert found == old
    store.sync(after(store))
    new = content(url), past(url)
    assert [row["ref"] for row in new[0]["workflows"]] == ["demo.a", "demo.b", "demo.d"]
    assert [row["version"] for row in new[0]["pack"]] == ["2.0.0"]
    assert [row["number"] for row in new[1]["revisions"]] == [1, 2]
    if statement == "committed":
        assert found == new
    assert not store.sync(after(store)).wrote
