"""What severities do to the rows: who raises a warning keeps workflows out, who lowers an error."""

from __future__ import annotations

from pathlib import Path

import pytest

from controller.pack.outcome import Outcome
from controller.pack.verdict import Verdict
from controller.reconcile import Reconciler
from hack.packrepo import workflow_yaml
from tests.e2e import rows
from tests.reconcile.conftest import Ask, write

FIRST = "workflows/workflow_001.yaml"
SECOND = "workflows/workflow_002.yaml"
THIRD = "workflows/workflow_003.yaml"

BRANCHING = """\
version: "1.0.0"
tasks:
  - {name: a, action: core.echo, decision: [{next: b}]}
  - {name: b, action: core.echo}
"""
"""A decision branch without a condition: ATT311, an error that is adjustable."""


def _odd(number: int, tasks: int) -> str:
    """A workflow with a field that Attune does not know: ATT206, a warning."""
    return workflow_yaml(f"demo.workflow_{number:03}", tasks, odd=1)


def _validation(on_invalid: str = "Block", **severities: str) -> dict[str, object]:
    return {"validation": {"onInvalid": on_invalid, "severities": severities}}


def _reason(outcome: Outcome) -> str:
    return outcome.failure.error.reason.value if outcome.failure else ""


def _tasks(database: str) -> dict[str, int]:
    """How many tasks each workflow has in the database, by the last part of its ref."""
    found = rows.definitions(database, "demo")
    return {ref[-3:]: len(row["definition"]["tasks"]) for ref, row in found.items()}


def test_a_new_severity_takes_effect_at_the_same_commit(
    reconciler: Reconciler, ask: Ask, folder: Path, steps: list[str]
) -> None:
    write(folder, {FIRST: _odd(1, 3)})
    reported = str(reconciler.reconcile(ask()).revision)
    assert reconciler.reconcile(ask(reported=reported)).verified_unchanged

    steps.clear()
    refused = reconciler.reconcile(ask(reported=reported, **_validation(ATT206="Error")))

    assert _reason(refused) == "ValidationFailed"
    assert "validate" in steps


INPUTS: dict[str, dict[str, object]] = {
    "severity": {"severities": {"ATT206": "Error"}},
    "another level": {"severities": {"ATT206": "Ignore"}},
    "two severities": {"severities": {"ATT206": "Error", "ATT212": "Error"}},
    "unknown actions": {"unknownActions": "Error"},
}


def test_each_severity_is_another_input(ask: Ask) -> None:
    inputs = {ask(validation=one).inputs() for one in INPUTS.values()}
    assert len(inputs | {ask().inputs()}) == len(INPUTS) + 1


def test_the_order_of_severities_is_no_new_input(ask: Ask) -> None:
    there, back = {"ATT206": "Error", "ATT212": "Warn"}, {"ATT212": "Warn", "ATT206": "Error"}
    one, other = (ask(validation={"severities": order}).inputs() for order in (there, back))
    assert one == other


def test_other_keys_that_verified_it_are_a_new_input(ask: Ask) -> None:
    verdicts = [None, *(Verdict(None, None, policy) for policy in ("one", "two"))]
    assert len({ask().inputs(verdict) for verdict in verdicts}) == len(verdicts)


@pytest.mark.parametrize(
    ("on_invalid", "reason", "tasks"),
    [
        ("Block", "ValidationFailed", {"001": 8, "002": 8}),
        ("Skip", "PartiallySynced", {"001": 3, "002": 8}),
    ],
)
def test_nothing_is_stored_of_a_workflow_whose_warning_is_raised(
    reconciler: Reconciler,
    ask: Ask,
    folder: Path,
    database: str,
    on_invalid: str,
    reason: str,
    tasks: dict[str, int],
) -> None:
    """With Skip its last good version stays, and one that never had any does not come."""
    reconciler.reconcile(ask())
    write(folder, {FIRST: workflow_yaml("demo.workflow_001", 3), SECOND: _odd(2, 3)})
    write(folder, {THIRD: _odd(3, 3)})

    strict = reconciler.reconcile(ask(**_validation(on_invalid, ATT206="Error")))

    assert _reason(strict) == reason
    assert _tasks(database) == tasks
    assert reconciler.reconcile(ask()).failure is None
    assert _tasks(database) == {"001": 3, "002": 3, "003": 3}


LOWERED: dict[str, tuple[dict[str, str | None], dict[str, object]]] = {
    "by the Pack": ({SECOND: BRANCHING}, _validation(ATT311="Warn")),
    "by packctl.toml": (
        {SECOND: BRANCHING, "packctl.toml": '[severities]\nATT311 = "Warn"\n'},
        {},
    ),
    "by a comment": ({SECOND: f"{BRANCHING}# attune: ignore-file[ATT311]\n"}, {}),
}


@pytest.mark.parametrize(("files", "spec"), LOWERED.values(), ids=LOWERED.keys())
def test_a_lowered_error_keeps_nothing_out(
    reconciler: Reconciler,
    ask: Ask,
    folder: Path,
    database: str,
    files: dict[str, str | None],
    spec: dict[str, object],
) -> None:
    write(folder, {SECOND: BRANCHING})
    assert _reason(reconciler.reconcile(ask())) == "ValidationFailed"

    write(folder, files)
    assert reconciler.reconcile(ask(**spec)).failure is None

    stored = rows.definitions(database, "demo")["demo.workflow_002"]["definition"]
    assert stored["tasks"][0]["next"] == [{"do": ["b"]}]


@pytest.mark.parametrize(
    ("on_invalid", "reason", "tasks"),
    [
        ("Block", "ValidationFailed", {"001": 8, "002": 8}),
        ("Skip", "PartiallySynced", {"001": 3, "002": 8, "003": 3}),
    ],
)
def test_broken_settings_are_never_passed_over(
    reconciler: Reconciler,
    ask: Ask,
    folder: Path,
    database: str,
    on_invalid: str,
    reason: str,
    tasks: dict[str, int],
) -> None:
    """With Skip all applies that needs no settings; what they had let through stays as it was."""
    reconciler.reconcile(ask())
    write(folder, {FIRST: workflow_yaml("demo.workflow_001", 3), SECOND: BRANCHING})
    write(folder, {THIRD: _odd(3, 3), "packctl.toml": '[severities]\nATT311 = "Warn\n'})

    broken = reconciler.reconcile(ask(**_validation(on_invalid)))

    assert _reason(broken) == reason
    assert "packctl.toml:2:15 ATT011" in str(broken.failure and broken.failure.error)
    assert _tasks(database) == tasks

    write(folder, {"packctl.toml": '[severities]\nATT311 = "Warn"\n'})
    assert reconciler.reconcile(ask(**_validation(on_invalid))).failure is None
    assert _tasks(database) == {"001": 3, "002": 2, "003": 3}


def test_broken_settings_alone_are_told_with_skip(
    reconciler: Reconciler, ask: Ask, folder: Path, database: str
) -> None:
    write(folder, {"packctl.toml": "[other]\n"})
    told = reconciler.reconcile(ask(**_validation("Skip")))
    assert _reason(told) == "PartiallySynced"
    assert "2 workflows applied, 0 invalid; 1 error: packctl.toml:1:2 ATT011" in str(
        told.failure and told.failure.error
    )
    assert _tasks(database) == {"001": 8, "002": 8}
