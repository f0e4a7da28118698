"""What the database remembers of a rollback, and what it keeps for one."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from controller.errors import Reason, Waiting
from controller.pack.identity import Owner
from controller.pack.rollback import Rollback
from controller.pack.spec import Until
from controller.store import DatabaseSettings, Retention, Store, SyncRequest
from controller.store.claims import Claim, remembered
from tests.store.make import TEAM_A, TEAM_B, column, query, request, workflows

WANTED = Rollback(1, Until.NEXT_COMMIT, skips=("seen",))
BEGUN = Rollback(1, Until.NEXT_COMMIT, "main@sha1:bad", ("bad", "seen"))
CLOSED = BEGUN.closed("head")
OTHER = Rollback(2, Until.NEXT_COMMIT, skips=("seen",))
LONGER = replace(WANTED, until=Until.REMOVED)


@dataclass(frozen=True, slots=True)
class Case:
    """What is known, what a sync says, and what is remembered then."""

    known: Rollback | None
    asked: Rollback | None
    then: Rollback | None
    owner: Owner = TEAM_A


CASES = {
    "nothing": Case(None, None, None),
    "it begins": Case(None, WANTED, BEGUN),
    "it goes on": Case(CLOSED, WANTED, CLOSED),
    "it ends": Case(CLOSED, CLOSED.ended(), CLOSED.ended()),
    "it has ended": Case(CLOSED.ended(), CLOSED.ended(), CLOSED.ended()),
    "the field is gone": Case(CLOSED, None, None),
    "another revision": Case(
        CLOSED, OTHER, replace(OTHER, before=BEGUN.before, skips=("bad", "seen", "head"))
    ),
    "another end": Case(
        CLOSED, LONGER, replace(LONGER, before=BEGUN.before, skips=("bad", "seen", "head"))
    ),
    "again after an end": Case(
        CLOSED.ended(), OTHER, replace(OTHER, before=BEGUN.before, skips=("bad", "seen"))
    ),
    "another owner's counts for nothing": Case(CLOSED, WANTED, BEGUN, TEAM_B),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_is_remembered(case: Case) -> None:
    claim = _made(case.known, case.owner)
    assert remembered(claim, case.asked, TEAM_A) == case.then


def test_without_a_claim_there_is_nothing_to_skip() -> None:
    assert remembered(None, WANTED, TEAM_A) == WANTED


def test_what_has_ended_is_not_begun_again() -> None:
    with pytest.raises(Waiting) as caught:
        remembered(_made(CLOSED.ended()), WANTED, TEAM_A)
    assert caught.value.reason is Reason.SUPERSEDED


def _made(rollback: Rollback | None, owner: Owner = TEAM_A) -> Claim:
    """A claim whose rows are those of the bad commit."""
    known: dict[str, object] = dict.fromkeys(Claim.__dataclass_fields__, "")
    numbers = dict.fromkeys(("generation", "sequence", "blocked"), 0)
    told = {"revision": "main@sha1:bad", "commit": "bad", "pack_ref": "demo", "number": 2}
    whose = {"owner_uid": owner.uid, "owner_name": owner.name}
    fields = {**known, **numbers, **told, **whose, "rollback": rollback}
    return Claim(**fields)  # type: ignore[arg-type]  # what the tests do not name does not count


def test_skips_are_bounded() -> None:
    found = Rollback(1, Until.NEXT_COMMIT)
    for number in range(99):
        found = found.closed(f"{number}")
    assert found.skips == ("94", "95", "96", "97", "98")


def test_a_document_is_the_rollback_it_was_made_of() -> None:
    assert Rollback.recorded(CLOSED.document) == CLOSED


def test_what_was_rolled_back_to_is_kept_however_old_it_is(url: str) -> None:
    with Store(DatabaseSettings(url), retention=Retention(days=30)) as store:
        store.migrate()
        for number in range(1, 5):
            store.sync(request(store, workflows(*"abcd"[:number]), commit=f"c{number}"))
        store.sync(replace(request(store, workflows("a"), commit="c1"), rollback=WANTED))
        query(url, "UPDATE attune_gitops.revisions SET applied_at = now() - interval '99 days'")
        store.sweep("demo")
        kept = column(url, "SELECT number FROM attune_gitops.revisions ORDER BY number")
        assert kept == [1, 4, 5]
        found = store.revision("demo", 1)
    assert found
    assert not found.missing


def test_the_head_is_noted_only_where_nobody_has_said_more(store: Store) -> None:
    receipt = store.sync(replace(request(store, workflows("a")), rollback=WANTED))
    assert receipt.rollback
    first = store.close_rollback(TEAM_A, "demo", receipt.rollback, "head")
    store.close_rollback(TEAM_A, "demo", receipt.rollback, "later")
    standing = store.standing(TEAM_A)
    assert standing
    assert standing.rollback == first
    assert first.skips == ("seen", "head")


def test_one_that_was_made_again_stands_where_its_namesake_stood(store: Store) -> None:
    west = replace(TEAM_A, cluster="west")
    store.sync(replace(_of(store, west), rollback=WANTED))
    again = replace(west, uid="another")
    for pack_ref in ("", "demo"):
        standing = store.standing(again, pack_ref=pack_ref)
        assert standing
        assert standing.rollback
    assert store.standing(again, pack_ref="other") is None
    assert store.standing(replace(again, cluster="east")) is None
    assert store.standing(replace(again, cluster="")) is None


def _of(store: Store, owner: Owner) -> SyncRequest:
    made = request(store, workflows("a"))
    return replace(made, fence=replace(made.fence, owner=owner))
