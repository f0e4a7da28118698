"""The reconcile itself: a folder into a real database, without Kubernetes and without Git."""

from __future__ import annotations

from pathlib import Path

import pytest

from controller.errors import Stage
from controller.pack.identity import AskedBy
from controller.pack.outcome import Outcome
from controller.pack.spec import DeletionPolicy
from controller.reconcile import STEPS, Asker, Reconciler, check
from controller.validate import Memo
from hack.packrepo import pack
from tests.e2e import rows
from tests.reconcile.conftest import MINE, THEIRS, Ask, write


def _failure(outcome: Outcome) -> tuple[str, str]:
    assert outcome.failure
    return outcome.failure.stage.value, outcome.failure.error.reason.value


def test_all_steps_lead_from_the_folder_to_the_rows(
    reconciler: Reconciler, ask: Ask, steps: list[str], database: str
) -> None:
    outcome = reconciler.reconcile(ask())

    assert outcome.failure is None
    assert outcome.applied
    assert (outcome.applied.created, outcome.applied.wrote) == (2, True)
    assert steps == [step.__name__ for step in STEPS]
    assert [step.name for step in outcome.steps] == steps
    assert sum(step.seconds for step in outcome.steps) <= outcome.seconds
    assert list(rows.definitions(database, "demo")) == ["demo.workflow_001", "demo.workflow_002"]


def test_the_same_again_writes_nothing(reconciler: Reconciler, ask: Ask, database: str) -> None:
    reconciler.reconcile(ask())
    before = rows.everything(database, "demo")

    again = reconciler.reconcile(ask())

    assert again.applied
    assert (again.applied.unchanged, again.applied.wrote) == (2, False)
    assert rows.everything(database, "demo") == before


def test_what_was_reported_and_is_intact_is_not_even_parsed(
    reconciler: Reconciler, ask: Ask, steps: list[str]
) -> None:
    first = reconciler.reconcile(ask())
    steps.clear()

    again = reconciler.reconcile(ask(reported=str(first.revision)))

    assert again.verified_unchanged
    assert steps == ["prepare", "roll_back", "fetch", "pass_over", "compare"]


def test_a_step_that_fails_is_timed_as_well(
    reconciler: Reconciler, ask: Ask, folder: Path, steps: list[str]
) -> None:
    (folder / "pack.yaml").unlink()

    outcome = reconciler.reconcile(ask())

    assert outcome.failure
    assert [step.name for step in outcome.steps] == [*steps, "judge"]


CHANGES: dict[str, tuple[dict[str, str | None], dict[str, object], tuple[str, str]]] = {
    "no pack.yaml": ({"pack.yaml": None}, {}, ("Validated", "PackInvalid")),
    "another pack": ({**pack("other", 2)}, {}, ("Synced", "RefConflict")),
    "not the ref that is asked for": ({}, {"ref": "other"}, ("Validated", "PackInvalid")),
    "a broken workflow": (
        {"workflows/workflow_001.yaml": "ref: demo.workflow_001\n"},
        {},
        ("Validated", "ValidationFailed"),
    ),
    "a broken workflow beside good ones": (
        {"workflows/workflow_001.yaml": "ref: demo.workflow_001\n"},
        {"validation": {"onInvalid": "Skip"}},
        ("Synced", "PartiallySynced"),
    ),
    "no workflow at all": (
        {"workflows/workflow_001.yaml": None, "workflows/workflow_002.yaml": None},
        {},
        ("Synced", "EmptyPack"),
    ),
}


@pytest.mark.parametrize(("files", "spec", "failure"), CHANGES.values(), ids=CHANGES.keys())
def test_a_bad_change_leaves_the_rows_and_passes_by_itself(
    reconciler: Reconciler,
    ask: Ask,
    folder: Path,
    database: str,
    files: dict[str, str | None],
    spec: dict[str, object],
    failure: tuple[str, str],
) -> None:
    reconciler.reconcile(ask())
    before = rows.everything(database, "demo")

    write(folder, files)
    assert _failure(reconciler.reconcile(ask(**spec))) == failure
    assert rows.everything(database, "demo") == before

    write(folder, pack("demo", 2))
    assert reconciler.reconcile(ask()).failure is None
    assert rows.everything(database, "demo") == before


def test_two_packs_of_one_ref_are_one_too_many(
    reconciler: Reconciler, ask: Ask, database: str
) -> None:
    reconciler.reconcile(ask())
    before = rows.everything(database, "demo")

    refused = reconciler.reconcile(ask(THEIRS))

    assert _failure(refused) == ("Synced", "RefConflict")
    assert "team-a/demo" in str(refused.failure and refused.failure.error)
    assert rows.everything(database, "demo") == before
    reconciler.remove(Asker(MINE, 1, AskedBy.DELETION), DeletionPolicy.DELETE)
    assert reconciler.reconcile(ask(THEIRS)).failure is None


@pytest.mark.parametrize(("policy", "left"), [("Delete", 0), ("Retain", 2)])
def test_removal_follows_the_policy(
    reconciler: Reconciler, ask: Ask, database: str, policy: str, left: int
) -> None:
    reconciler.reconcile(ask())
    for _ in range(2):  # the second one finds nothing to do
        reconciler.remove(Asker(MINE, 1, AskedBy.DELETION), DeletionPolicy(policy))
    assert len(rows.definitions(database, "demo")) == left


def test_checking_alone_needs_no_database(ask: Ask, folder: Path) -> None:
    assert check(ask(), Memo()).outcome.failure is None
    write(folder, {"workflows/workflow_001.yaml": "["})
    refused = check(ask(), Memo()).outcome
    assert refused.failure
    assert refused.failure.stage is Stage.VALIDATED
    assert refused.applied is None
