"""Workflows and actions that people made in Attune, beside those of Git or in their way."""

from __future__ import annotations

from dataclasses import replace

import pytest

from controller.errors import Reason, Stalled
from controller.store import Kind, Policy, Store
from tests.store.by_hand import insert_action, insert_definition, insert_pack
from tests.store.make import (
    DEFAULTS,
    TEAM_A,
    content,
    query,
    refs,
    request,
    row_versions,
    workflow,
    workflows,
)

_ADOPTING = Policy(adopts=frozenset({"demo.a"}))


def _adhoc(url: str, ref: str) -> None:
    """A workflow as Attune's own editor makes it."""
    insert_definition(url, ref, with_action=True)
    query(url, "UPDATE attune.action SET is_adhoc = true WHERE ref = %(ref)s", {"ref": ref})


def _script(url: str, ref: str) -> None:
    """An action that somebody made, which is no workflow."""
    insert_action(url, ref, entrypoint="a.sh")
    query(
        url,
        "UPDATE attune.action SET is_adhoc = true, runtime = 7, timeout_seconds = 5"
        " WHERE ref = %(ref)s",
        {"ref": ref},
    )


def _rows(url: str, ref: str) -> list[object]:
    return query(
        url,
        "SELECT d.xmin::text || a.xmin::text AS versions FROM attune.action a"
        " LEFT JOIN attune.workflow_definition d ON d.id = a.workflow_def WHERE a.ref = %(ref)s",
        {"ref": ref},
    )


@pytest.mark.parametrize("make", [_adhoc, _script])
def test_what_people_made_in_a_pack_outlives_syncs_and_the_pack(
    store: Store, url: str, make: object
) -> None:
    store.sync(request(store, workflows("a", "b"), commit="c1"))
    assert callable(make)
    make(url, "demo.ours")
    insert_definition(url, "demo.unknown", with_action=True)
    before = _rows(url, "demo.ours"), _rows(url, "demo.unknown")
    store.sync(request(store, workflows("a"), commit="c2"))
    store.sync(request(store, [], commit="c3", policy=replace(DEFAULTS, allow_empty=True)))
    assert (_rows(url, "demo.ours"), _rows(url, "demo.unknown")) == before
    removal = store.remove(TEAM_A)
    assert not removal.pack_removed
    assert (_rows(url, "demo.ours"), _rows(url, "demo.unknown")) == before
    assert "demo.unknown" in refs(url)
    assert "demo.a" not in refs(url)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        pytest.param(_adhoc, "it was made in Attune, by hand", id="workflow"),
        pytest.param(_script, "an action of this ref exists", id="action"),
    ],
)
def test_it_is_never_taken_by_a_workflow_of_its_ref(
    store: Store, url: str, make: object, says: str
) -> None:
    store.sync(request(store, workflows("old"), commit="c1"))
    assert callable(make)
    make(url, "demo.a")
    before = row_versions(url)
    with pytest.raises(Stalled, match=says) as caught:
        store.sync(request(store, workflows("a", "b"), commit="c2"))
    assert caught.value.reason is Reason.ACTION_CONFLICT
    assert "attune.io/adopt=demo.a" in caught.value.hint
    assert row_versions(url) == before


@pytest.mark.parametrize(
    ("make", "kind"), [(_adhoc, Kind.UPDATE), (_script, Kind.CREATE)], ids=["workflow", "action"]
)
def test_it_is_taken_where_it_is_named_and_keeps_its_id(
    store: Store, url: str, make: object, kind: Kind
) -> None:
    insert_pack(url, "demo")
    assert callable(make)
    make(url, "demo.a")
    [before] = query(url, "SELECT id, timeout_seconds FROM attune.action")
    asked = request(store, workflows("a"), policy=_ADOPTING)
    [step] = store.preview(asked).steps
    assert (step.kind, step.is_adopted) == (kind, True)
    store.sync(asked)
    [after] = query(url, "SELECT * FROM attune.action")
    assert {name: after[name] for name in before} == before
    assert (after["is_adhoc"], after["runtime"]) == (False, None)
    adopted = content(url)["workflows"]
    store.sync(request(store, workflows("a"), commit="c2"))
    assert content(url)["workflows"] == adopted
    query(url, "DELETE FROM attune.workflow_definition")
    store.sync(request(store, workflows("a"), commit="c3"))
    assert content(url)["workflows"] == adopted


def test_only_what_is_named_is_taken(store: Store, url: str) -> None:
    insert_pack(url, "demo")
    _adhoc(url, "demo.a")
    _adhoc(url, "demo.b")
    asked = request(store, workflows("a", "b"), policy=_ADOPTING)
    with pytest.raises(Stalled) as caught:
        store.sync(asked)
    assert "demo.a" not in str(caught.value)
    assert "attune.io/adopt=demo.b" in caught.value.hint


@pytest.mark.parametrize("case", ["another pack's", "another workflow's"])
def test_what_is_not_of_this_pack_alone_is_never_taken(store: Store, url: str, case: str) -> None:
    insert_pack(url, "demo")
    insert_pack(url, "other")
    if case == "another pack's":
        insert_action(url, "demo.a", entrypoint="a.sh", pack="other")
    else:
        insert_definition(url, "demo.busy", with_action=False)
        insert_action(url, "demo.a", entrypoint="a.sh", definition="demo.busy")
    before = row_versions(url)
    with pytest.raises(Stalled, match=r"demo\.a") as caught:
        store.sync(request(store, workflows("a"), policy=_ADOPTING))
    assert "adopt" not in caught.value.hint
    assert row_versions(url) == before


def test_an_action_that_takes_the_place_of_a_workflows_is_a_conflict(
    store: Store, url: str
) -> None:
    """As drift: the companion was deleted, and another action was made under its ref."""
    store.sync(request(store, workflows("a"), commit="c1"))
    query(url, "DELETE FROM attune.action")
    _script(url, "demo.a")
    before = row_versions(url)
    with pytest.raises(Stalled, match="an action of this ref exists"):
        store.sync(request(store, [workflow("a", text="new")], commit="c2"))
    assert row_versions(url) == before
    receipt = store.sync(request(store, workflows("a"), commit="c3", policy=_ADOPTING))
    assert [row.ref for row in receipt.drift.rows] == ["demo.a"]
    assert query(url, "SELECT ref FROM attune.action WHERE workflow_def IS NOT NULL")
