"""What becomes of each kind of drift under each policy, and what is told of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from controller.pack.drift import Change, DriftedRow, Happening
from controller.pack.spec import DriftPolicy
from controller.store import Policy, Recorded, Store, SyncRequest
from controller.store.finding import recorded_params
from controller.store.statements import Statement, text_of
from tests.store.by_hand import insert_definition
from tests.store.make import (
    MANIFEST,
    TEAM_A,
    content,
    query,
    refs,
    request,
    row_versions,
    workflow,
    workflows,
)

CORRECT = Policy()
WARN = Policy(drift=DriftPolicy.WARN)
LEAVING = [WARN, Policy(drift=DriftPolicy.IGNORE)]
"""The policies that leave rows as others made them; they differ in what is said of it."""


@dataclass(frozen=True, slots=True)
class Case:
    """What somebody did, and what is told of it."""

    damage: str
    ref: str
    happened: tuple[Happening, ...]
    changes: tuple[Change, ...] = ()


CASES = {
    "definition edited": Case(
        "UPDATE attune.workflow_definition SET label = 'x', tags = '{}' WHERE ref = 'demo.a'",
        "demo.a",
        (Happening.DEFINITION_CHANGED,),
        (
            Change("label", "A", "x"),
            Change("tags", '["example"]', "[]"),
        ),
    ),
    "inside of the definition": Case(
        "UPDATE attune.workflow_definition"
        " SET definition = jsonb_set(definition, '{t}', '\"s3cret\"')"
        " WHERE ref = 'demo.a'",
        "demo.a",
        (Happening.DEFINITION_CHANGED,),
        (Change("definition.t"),),
    ),
    "definition deleted": Case(
        "DELETE FROM attune.workflow_definition WHERE ref = 'demo.a'",
        "demo.a",
        (Happening.DEFINITION_DELETED,),
    ),
    "definition deleted, its action not": Case(
        "UPDATE attune.action SET workflow_def = NULL WHERE ref = 'demo.a';"
        "DELETE FROM attune.workflow_definition WHERE ref = 'demo.a'",
        "demo.a",
        (Happening.DEFINITION_DELETED, Happening.ACTION_UNLINKED),
    ),
    "action edited": Case(
        "UPDATE attune.action SET description = NULL, param_schema = NULL WHERE ref = 'demo.a'",
        "demo.a",
        (Happening.ACTION_CHANGED,),
        (Change("action.description", "About a", "null"), Change("action.param_schema")),
    ),
    "action deleted": Case(
        "DELETE FROM attune.action WHERE ref = 'demo.a'", "demo.a", (Happening.ACTION_DELETED,)
    ),
    "action unlinked": Case(
        "UPDATE attune.action SET workflow_def = NULL WHERE ref = 'demo.a'",
        "demo.a",
        (Happening.ACTION_UNLINKED,),
    ),
    "action linked elsewhere": Case(
        "UPDATE attune.action SET workflow_def ="
        " (SELECT id FROM attune.workflow_definition WHERE ref = 'demo.b') WHERE ref = 'demo.a'",
        "demo.a",
        (Happening.ACTION_RELINKED,),
    ),
    "definition and action": Case(
        "UPDATE attune.workflow_definition SET version = '9' WHERE ref = 'demo.a';"
        "UPDATE attune.action SET entrypoint = 'x.sh' WHERE ref = 'demo.a'",
        "demo.a",
        (Happening.DEFINITION_CHANGED, Happening.ACTION_CHANGED),
        (
            Change("version", "1.0.0", "9"),
            Change("action.entrypoint", "workflows/a.workflow.yaml", "x.sh"),
        ),
    ),
    "pack edited": Case(
        "UPDATE attune.pack SET label = 'x', conf_schema = '{\"type\": \"array\"}'",
        "demo",
        (Happening.PACK_CHANGED,),
        (Change("label", "Demo", "x"), Change("conf_schema.type")),
    ),
    "pack deleted": Case("DELETE FROM attune.pack", "demo", (Happening.PACK_DELETED,)),
}  # fmt: skip

each_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES)
each_leaving = pytest.mark.parametrize("policy", LEAVING, ids=lambda one: one.drift)


def _newer(store: Store, policy: Policy = CORRECT) -> SyncRequest:
    """A commit that changes the pack's row and all of its workflows."""
    manifest = replace(MANIFEST, version="2.0.0")
    content = workflows("a", "b", "c", text="newer")
    return request(store, content, commit="c3", policy=policy, manifest=manifest)


