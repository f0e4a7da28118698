"""The end of a pack: what goes, what stays, and what must be waited for."""

from __future__ import annotations

import pytest

from controller.errors import Reason, Waiting
from controller.pack.identity import COMMAND_LINE
from controller.store import Removal, Store
from tests.store.by_hand import create_executions, insert_definition, insert_pack, run_execution
from tests.store.make import (
    CURRENT,
    TEAM_A,
    TEAM_B,
    column,
    query,
    refs,
    request,
    row_versions,
    workflows,
)


def test_everything_that_we_wrote_goes(store: Store, url: str) -> None:
    store.sync(request(store, workflows("a", "b")))
    removal = store.remove(TEAM_A)
    assert removal == Removal("demo", ("demo.a", "demo.b"), pack_removed=True)
    left = row_versions(url)
    assert {table: left[table] for table in CURRENT} == {table: [] for table in CURRENT}


def test_a_second_removal_finds_nothing_to_do(store: Store) -> None:
    assert store.remove(TEAM_A) == Removal()
    store.sync(request(store, workflows("a")))
    store.remove(TEAM_A)
    assert store.remove(TEAM_A) == Removal()


def test_another_ones_pack_stays(store: Store, url: str) -> None:
    store.sync(request(store, workflows("a"), owner=TEAM_A))
    assert store.remove(TEAM_B) == Removal()
    assert store.remove(COMMAND_LINE, pack_ref="demo") == Removal()
    assert refs(url) == ["demo.a"]


def test_the_command_line_names_the_pack(store: Store, url: str) -> None:
    store.sync(request(store, workflows("a"), owner=COMMAND_LINE))
    assert store.remove(COMMAND_LINE) == Removal()
    assert store.remove(COMMAND_LINE, pack_ref="demo").workflows == ("demo.a",)
    assert refs(url) == []


def test_rows_that_we_did_not_write_stay_and_keep_the_pack(store: Store, url: str) -> None:
    store.sync(request(store, workflows("a")))
    insert_definition(url, "demo.hand", with_action=True)
    removal = store.remove(TEAM_A)
    assert removal == Removal("demo", ("demo.a",), pack_removed=False)
    assert refs(url) == ["demo.hand"]
    assert column(url, "SELECT ref FROM attune.pack") == ["demo"]


def test_a_pack_row_that_was_there_before_us_stays(store: Store, url: str) -> None:
    insert_pack(url, "demo")
    store.sync(request(store, workflows("a")))
    assert not store.remove(TEAM_A).pack_removed
    assert column(url, "SELECT ref FROM attune.pack") == ["demo"]


@pytest.mark.parametrize("rule", ["CASCADE", "SET NULL", "NO ACTION"])
def test_any_table_that_refers_to_the_pack_keeps_it(store: Store, url: str, rule: str) -> None:
    query(
        url,
        "CREATE TABLE attune.key (owner_pack bigint REFERENCES attune.pack ON DELETE " + rule + ")",
    )
    store.sync(request(store, workflows("a")))
    query(url, "INSERT INTO attune.key SELECT id FROM attune.pack")
    assert not store.remove(TEAM_A).pack_removed
    assert column(url, "SELECT p.ref FROM attune.key JOIN attune.pack p ON p.id = owner_pack") == [
        "demo"
    ]


def test_running_executions_are_waited_for(store: Store, url: str) -> None:
    create_executions(url)
    store.sync(request(store, workflows("a", "b")))
    run_execution(url, "demo.a", "running")
    before = row_versions(url)
    with pytest.raises(Waiting, match=r"demo\.a") as caught:
        store.remove(TEAM_A)
    assert caught.value.reason is Reason.PRUNE_BLOCKED
    assert row_versions(url).keys() == before.keys()
    assert refs(url) == ["demo.a", "demo.b"]
    query(url, "UPDATE attune.workflow_execution SET status = 'completed'")
    assert store.remove(TEAM_A).workflows == ("demo.a", "demo.b")


def test_a_pack_deleted_by_hand_is_no_obstacle(store: Store, url: str) -> None:
    store.sync(request(store, workflows("a")))
    query(url, "DELETE FROM attune.pack")
    assert store.remove(TEAM_A) == Removal("demo", ("demo.a",), pack_removed=False)
    assert column(url, "SELECT count(*) FROM attune_gitops.claims") == [0]
