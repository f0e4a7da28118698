"""Which actions a database has, for the calls that workflows make."""

from __future__ import annotations

import pytest
from psycopg.types.json import Jsonb

from controller.store import Store
from tests.store.by_hand import insert_action, insert_definition, insert_pack
from tests.store.make import query, request, workflow

SCHEMA = {"message": {"type": "string", "required": True}}


@pytest.fixture
def core(url: str) -> None:
    """A pack with an action that says what it takes, one that does not, and a workflow."""
    insert_pack(url, "core")
    insert_action(url, "core.echo", pack="core", entrypoint="echo.sh")
    insert_action(url, "core.noop", pack="core", entrypoint="noop.sh")
    insert_definition(url, "core.install", with_action=True, pack="core")
    query(
        url,
        "UPDATE attune.action SET param_schema = %(schema)s WHERE ref = 'core.echo'",
        {"schema": Jsonb(SCHEMA)},
    )


@pytest.mark.usefixtures("core")
def test_only_those_asked_for_and_there_are_told(store: Store) -> None:
    found = store.actions({"core.echo", "core.noop", "core.ehco"}, own_pack="demo")
    assert found == {"core.echo": SCHEMA, "core.noop": None}


@pytest.mark.usefixtures("core")
@pytest.mark.parametrize("own_pack", ["demo", None])
def test_a_workflow_of_another_pack_is_an_action(store: Store, own_pack: str | None) -> None:
    assert store.actions(["core.install"], own_pack=own_pack) == {"core.install": None}


def test_of_the_own_pack_actions_count_and_workflows_do_not(store: Store, url: str) -> None:
    store.sync(request(store, [workflow("gone")]))
    insert_action(url, "demo.by_hand", entrypoint="by_hand.sh")
    found = store.actions({"demo.gone", "demo.by_hand"}, own_pack="demo")
    assert found == {"demo.by_hand": None}


def test_nothing_to_ask_for_is_not_asked(store: Store, heard: list[str]) -> None:
    assert store.actions(frozenset(), own_pack="demo") == {}
    assert heard == []


@pytest.mark.usefixtures("core")
def test_thousands_are_one_question(store: Store, heard: list[str]) -> None:
    refs = {f"other.action_{number}" for number in range(20_000)} | {"core.noop"}
    assert store.actions(refs, own_pack="demo") == {"core.noop": None}
    assert heard == ["read_actions", "commit"]
