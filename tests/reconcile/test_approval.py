"""What waits for a person's word, what has it, and what needs none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from controller.errors import Reason
from controller.pack.identity import AskedBy
from controller.pack.outcome import Outcome
from controller.pack.planned import Kind
from controller.pack.tree import Revision
from controller.reconcile import Asked, Reconciler
from hack.packrepo import workflow_yaml
from tests.e2e import rows
from tests.reconcile.conftest import THEIRS, Ask, write
from tests.store.by_hand import create_executions, run_execution
from tests.store.make import column, query, row_versions

FILE = "workflows/workflow_002.yaml"


def _manual(ask: Ask, approved: object = "", **spec: object) -> Asked:
    return replace(ask(activation="Manual", **spec), approved=str(approved))


def _push(folder: Path, tasks: int) -> None:
    write(folder, {FILE: workflow_yaml("demo.workflow_002", tasks)})


def _waits(outcome: Outcome) -> Revision:
    assert outcome.failure is None, outcome.failure
    assert outcome.approval
    assert outcome.revision
    return outcome.revision


def _asked_by(database: str) -> list[str]:
    return column(database, "SELECT asked_by FROM attune_gitops.revisions ORDER BY number")


@pytest.fixture
def first(reconciler: Reconciler, ask: Ask) -> Revision:
    """The first revision, approved and applied."""
    waiting = _waits(reconciler.reconcile(_manual(ask)))
    done = reconciler.reconcile(_manual(ask, waiting))
    assert done.applied
    assert (done.approval, done.held) == (None, waiting)
    return waiting


def test_the_first_revision_waits_and_nothing_is_written(
    reconciler: Reconciler, ask: Ask, database: str
) -> None:
    with_tables = reconciler.reconcile(replace(_manual(ask), dry_run=True))
    assert with_tables.approval is None
    before = row_versions(database)
    waiting = reconciler.reconcile(_manual(ask))
    assert _waits(waiting)
    assert waiting.planned
    assert (waiting.planned.count(Kind.CREATE), waiting.planned.pack_changes) == (2, True)
    assert row_versions(database) == before


@pytest.mark.parametrize("form", ["{0}", "sha1:{0.commit}", "{0.commit}", " {0} "])
def test_the_approved_revision_is_applied(
    reconciler: Reconciler, ask: Ask, database: str, form: str
) -> None:
    waiting = _waits(reconciler.reconcile(_manual(ask)))
    done = reconciler.reconcile(_manual(ask, form.format(waiting)))
    assert done.applied
    assert done.applied.created == 2
    assert _asked_by(database) == [AskedBy.APPROVAL.value]
    assert column(database, "SELECT asked_by FROM attune_gitops.attempts") == [
        AskedBy.APPROVAL.value
    ]


def test_who_approved_it_is_kept_with_the_attempt(
    reconciler: Reconciler, ask: Ask, database: str
) -> None:
    waiting = _waits(reconciler.reconcile(_manual(ask)))
    named = replace(_manual(ask, waiting), approver="jane@example.com")
    assert reconciler.reconcile(named).approver == "jane@example.com"
    [message] = column(database, "SELECT message FROM attune_gitops.attempts")
    assert message.endswith("Approved by jane@example.com.")
    assert reconciler.reconcile(named).approver == ""


def test_an_approval_of_another_revision_applies_nothing(
    reconciler: Reconciler, ask: Ask, folder: Path, database: str, first: Revision
) -> None:
    _push(folder, 3)
    second = _waits(reconciler.reconcile(_manual(ask, first)))
    _push(folder, 4)
    before = row_versions(database)
    for given, said in ((first, ""), (second, str(second)), ("main@sha1:12", "main@sha1:12")):
        waiting = reconciler.reconcile(_manual(ask, given))
        assert _waits(waiting) != second
        assert waiting.approval
        assert waiting.approval.given == said
    assert row_versions(database) == before


@pytest.mark.usefixtures("first")
def test_what_was_applied_needs_no_word_again(
    reconciler: Reconciler, ask: Ask, database: str
) -> None:
    query(database, "UPDATE attune.action SET label = 'x'")
    done = reconciler.reconcile(_manual(ask))
    assert done.drift
    assert (done.approval, done.drift.corrected) == (None, 2)


def test_drift_is_put_right_while_the_next_one_waits(
    reconciler: Reconciler, ask: Ask, folder: Path, database: str, first: Revision
) -> None:
    healthy = rows.actions(database, "demo")["demo.workflow_002"]["label"]
    _push(folder, 3)
    query(database, "UPDATE attune.action SET label = 'x'")
    waiting = reconciler.reconcile(_manual(ask, first))
    assert _waits(waiting) != first
    assert waiting.drift
    assert waiting.drift.corrected == 2
    assert waiting.planned
    assert waiting.planned.count(Kind.UPDATE) == 1
    assert rows.actions(database, "demo")["demo.workflow_002"]["label"] == healthy
    assert column(database, "SELECT commit FROM attune_gitops.claims") == [first.commit]
    before = row_versions(database)
    assert _waits(reconciler.reconcile(_manual(ask, first))) != first
    assert row_versions(database) == before


@pytest.mark.usefixtures("first")
def test_a_commit_that_changes_no_row_needs_no_word(
    reconciler: Reconciler, ask: Ask, folder: Path, database: str
) -> None:
    write(folder, {"actions/notes.txt": "Nothing to be stored."})
    done = reconciler.reconcile(_manual(ask))
    assert done.approval is None
    assert done.revision
    assert column(database, "SELECT commit FROM attune_gitops.claims") == [done.revision.commit]


@pytest.mark.usefixtures("first")
def test_automatic_again_it_applies_what_waits(
    reconciler: Reconciler, ask: Ask, folder: Path, database: str
) -> None:
    _push(folder, 3)
    _waits(reconciler.reconcile(_manual(ask)))
    done = reconciler.reconcile(ask())
    assert done.applied
    assert (done.approval, done.applied.updated) == (None, 1)
    assert _asked_by(database)[1:] == [AskedBy.COMMAND_LINE.value]


@pytest.mark.usefixtures("first")
def test_a_rollback_needs_no_word_but_the_next_commit_does(
    reconciler: Reconciler, ask: Ask, folder: Path, database: str
) -> None:
    back_to = {"rollback": {"revision": 1}}
    _push(folder, 3)
    reconciler.reconcile(_manual(ask, _waits(reconciler.reconcile(_manual(ask)))))
    back = reconciler.reconcile(_manual(ask, **back_to))
    assert back.restored
    _push(folder, 4)
    before = row_versions(database)
    held = reconciler.reconcile(_manual(ask, **back_to))
    third = _waits(held)
    assert held.restored
    assert row_versions(database) == before
    on = reconciler.reconcile(_manual(ask, third, **back_to))
    assert on.ended
    assert (on.approval, on.restored, on.held) == (None, None, third)


def test_what_would_be_refused_says_so_before_it_is_approved(
    reconciler: Reconciler, ask: Ask, folder: Path
) -> None:
    write(folder, {FILE: "tasks: 1\n"})
    refused = reconciler.reconcile(_manual(ask))
    assert refused.failure
    assert refused.failure.error.reason is Reason.VALIDATION_FAILED
    _push(folder, 2)
    reconciler.reconcile(ask(THEIRS))
    owned = reconciler.reconcile(_manual(ask))
    assert owned.failure
    assert owned.failure.error.reason is Reason.REF_CONFLICT


@pytest.mark.usefixtures("first")
def test_a_removal_that_waits_for_executions_waits_for_a_word_first(
    reconciler: Reconciler, ask: Ask, folder: Path, database: str
) -> None:
    create_executions(database)
    run_execution(database, "demo.workflow_002", "running")
    (folder / FILE).unlink()
    waiting = reconciler.reconcile(_manual(ask))
    assert _waits(waiting)
    assert waiting.planned
    assert waiting.planned.count(Kind.BLOCKED) == 1
    query(database, "UPDATE attune.workflow_execution SET status = 'completed'")
    waiting = reconciler.reconcile(_manual(ask))
    assert _waits(waiting)
    assert "demo.workflow_002" in rows.definitions(database, "demo")
    done = reconciler.reconcile(_manual(ask, waiting.revision))
    assert done.applied
    assert done.applied.pruned == 1


@pytest.mark.usefixtures("first")
def test_a_commit_with_an_invalid_file_waits_though_it_changes_no_row_yet(
    reconciler: Reconciler, ask: Ask, folder: Path, database: str
) -> None:
    write(folder, {"workflows/new.yaml": workflow_yaml("demo.new", 0)})
    before = row_versions(database)
    waiting = reconciler.reconcile(_manual(ask, validation={"onInvalid": "Skip"}))
    assert _waits(waiting)
    assert waiting.planned
    assert not waiting.planned.writes
    assert row_versions(database) == before
