"""Going back to a recorded revision, and forward again, without a cluster and often without Git."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from controller.errors import Reason, Stage, Stalled, Transient, Waiting
from controller.pack.identity import AskedBy, Owner
from controller.pack.outcome import Outcome
from controller.pack.planned import Kind
from controller.pack.source import Look, Observed, Source
from controller.pack.spec import DeletionPolicy
from controller.reconcile import Asked, Asker, Reconciler, Unopened
from controller.reconcile.restoring import Restoration, restore, to_return
from controller.store import Attempt, DatabaseSettings, Fence, Store
from hack.packrepo import pack_yaml, workflow_yaml
from tests.e2e import rows
from tests.reconcile.conftest import MINE, Ask, write
from tests.store.by_hand import create_executions, run_execution
from tests.store.make import column, query, row_versions

AWAY = Transient(Reason.GIT_UNREACHABLE, "It is away.", hint="Check it.")
TO_FIRST = {"revision": 1, "until": "NextCommit"}


def _away(asked: Asked) -> Asked:
    """The same with a repository that cannot be looked at."""
    return replace(asked, source=Unopened(AWAY))


def _dry(asked: Asked) -> Asked:
    return replace(asked, dry_run=True)


def _push(folder: Path, tasks: int, version: str = "2.0.0") -> None:
    write(
        folder,
        {
            "pack.yaml": pack_yaml("demo", version),
            "workflows/workflow_001.yaml": None,
            "workflows/workflow_002.yaml": workflow_yaml("demo.workflow_002", tasks),
        },
    )


@pytest.fixture
def healthy(reconciler: Reconciler, ask: Ask, folder: Path, database: str) -> list[object]:
    """What the rows were before the bad commit, which is applied now."""
    reconciler.reconcile(ask())
    was = _content(database)
    _push(folder, tasks=5)
    bad = reconciler.reconcile(ask())
    assert bad.failure is None
    assert _content(database) != was
    return was


def _content(database: str) -> list[object]:
    found, definitions, actions = rows.everything(database, "demo")
    parts = [found, *definitions.values(), *actions.values()]
    ids = {"id", "pack", "workflow_def", "created", "updated", "xmin", "ctid"}
    return [{key: row[key] for key in row if key not in ids} for row in parts if row]


def _numbers(database: str) -> list[tuple[int, str]]:
    found = query(database, "SELECT number, asked_by FROM attune_gitops.revisions ORDER BY number")
    return [(row["number"], row["asked_by"]) for row in found]


def _good(outcome: Outcome) -> Outcome:
    assert outcome.failure is None, outcome.failure
    return outcome


def test_the_recorded_revision_is_applied_while_git_is_away(
    reconciler: Reconciler, ask: Ask, database: str, healthy: list[object]
) -> None:
    done = _good(reconciler.reconcile(_away(ask(rollback=TO_FIRST))))
    assert _content(database) == healthy
    assert done.restored
    assert done.hindrance
    assert (done.restored.rollback.number, done.hindrance.error) == (1, AWAY)
    assert _numbers(database)[2:] == [(3, AskedBy.ROLLBACK.value)]
    assert column(database, "SELECT asked_by FROM attune_gitops.attempts ORDER BY id")[2:] == [
        AskedBy.ROLLBACK.value
    ]


@pytest.mark.parametrize("until", ["NextCommit", "Removed"])
def test_a_rollback_that_holds_writes_nothing(
    reconciler: Reconciler, ask: Ask, database: str, healthy: list[object], until: str
) -> None:
    wanted = {"revision": 1, "until": until}
    done = _good(reconciler.reconcile(ask(rollback=wanted)))
    before = row_versions(database)
    for reported in ("", str(done.held)):
        again = _good(reconciler.reconcile(ask(rollback=wanted, reported=reported)))
        assert again.restored == done.restored
        assert again.verified_unchanged is bool(reported)
    assert row_versions(database) == before
    assert _content(database) == healthy


def test_the_bad_commit_is_skipped_and_the_next_one_applied(
    reconciler: Reconciler, ask: Ask, folder: Path, database: str, healthy: list[object]
) -> None:
    back = _good(reconciler.reconcile(ask(rollback=TO_FIRST)))
    assert back.restored
    assert back.revision
    assert back.restored.rollback.skips == (back.revision.commit,)

    _push(folder, tasks=3)
    on = _good(reconciler.reconcile(ask(rollback=TO_FIRST, reported=str(back.held))))
    assert (on.restored, on.held) == (None, on.revision)
    assert on.ended
    assert on.ended.number == 1
    assert _numbers(database)[3:] == [(4, AskedBy.COMMAND_LINE.value)]

    before = row_versions(database)
    reported = str(on.held)
    again = _good(reconciler.reconcile(ask(rollback=TO_FIRST, reported=reported)))
    assert (again.verified_unchanged, again.ended) == (True, on.ended)
    late = reconciler.reconcile(_away(ask(rollback=TO_FIRST, reported=reported)))
    assert late.failure
    assert late.failure.error.reason is Reason.GIT_UNREACHABLE
    assert row_versions(database)["attune_gitops.claims"] == before["attune_gitops.claims"]
    assert _content(database) != healthy


def test_a_commit_that_reverts_the_bad_one_ends_the_rollback(
    reconciler: Reconciler, ask: Ask, folder: Path, database: str, healthy: list[object]
) -> None:
    """Its tree is the one that was rolled back to, so that there is no row to be written."""
    back = _good(reconciler.reconcile(ask(rollback=TO_FIRST)))
    text = {
        "pack.yaml": pack_yaml("demo"),
        "workflows/workflow_001.yaml": workflow_yaml("demo.workflow_001", 8),
        "workflows/workflow_002.yaml": workflow_yaml("demo.workflow_002", 8),
    }
    write(folder, text)
    on = _good(reconciler.reconcile(ask(rollback=TO_FIRST, reported=str(back.held))))
    assert on.restored is None
    assert on.ended
    assert _content(database) == healthy


def test_a_commit_with_errors_leaves_what_was_rolled_back_to(
    reconciler: Reconciler, ask: Ask, folder: Path, database: str, healthy: list[object]
) -> None:
    back = _good(reconciler.reconcile(ask(rollback=TO_FIRST)))
    write(folder, {"workflows/workflow_002.yaml": "tasks: 1\n"})
    for _ in range(2):
        refused = reconciler.reconcile(ask(rollback=TO_FIRST, reported=str(back.held)))
        assert refused.failure
        assert refused.failure.stage is Stage.VALIDATED
        assert refused.held == back.held
        assert _content(database) == healthy
    assert column(database, "SELECT reason FROM attune_gitops.attempts ORDER BY id")[3:] == [
        "ValidationFailed"
    ]
    _push(folder, tasks=3)
    assert _good(reconciler.reconcile(ask(rollback=TO_FIRST))).ended


def test_until_removed_asks_git_nothing_and_ends_with_the_field(
    reconciler: Reconciler,
    ask: Ask,
    folder: Path,
    database: str,
    healthy: list[object],
    steps: list[str],
) -> None:
    wanted = {"revision": 1, "until": "Removed"}
    steps.clear()
    back = _good(reconciler.reconcile(_away(ask(rollback=wanted))))
    assert steps == ["prepare", "roll_back"]
    assert back.hindrance is None
    _push(folder, tasks=3)
    assert _good(reconciler.reconcile(ask(rollback=wanted))).restored
    assert _content(database) == healthy
    on = _good(reconciler.reconcile(ask(reported=str(back.held))))
    assert (on.restored, on.ended) == (None, None)
    assert column(database, "SELECT rollback FROM attune_gitops.claims") == [None]
    assert _content(database) != healthy


def test_the_same_rollback_counts_again_once_the_field_was_gone(
    reconciler: Reconciler, ask: Ask, folder: Path, database: str, healthy: list[object]
) -> None:
    reconciler.reconcile(ask(rollback=TO_FIRST))
    _push(folder, tasks=3)
    on = _good(reconciler.reconcile(ask(rollback=TO_FIRST)))
    _good(reconciler.reconcile(ask(reported=str(on.held))))
    back = _good(reconciler.reconcile(ask(rollback=TO_FIRST)))
    assert back.restored
    assert _content(database) == healthy


@pytest.mark.parametrize("is_over", [True, False])
@pytest.mark.usefixtures("healthy")
def test_a_pack_that_was_made_again_knows_what_became_of_its_rollback(
    reconciler: Reconciler, ask: Ask, folder: Path, database: str, *, is_over: bool
) -> None:
    west = replace(MINE, cluster="west")
    back = _good(reconciler.reconcile(ask(west, rollback=TO_FIRST)))
    if is_over:
        _push(folder, tasks=3)
        _good(reconciler.reconcile(ask(west, rollback=TO_FIRST)))
    content = _content(database)
    again = _good(reconciler.reconcile(ask(replace(west, uid="another"), rollback=TO_FIRST)))
    assert _content(database) == content
    if is_over:
        assert again.ended
    else:
        assert again.restored == back.restored


@pytest.mark.usefixtures("healthy")
def test_from_one_revision_to_another_the_bad_commit_stays_skipped(
    reconciler: Reconciler, ask: Ask, folder: Path
) -> None:
    _push(folder, tasks=3)
    reconciler.reconcile(ask())
    second = _good(reconciler.reconcile(_away(ask(rollback={"revision": 2}))))
    first = _good(reconciler.reconcile(_away(ask(rollback=TO_FIRST))))
    assert second.restored
    assert first.restored
    assert set(second.restored.rollback.skips) <= set(first.restored.rollback.skips)
    assert second.restored.revision.commit not in first.restored.rollback.skips
    assert _good(reconciler.reconcile(ask(rollback=TO_FIRST))).restored


def test_a_commit_that_nobody_has_looked_at_yet_is_skipped_with_the_bad_one(
    reconciler: Reconciler, ask: Ask, folder: Path, database: str, healthy: list[object]
) -> None:
    """It was Git's head when the rollback began."""
    _push(folder, tasks=7)
    back = _good(reconciler.reconcile(ask(rollback=TO_FIRST)))
    assert back.restored
    assert back.revision
    assert back.revision.commit in back.restored.rollback.skips
    for reported in ("", str(back.held)):
        assert _good(reconciler.reconcile(ask(rollback=TO_FIRST, reported=reported))).restored
    assert _content(database) == healthy
    _push(folder, tasks=3)
    assert _good(reconciler.reconcile(ask(rollback=TO_FIRST))).ended