def _healthy(store: Store, url: str) -> dict[str, list[object]]:
    """What the tables hold after `_newer`; the pack is removed again."""
    store.sync(_newer(store))
    found = content(url)
    store.remove(TEAM_A)
    return found


def _recorded(store: Store) -> Recorded:
    found = store.recorded(TEAM_A)
    assert found is not None
    return found


def _told(case: Case, *, is_corrected: bool) -> DriftedRow:
    return DriftedRow(case.ref, case.happened, case.changes, is_corrected)


def _total(case: Case, workflow_count: int) -> int:
    """How many rows drifted: with the pack's row go all of its workflows."""
    return 1 + (workflow_count if Happening.PACK_DELETED in case.happened else 0)


@each_case
def test_corrected_drift_is_put_right_and_told(store: Store, url: str, case: Case) -> None:
    asked = request(store, workflows("a", "b"))
    store.sync(asked)
    healthy = content(url)
    query(url, case.damage)
    drift = store.sync(asked).drift
    assert drift.rows[0] == _told(case, is_corrected=True)
    assert (drift.total, drift.corrected, drift.digest) == (_total(case, 2), _total(case, 2), "")
    assert content(url) == healthy
    assert _recorded(store).intact
    assert not store.sync(asked).drift.total


@each_case
@each_leaving
def test_drift_that_is_left_stays_until_a_commit_changes_the_same(
    store: Store, url: str, case: Case, policy: Policy
) -> None:
    healthy = _healthy(store, url)
    store.sync(request(store, workflows("a", "b", "c"), policy=policy))
    query(url, case.damage)
    before = row_versions(url)

    receipt = store.sync(request(store, workflows("a", "b", "c"), policy=policy))
    assert receipt.drift.rows[0] == _told(case, is_corrected=False)
    assert (receipt.drift.total, receipt.drift.corrected) == (_total(case, 3), 0)
    assert not receipt.wrote
    assert row_versions(url) == before
    assert receipt.drift.digest == _recorded(store).drift != ""

    drifted = _but_for(content(url), "demo.c")
    elsewhere = [*workflows("a", "b"), workflow("c", text="new")]
    receipt = store.sync(request(store, elsewhere, commit="c2", policy=policy))
    assert [*receipt.created, *receipt.updated] == ["demo.c"]
    if Happening.PACK_DELETED in case.happened:
        # Without the pack's row there would be nothing that the new workflow could belong to.
        assert refs(url) == ["demo.c"]
        assert receipt.pack_changed
    else:
        assert _but_for(content(url), "demo.c") == drifted
    assert receipt.drift.digest == _recorded(store).drift != ""

    receipt = store.sync(_newer(store, policy))
    assert receipt.drift.rows[0].ref == ("demo.a" if receipt.drift.total == 2 else case.ref)
    assert (receipt.drift.total, receipt.drift.digest) == (receipt.drift.corrected, "")
    assert _recorded(store).intact
    assert content(url) == healthy


def test_drift_that_its_author_takes_back_is_none(store: Store, url: str) -> None:
    asked = request(store, workflows("a"), policy=WARN)
    store.sync(asked)
    query(url, "UPDATE attune.action SET label = 'x'")
    assert store.sync(asked).drift.total == 1
    query(url, "UPDATE attune.action SET label = 'A'")
    assert _recorded(store).intact
    assert not store.sync(asked).drift.total


def test_each_state_of_drift_has_a_digest_of_its_own(store: Store, url: str) -> None:
    store.sync(request(store, workflows("a", "b"), policy=WARN))
    damages = (
        "UPDATE attune.action SET label = 'x' WHERE ref = 'demo.a'",
        "UPDATE attune.action SET label = 'y' WHERE ref = 'demo.a'",
        "UPDATE attune.action SET label = 'y' WHERE ref = 'demo.b'",
        "UPDATE attune.pack SET label = 'y'",
        "DELETE FROM attune.action WHERE ref = 'demo.b'",
        "DELETE FROM attune.pack",
    )
    digests = [_recorded(store).drift]
    for damage in damages:
        query(url, damage)
        digests.append(_recorded(store).drift)
    assert digests[0] == ""
    assert len(set(digests)) == len(digests)


