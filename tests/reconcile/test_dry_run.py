"""A dry run plans what the sync then does, and writes nothing at all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from controller.errors import Reason, Waiting
from controller.pack.outcome import Outcome
from controller.pack.planned import Kind, Planned
from controller.pack.tree import Revision
from controller.reconcile import Reconciler
from hack.packrepo import workflow_yaml
from tests.reconcile.conftest import THEIRS, Ask, write
from tests.store.make import column, query, row_versions


def _rehearse(reconciler: Reconciler, ask: Ask, **spec: object) -> Outcome:
    return reconciler.reconcile(replace(ask(**spec), dry_run=True))


def _planned(outcome: Outcome) -> Planned:
    assert outcome.failure is None
    assert outcome.planned
    return outcome.planned


def test_it_plans_the_sync_and_writes_nothing(
    reconciler: Reconciler, ask: Ask, database: str, folder: Path, steps: list[str]
) -> None:
    reconciler.reconcile(ask())
    changed = {
        "workflows/workflow_001.yaml": None,
        "workflows/workflow_003.yaml": workflow_yaml("demo.workflow_003", 2),
    }
    write(folder, changed)
    query(database, "DELETE FROM attune.action WHERE ref = 'demo.workflow_002'")
    before = row_versions(database)
    drawn = column(database, "SELECT last_value FROM attune_gitops.sync_sequence")
    steps.clear()

    planned = _planned(_rehearse(reconciler, ask))

    assert steps[-1] == "rehearse"
    assert row_versions(database) == before
    assert column(database, "SELECT last_value FROM attune_gitops.sync_sequence") == drawn
    done = reconciler.reconcile(ask()).applied
    assert done
    assert [step.kind for step in planned.steps] == [Kind.PRUNE, Kind.UPDATE, Kind.CREATE]
    assert [step.drifted for step in planned.steps] == [False, True, False]
    assert (done.pruned, done.updated, done.created) == (1, 1, 1)
    assert not _planned(_rehearse(reconciler, ask)).writes


def test_it_waits_for_no_other_pack(reconciler: Reconciler, ask: Ask) -> None:
    def later(revision: Revision) -> None:
        raise Waiting(Reason.DEPENDENCY_NOT_READY, f"{revision} waits for another Pack.")

    asked = replace(ask(), check_turn=later)
    assert reconciler.reconcile(asked).failure
    assert _planned(reconciler.reconcile(replace(asked, dry_run=True))).count(Kind.CREATE) == 2


def test_a_refusal_is_told_and_kept_nowhere(
    reconciler: Reconciler, ask: Ask, database: str
) -> None:
    reconciler.reconcile(ask())
    before = row_versions(database)
    failure = reconciler.reconcile(replace(ask(THEIRS), dry_run=True)).failure
    assert failure
    assert failure.error.reason is Reason.REF_CONFLICT
    assert row_versions(database) == before
