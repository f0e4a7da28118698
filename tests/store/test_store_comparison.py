"""What `compare` foretells is what `sync` then does, to the row and to the field."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.conninfo import make_conninfo

from controller.diff import Companion, said
from controller.errors import Reason, Stalled
from controller.pack.identity import COMMAND_LINE
from controller.store import DatabaseSettings, Kind, Policy, Store
from hack.localcluster import Postgres
from tests.store.by_hand import insert_action, insert_definition, insert_pack
from tests.store.make import (
    MANIFEST,
    TEAM_B,
    column,
    content,
    documented,
    query,
    request,
    row_versions,
    workflow,
    workflows,
)

_HANDS = {
    "leave": "SELECT 1",
    "edit": "UPDATE attune.workflow_definition SET label = 'x' WHERE ref = 'demo.a'",
    "edit action": "UPDATE attune.action SET label = 'x' WHERE ref = 'demo.b'",
    "delete action": "DELETE FROM attune.action WHERE ref = 'demo.a'",
    "delete": "DELETE FROM attune.workflow_definition WHERE ref = 'demo.b'",
    "edit pack": "UPDATE attune.pack SET label = 'x' WHERE ref = 'demo'",
}
_PACKS = st.dictionaries(st.sampled_from("abc"), st.sampled_from(["", "new"]))


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    first=_PACKS,
    second=_PACKS,
    hand=st.sampled_from(sorted(_HANDS)),
    prune=st.booleans(),
    update=st.booleans(),
)
def test_a_sync_does_what_was_foretold(
    store: Store,
    url: str,
    first: dict[str, str],
    second: dict[str, str],
    hand: str,
    prune: bool,
    update: bool,
) -> None:
    query(url, "DELETE FROM attune.pack")
    query(url, "DELETE FROM attune_gitops.claims")
    store.sync(request(store, [workflow(name, text=text) for name, text in first.items()]))
    query(url, _HANDS[hand])
    policy = Policy(prune=prune, update_existing=update, allow_empty=True)
    asked = request(
        store,
        [workflow(name, text=text) for name, text in second.items()],
        policy=policy,
        commit="c2",
    )
    before, rows = content(url), row_versions(url)

    told = store.compare(asked)

    assert row_versions(url) == rows
    receipt = store.sync(asked)
    done = {
        Kind.CREATE: receipt.created,
        Kind.UPDATE: receipt.updated,
        Kind.PRUNE: receipt.pruned,
        Kind.KEPT: receipt.kept,
        Kind.SKIPPED: receipt.skipped,
    }
    fields = told.fields
    foretold = {
        kind: tuple(one.step.ref for one in fields.workflows if one.step.kind is kind)
        for kind in done
    }
    assert foretold == done
    assert fields.unchanged == len(receipt.unchanged)
    assert (fields.row.kind in (Kind.CREATE, Kind.UPDATE)) == receipt.pack_changed
    assert fields.differs == (_seen(before) != _seen(content(url)))
    for one in fields.workflows:
        touched = one.changes or one.columns or one.companion is not Companion.NONE
        assert touched or one.step.kind is not Kind.UPDATE, one


def _seen(found: dict[str, list[object]]) -> list[object]:
    return [found["pack"], found["workflows"], found["actions"]]


def test_fields_are_told_as_their_author_knows_them(store: Store, url: str) -> None:
    store.sync(request(store, workflows("a", "b", "c")))
    query(url, "UPDATE attune.action SET label = 'By hand' WHERE ref = 'demo.a'")
    query(url, "DELETE FROM attune.action WHERE ref = 'demo.b'")
    newer = replace(MANIFEST, version="1.1.0")
    changed = workflow("a", label="Another", param_schema={"type": "object", "title": "T"})
    asked = request(store, [changed, *workflows("b", "d")], manifest=newer, commit="c2")

    told = store.compare(asked).fields

    assert (told.before, told.after, told.unchanged) == ("main@sha1:c1", "main@sha1:c2", 0)
    assert [said(one) for one in told.row.changes] == ['version changed from "1.0.0" to "1.1.0"']
    a, b, c, d = told.workflows
    assert [said(one) for one in a.changes] == [
        'label changed from "A" to "Another"',
        "parameter 'title' added: \"T\"",
    ]
    assert [said(one) for one in a.columns] == ['label changed from "By hand" to "Another"']
    assert (a.step.drifted, a.companion) == (True, Companion.UPDATE)
    assert (b.changes, b.companion) == ((), Companion.CREATE)
    assert (c.step.kind, c.file, c.companion) == (Kind.PRUNE, "workflows/c.yaml", Companion.PRUNE)
    assert (d.step.kind, d.companion) == (Kind.CREATE, Companion.CREATE)


def test_what_somebody_else_made_is_adopted_field_by_field(store: Store, url: str) -> None:
    insert_pack(url, "demo")
    insert_definition(url, "demo.a", with_action=True)
    [a] = store.compare(request(store, workflows("a"))).fields.workflows
    assert a.step.is_adopted
    assert a.is_by_hand
    assert a.changes


def test_what_stands_in_the_way_is_in_the_plan(store: Store, url: str) -> None:
    insert_pack(url, "demo")
    insert_action(url, "demo.a", entrypoint="a.sh")
    told = store.compare(request(store, workflows("a"))).fields
    assert [one.step.kind for one in told.workflows] == [Kind.CONFLICT]
    assert told.differs


def test_another_ones_pack_can_be_planned_for_its_owner(store: Store) -> None:
    """As in a pull request, of which the Pack in the cluster knows nothing yet."""
    store.sync(request(store, workflows("a")))
    theirs = request(store, workflows("a", text="new"), owner=COMMAND_LINE, commit="c2")
    asked = replace(theirs, source_url="file:///builds/pack", source_ref="")
    with pytest.raises(Stalled) as caught:
        store.compare(asked)
    assert caught.value.reason is Reason.REF_CONFLICT
    told = store.compare(asked, for_owner=True)
    assert told.owner == "Pack team-a/payments"
    assert told.fields.row.kind is Kind.UNCHANGED
    assert [one.step.kind for one in told.fields.workflows] == [Kind.UPDATE]
    with pytest.raises(Stalled):
        store.compare(replace(asked, fence=replace(asked.fence, owner=TEAM_B)))


def test_a_new_database_is_planned_on_and_stays_new(postgres: Postgres) -> None:
    made = postgres.create_database()
    with Store(DatabaseSettings(made), dry=True) as store:
        assert store.actions(["core.echo"], own_pack="demo") == {}
        told = store.compare(request(store, workflows("a", "b"), sequence=0)).fields
    assert (told.count(Kind.CREATE), told.row.kind, told.before) == (2, Kind.CREATE, "")
    schemas = "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'attune%'"
    assert column(made, schemas) == []


def test_it_needs_no_right_to_write(store: Store, url: str) -> None:
    store.sync(request(store, workflows("a")))
    query(url, "CREATE ROLE looker LOGIN PASSWORD 'secret'")
    query(url, documented("GRANT USAGE ON SCHEMA attune, attune_gitops TO looker"))
    looker = DatabaseSettings(make_conninfo(url, user="looker", password="secret"))
    try:
        with Store(looker, dry=True) as limited:
            asked = request(store, workflows("b"), commit="c2")
            assert limited.compare(asked).fields.differs
    finally:
        query(url, "DROP OWNED BY looker; DROP ROLE looker")
