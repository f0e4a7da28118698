"""A pack's ref belongs to one, and an older look never overwrites a newer one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC

import pytest

from controller.errors import Reason, Stalled, Waiting
from controller.pack.identity import COMMAND_LINE, Owner
from controller.store import Store
from tests.store.make import (
    MANIFEST,
    TEAM_A,
    TEAM_B,
    column,
    content,
    refs,
    request,
    row_versions,
    workflows,
)

_RECREATED = replace(TEAM_A, uid="uid-a-2")


@pytest.mark.parametrize(
    "second",
    [
        pytest.param(TEAM_B, id="another Pack"),
        pytest.param(_RECREATED, id="another Pack of the same name, perhaps in another cluster"),
        pytest.param(COMMAND_LINE, id="the command line"),
    ],
)
def test_the_second_comer_is_refused_and_touches_nothing(
    store: Store, url: str, second: Owner
) -> None:
    store.sync(request(store, workflows("a"), owner=TEAM_A))
    rival = request(store, workflows("b"), owner=second, commit="c2")
    before = row_versions(url)
    with pytest.raises(Stalled, match="belongs to Pack team-a/payments") as caught:
        store.sync(rival)
    assert caught.value.reason is Reason.REF_CONFLICT
    assert caught.value.hint
    with pytest.raises(Stalled, match="belongs to Pack team-a/payments"):
        store.preview(rival)
    assert row_versions(url) == before


def test_the_command_line_gives_way_to_a_pack(store: Store, url: str) -> None:
    store.sync(request(store, workflows("a", "b"), owner=COMMAND_LINE))
    receipt = store.sync(request(store, workflows("a"), owner=TEAM_A))
    assert receipt.unchanged == ("demo.a",)
    assert receipt.pruned == ("demo.b",)
    assert column(url, "SELECT owner_uid FROM attune_gitops.claims") == ["uid-a"]


def test_the_command_line_may_have_many_packs(store: Store) -> None:
    for ref in ("demo", "more"):
        manifest = replace(MANIFEST, ref=ref)
        store.sync(request(store, [], owner=COMMAND_LINE, manifest=manifest, commit=ref))
    assert store.recorded(COMMAND_LINE) is None
    for ref in ("demo", "more"):
        recorded = store.recorded(COMMAND_LINE, pack_ref=ref)
        assert recorded is not None
        assert recorded.commit == ref


def test_a_pack_cannot_change_its_ref(store: Store, url: str) -> None:
    store.sync(request(store, workflows("a")))
    renamed = request(store, [], manifest=replace(MANIFEST, ref="renamed"), commit="c2")
    before = row_versions(url)
    with pytest.raises(Stalled, match="from 'demo' to 'renamed'") as caught:
        store.sync(renamed)
    assert caught.value.reason is Reason.REF_CONFLICT
    assert "put 'demo' back" in caught.value.hint
    assert row_versions(url) == before


@pytest.mark.parametrize(
    ("sequence", "generation"),
    [pytest.param(1, 1, id="older look"), pytest.param(9, 0, id="older spec")],
)
def test_an_older_observation_is_discarded(
    store: Store, url: str, sequence: int, generation: int
) -> None:
    store.sync(request(store, workflows("new"), sequence=5, generation=1, commit="c2"))
    before = row_versions(url)
    late = request(store, workflows("old"), sequence=sequence, generation=generation, commit="c1")
    with pytest.raises(Waiting, match="newer look") as caught:
        store.sync(late)
    assert caught.value.reason is Reason.SUPERSEDED
    assert row_versions(url) == before


def test_sequences_grow(store: Store) -> None:
    drawn = [store.next_sequence() for _ in range(5)]
    assert drawn == sorted(set(drawn))


def test_a_sync_whose_outcome_got_lost_may_be_repeated(store: Store, url: str) -> None:
    asked = request(store, workflows("a"))
    store.sync(asked)
    healthy = content(url)
    assert not store.sync(asked).wrote
    assert content(url) == healthy


def test_a_released_pack_is_free_and_its_rows_stay(store: Store, url: str) -> None:
    store.sync(request(store, workflows("a"), owner=TEAM_A))
    rows = content(url)
    store.release(TEAM_A)
    store.release(TEAM_A)
    assert store.recorded(TEAM_A) is None
    after = content(url)
    assert after["workflows"] == rows["workflows"]
    assert after["inventory"] == after["claims"] == []
    assert store.sync(request(store, workflows("a"), owner=TEAM_B)).updated == ("demo.a",)
    assert refs(url) == ["demo.a"]


_EAST, _WEST = replace(TEAM_A, cluster="east"), replace(TEAM_B, cluster="west")


def test_a_pack_made_again_gets_its_rows_back(store: Store, url: str) -> None:
    store.sync(request(store, workflows("a", "b"), owner=_EAST, generation=7))
    again = replace(_EAST, uid="uid-a-2")
    receipt = store.sync(request(store, workflows("a"), owner=again, generation=1))
    assert receipt.unchanged == ("demo.a",)
    assert receipt.pruned == ("demo.b",)
    assert column(url, "SELECT owner_uid FROM attune_gitops.claims") == ["uid-a-2"]


def test_what_the_one_before_saw_overwrites_nothing(store: Store, url: str) -> None:
    late = request(store, workflows("old"), owner=_EAST)
    again = replace(_EAST, uid="uid-a-2")
    store.sync(request(store, workflows("a"), owner=again))
    with pytest.raises(Waiting, match="newer look"):
        store.sync(late)
    assert refs(url) == ["demo.a"]


@pytest.mark.parametrize(
    "rival",
    [
        pytest.param(replace(_EAST, uid="b", cluster="west"), id="of another cluster"),
        pytest.param(replace(_EAST, uid="b", cluster=""), id="of nobody knows which"),
        pytest.param(replace(_EAST, uid="b", namespace="team-b"), id="of another namespace"),
        pytest.param(replace(_EAST, uid="b", name="other"), id="of another name"),
    ],
)
def test_no_other_pack_gets_them(store: Store, url: str, rival: Owner) -> None:
    store.sync(request(store, workflows("a"), owner=_EAST))
    before = row_versions(url)
    with pytest.raises(Stalled, match="belongs to Pack team-a/payments"):
        store.sync(request(store, workflows("b"), owner=rival))
    assert row_versions(url) == before


def test_the_loser_is_told_who_has_it_since_when_and_what_to_do(store: Store) -> None:
    store.sync(request(store, workflows("a"), owner=_EAST))
    [since] = store.holders("demo")
    told = since.claimed_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    with pytest.raises(Stalled) as far:
        store.sync(request(store, workflows("b"), owner=_WEST))
    assert far.value.message == (
        f"Pack ref 'demo' belongs to Pack team-a/payments of cluster 'east' since {told}; nothing "
        "was written."
    )
    assert "`packctl adopt`" in far.value.hint
    with pytest.raises(Stalled) as near:
        store.sync(request(store, workflows("b"), owner=replace(_WEST, cluster="east")))
    assert "Pack team-a/payments since" in near.value.message
    assert "attune.io/adopt=team-a/payments" in near.value.hint
    for error in (far.value, near.value):
        assert "git.example.com" not in str(error)


def test_since_when_is_since_the_owner_came(store: Store) -> None:
    store.sync(request(store, workflows("a"), owner=_EAST, commit="c1"))
    [first] = store.holders("demo")
    store.sync(request(store, workflows("b"), owner=_EAST, commit="c2"))
    assert store.holders("demo") == (first,)
    store.sync(request(store, workflows("b"), owner=replace(_EAST, uid="uid-a-2"), commit="c2"))
    [second] = store.holders("demo")
    assert second.claimed_at > first.claimed_at


def test_a_claim_of_an_older_program_learns_its_cluster(store: Store, url: str) -> None:
    store.sync(request(store, workflows("a"), owner=TEAM_A))
    assert column(url, "SELECT owner_cluster FROM attune_gitops.claims") == [""]
    assert store.sync(request(store, workflows("a"), owner=_EAST)).wrote
    assert column(url, "SELECT owner_cluster FROM attune_gitops.claims") == ["east"]
    assert not store.sync(request(store, workflows("a"), owner=_EAST)).wrote


_ADOPTERS = [
    pytest.param(_WEST, id="a Pack"),
    pytest.param(COMMAND_LINE, id="the command line"),
]


@pytest.mark.parametrize("heir", _ADOPTERS)
@pytest.mark.parametrize("former", [replace(_EAST, uid=""), _EAST], ids=["by name", "by uid"])
def test_an_heir_takes_over_what_a_pack_has_left(store: Store, heir: Owner, former: Owner) -> None:
    store.sync(request(store, workflows("a", "b"), owner=_EAST))
    asked = request(store, workflows("a"), owner=heir, heir_of=(former,))
    receipt = store.sync(asked)
    assert (receipt.unchanged, receipt.pruned) == (("demo.a",), ("demo.b",))
    [now] = store.holders("demo")
    assert now.owner == heir


@pytest.mark.parametrize(
    "former",
    [
        pytest.param(replace(_EAST, uid="uid-before"), id="an earlier one of that name"),
        pytest.param(replace(_EAST, uid="", name="other"), id="another one"),
        pytest.param(replace(_EAST, uid="", cluster=""), id="one of another cluster"),
    ],
)
def test_an_heir_of_one_gets_nothing_of_another(store: Store, url: str, former: Owner) -> None:
    store.sync(request(store, workflows("a"), owner=_EAST))
    before = row_versions(url)
    with pytest.raises(Stalled, match="belongs to"):
        store.sync(request(store, workflows("b"), owner=_WEST, heir_of=(former,)))
    assert row_versions(url) == before


def test_a_pack_is_adopted_for_one_that_has_yet_to_come(store: Store) -> None:
    store.sync(request(store, workflows("a"), owner=_EAST))
    awaited = replace(_WEST, uid="")
    store.sync(request(store, workflows("a"), owner=awaited, heir_of=(_EAST,)))
    for rival in (_EAST, COMMAND_LINE, replace(_WEST, uid="x", name="other")):
        with pytest.raises(Stalled, match="belongs to Pack team-b/payments"):
            store.sync(request(store, workflows("b"), owner=rival))
    store.remove(COMMAND_LINE, pack_ref="demo")
    receipt = store.sync(request(store, workflows("a"), owner=_WEST))
    assert receipt.unchanged == ("demo.a",)
    assert store.holders("demo")[0].owner == _WEST