def test_what_the_status_names_is_skipped_though_it_was_never_applied(
    reconciler: Reconciler, ask: Ask, folder: Path, database: str, healthy: list[object]
) -> None:
    """A commit with errors, say, which is not the one that was applied."""
    _push(folder, tasks=7)
    seen = reconciler.reconcile(_dry(ask())).revision
    assert seen
    reconciler.reconcile(_away(replace(ask(rollback=TO_FIRST), seen=(seen.commit,))))
    assert _good(reconciler.reconcile(ask(rollback=TO_FIRST))).restored
    assert _content(database) == healthy


@pytest.mark.usefixtures("healthy")
def test_what_git_shows_first_after_an_outage_goes_forward(
    reconciler: Reconciler, ask: Ask, folder: Path
) -> None:
    """The fix may have been pushed while nobody could see it."""
    reconciler.reconcile(_away(ask(rollback=TO_FIRST)))
    assert _good(reconciler.reconcile(ask(rollback=TO_FIRST))).restored
    _push(folder, tasks=3)
    assert _good(reconciler.reconcile(ask(rollback=TO_FIRST))).ended


def test_drift_under_a_rollback_is_put_right(
    reconciler: Reconciler, ask: Ask, database: str, healthy: list[object]
) -> None:
    back = _good(reconciler.reconcile(ask(rollback=TO_FIRST)))
    query(database, "UPDATE attune.action SET label = 'x'")
    again = _good(reconciler.reconcile(_away(ask(rollback=TO_FIRST, reported=str(back.held)))))
    assert again.drift
    assert again.drift.corrected == 2
    assert _content(database) == healthy
    assert _numbers(database)[3:] == [(4, AskedBy.COMMAND_LINE.value)]