def test_a_look_costs_one_statement_whatever_there_is_to_find(
    store: Store, url: str, heard: list[str]
) -> None:
    store.sync(request(store, workflows("a", "b"), policy=WARN))
    query(url, "UPDATE attune.action SET label = 'x'")
    before = row_versions(url)
    heard.clear()
    assert not _recorded(store).intact
    assert heard == ["read_recorded", "commit"]
    assert row_versions(url) == before


def test_a_look_writes_no_byte_of_the_log(store: Store, url: str) -> None:
    store.sync(request(store, workflows("a", "b"), policy=WARN))
    query(url, "UPDATE attune.action SET label = 'x'")
    # The first one after a write may note which rows are visible to all.
    _recorded(store)
    explain = "EXPLAIN (ANALYZE, WAL, FORMAT JSON) " + text_of(Statement.READ_RECORDED).decode()
    [row] = query(url, explain, recorded_params(TEAM_A, "demo"))
    [plan] = row["QUERY PLAN"]
    assert plan["Plan"]["WAL Bytes"] == 0


def test_rows_are_not_looked_at_where_nobody_wants_to_know(store: Store, url: str) -> None:
    store.sync(request(store, workflows("a")))
    query(url, "UPDATE attune.action SET label = 'x'")
    found = store.recorded(TEAM_A, look=False)
    assert found is not None
    assert (found.drift, found.intact) == (None, False)


def test_only_the_first_rows_are_told_and_all_are_counted(store: Store, url: str) -> None:
    names = [f"w{number:02}" for number in range(30)]
    asked = request(store, workflows(*names))
    store.sync(asked)
    query(url, "UPDATE attune.action SET label = 'x'")
    drift = store.sync(asked).drift
    assert [one.ref for one in drift.rows] == [f"demo.{name}" for name in names[:20]]
    assert (drift.total, drift.corrected) == (30, 30)


def test_an_action_that_lost_its_definition_is_no_longer_alone(store: Store, url: str) -> None:
    """Neither row of the two is ever left without the other."""
    asked = request(store, workflows("a"))
    store.sync(asked)
    query(
        url,
        "UPDATE attune.action SET workflow_def = NULL, timeout_seconds = 30 WHERE ref = 'demo.a'",
    )
    query(url, "DELETE FROM attune.workflow_definition WHERE ref = 'demo.a'")
    store.sync(asked)
    [row] = query(
        url,
        "SELECT a.timeout_seconds, d.ref FROM attune.action a"
        " JOIN attune.workflow_definition d ON d.id = a.workflow_def",
    )
    assert row == {"timeout_seconds": 30, "ref": "demo.a"}


def test_what_updateexisting_leaves_is_told_too(store: Store, url: str) -> None:
    asked = request(store, workflows("a", "b"), policy=Policy(update_existing=False))
    store.sync(asked)
    query(url, "UPDATE attune.pack SET label = 'x'; UPDATE attune.action SET label = 'x'")
    before = row_versions(url)
    drift = store.sync(asked).drift
    assert (drift.total, drift.corrected) == (3, 0)
    assert drift.digest == _recorded(store).drift
    assert row_versions(url) == before


def test_a_pack_row_that_somebody_brought_up_to_date_is_no_drift(store: Store, url: str) -> None:
    store.sync(request(store, workflows("a"), policy=WARN))
    query(url, "UPDATE attune.pack SET label = 'Newer'")
    newer = replace(MANIFEST, label="Newer")
    asked = request(store, workflows("a"), commit="c2", policy=WARN, manifest=newer)
    assert not store.sync(asked).drift.total
    assert _recorded(store).intact


def test_rows_of_others_are_no_drift(store: Store, url: str) -> None:
    store.sync(request(store, workflows("a")))
    insert_definition(url, "demo.hand", with_action=True)
    assert _recorded(store).intact


def _but_for(found: dict[str, list[object]], ref: str) -> list[object]:
    """The pack and the workflows but one."""
    others = [one for one in found["workflows"] if isinstance(one, dict) and one["ref"] != ref]
    return [*found["pack"], *others]
