"""A pack's ref belongs to one, and an older look never overwrites a newer one."""

from __future__ import annotations

from dataclasses import replace

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
    documented,
    query,
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
        pytest.param(_RECREATED, id="another Pack of the same name"),
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


def test_a_claim_left_by_a_vanished_pack_is_given_up_as_the_docs_say(
    store: Store, url: str
) -> None:
    store.sync(request(store, workflows("a"), owner=TEAM_A))
    query(url, documented("DELETE"))
    store.sync(request(store, workflows("a"), owner=_RECREATED))
    assert column(url, "SELECT owner_uid FROM attune_gitops.claims") == ["uid-a-2"]