@pytest.mark.usefixtures("healthy")
def test_what_is_running_is_not_pruned_by_a_rollback(
    reconciler: Reconciler, ask: Ask, folder: Path, database: str
) -> None:
    write(folder, {"workflows/new.yaml": workflow_yaml("demo.new", 1)})
    _good(reconciler.reconcile(ask()))
    create_executions(database)
    run_execution(database, "demo.new", "running")
    for _ in range(2):
        blocked = reconciler.reconcile(_away(ask(rollback={"revision": 2})))
        assert blocked.failure
        assert blocked.failure.error.reason is Reason.PRUNE_BLOCKED
        assert "demo.new" in rows.definitions(database, "demo")
    told = column(database, "SELECT reason FROM attune_gitops.attempts ORDER BY id")
    assert told[3:] == ["PruneBlocked"]
    query(database, "UPDATE attune.workflow_execution SET status = 'completed'")
    back = _good(reconciler.reconcile(_away(ask(rollback={"revision": 2}))))
    assert back.restored
    assert "demo.new" not in rows.definitions(database, "demo")


_UNKNOWN = "Pack 'demo' has no revision 9 in its history; those that can be applied are 1 to 2."


def _lose_body(database: str) -> None:
    query(database, "DELETE FROM attune_gitops.bodies")


def _lose_all(database: str) -> None:
    query(database, "UPDATE attune_gitops.revisions SET refs = NULL, manifest = NULL")


@pytest.mark.usefixtures("healthy")
@pytest.mark.parametrize(
    ("spoil", "number", "said"),
    [
        (lambda _: None, 9, _UNKNOWN),
        (_lose_body, 1, "Revision 1 of pack 'demo' cannot be applied again: the content of demo."),
        (_lose_all, 1, "the content of all workflows is not recorded; none can be applied."),
    ],
)
def test_a_revision_that_is_not_there_writes_nothing(
    reconciler: Reconciler,
    ask: Ask,
    database: str,
    spoil: Callable[[str], None],
    number: int,
    said: str,
) -> None:
    spoil(database)
    before = _content(database)
    outcome = reconciler.reconcile(ask(rollback={"revision": number}))
    assert outcome.failure
    assert isinstance(outcome.failure.error, Stalled)
    assert outcome.failure.error.reason is Reason.REVISION_NOT_FOUND
    assert said in outcome.failure.error.message
    assert _content(database) == before


@pytest.mark.usefixtures("healthy")
@pytest.mark.parametrize("own", [False, True], ids=["no revision yet", "a revision of its own"])
def test_what_stood_under_a_ref_is_not_for_whoever_gets_it(
    reconciler: Reconciler, ask: Ask, folder: Path, database: str, *, own: bool
) -> None:
    reconciler.remove(Asker(MINE, 1, AskedBy.DELETION), DeletionPolicy.DELETE)
    theirs = Owner("other", "team-b", "demo")
    if own:
        _push(folder, tasks=3)
        _good(reconciler.reconcile(ask(theirs)))
    before = _content(database)
    outcome = reconciler.reconcile(ask(theirs, ref="demo", rollback=TO_FIRST))
    assert outcome.failure
    assert outcome.failure.error.reason is Reason.REVISION_NOT_FOUND
    kept = "those that can be applied are 3" if own else "none can be applied"
    assert kept in outcome.failure.error.message
    assert _content(database) == before

    adopting = replace(ask(theirs, ref="demo", rollback=TO_FIRST), heir_of=(MINE,))
    assert _good(reconciler.reconcile(adopting)).restored


def test_a_pack_that_has_applied_nothing_says_so(reconciler: Reconciler, ask: Ask) -> None:
    outcome = reconciler.reconcile(ask(rollback=TO_FIRST))
    assert outcome.failure
    assert outcome.failure.error.reason is Reason.REVISION_NOT_FOUND
    assert "has applied nothing yet" in outcome.failure.error.message


@pytest.mark.usefixtures("healthy")
def test_retention_leaves_what_was_rolled_back_to(
    reconciler: Reconciler, ask: Ask, folder: Path, database: str
) -> None:
    for tasks in (2, 3, 4):
        _push(folder, tasks)
        reconciler.reconcile(ask())
    asked = ask(rollback=TO_FIRST, historyLimit=2)
    reconciler.tidy(asked.spec, _good(reconciler.reconcile(asked)))
    assert [number for number, _ in _numbers(database)] == [1, 5, 6]


@pytest.mark.usefixtures("healthy")
def test_an_older_look_never_brings_back_what_has_ended(
    reconciler: Reconciler, ask: Ask, folder: Path, database: str
) -> None:
    """Another controller looked into the claim before the rollback ended, and comes late."""
    asked = ask(rollback=TO_FIRST, ref="demo")
    assert asked.spec.rollback
    reconciler.reconcile(asked)
    with Store(DatabaseSettings(database)) as store:
        late = to_return(asked, store.standing(MINE), asked.spec.rollback, store)
        late = replace(late, request=replace(late.request, fence=Fence(MINE, 10**9, 1)))
        _push(folder, tasks=3)
        _good(reconciler.reconcile(asked))
        before = _content(database)
        with pytest.raises(Waiting) as caught:
            restore(late, store, _untold)
    assert caught.value.reason is Reason.SUPERSEDED
    assert _content(database) == before


@pytest.mark.usefixtures("healthy")
def test_a_database_that_goes_away_meanwhile_is_no_fault_of_git(
    reconciler: Reconciler, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    back = _good(reconciler.reconcile(ask(rollback=TO_FIRST)))
    away = Transient(Reason.DATABASE_UNAVAILABLE, "It is away.")

    def refuse(_: Store) -> int:
        raise away

    monkeypatch.setattr(Store, "next_sequence", refuse)
    source = _Numbering(ask().source)
    asked = replace(ask(rollback=TO_FIRST, reported=str(back.held)), source=source)
    outcome = reconciler.reconcile(asked)
    assert outcome.hindrance is None
    assert outcome.failure
    assert (outcome.failure.stage, outcome.failure.error) == (Stage.SYNCED, away)


@dataclass(frozen=True, slots=True)
class _Numbering:
    """A source that draws a number before each look, as one with a remote does."""

    inner: Source

    def observe(self, look: Look) -> Observed:
        look.number()
        return self.inner.observe(look)

    def read(self, oids: Sequence[str]) -> Mapping[str, bytes]:
        return self.inner.read(oids)


def test_a_dry_run_plans_the_way_back_and_writes_nothing(
    reconciler: Reconciler, ask: Ask, folder: Path, database: str, healthy: list[object]
) -> None:
    before = row_versions(database)
    planned = _good(reconciler.reconcile(_away(_dry(ask(rollback=TO_FIRST)))))
    assert planned.planned
    assert (planned.planned.count(Kind.CREATE), planned.planned.count(Kind.UPDATE)) == (1, 1)
    assert planned.restored
    assert row_versions(database) == before

    back = _good(reconciler.reconcile(ask(rollback=TO_FIRST)))
    before = row_versions(database)
    held = _good(reconciler.reconcile(_dry(ask(rollback=TO_FIRST))))
    assert held.planned
    assert (held.held, held.planned.writes) == (back.held, False)
    _push(folder, tasks=3)
    ahead = _good(reconciler.reconcile(_dry(ask(rollback=TO_FIRST))))
    assert ahead.planned
    assert (ahead.restored, ahead.planned.writes) == (None, True)
    assert row_versions(database) == before
    assert _content(database) == healthy


def _untold(done: Restoration) -> Attempt:
    raise AssertionError(done)
