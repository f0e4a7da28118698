"""When rows that others changed make a reconcile go on, and when there is nothing new in them."""

from __future__ import annotations

import pytest

from controller.pack.drift import Drift
from controller.pack.outcome import Outcome
from controller.reconcile import Reconciler
from tests.e2e import rows
from tests.reconcile.conftest import Ask
from tests.store.make import query

_LOOK = ["prepare", "roll_back", "fetch", "pass_over", "compare"]


def _damage(database: str, label: str) -> None:
    query(
        database,
        "UPDATE attune.action SET label = %(label)s WHERE ref = 'demo.workflow_001'",
        {"label": label},
    )


def _drift(outcome: Outcome) -> Drift:
    assert outcome.failure is None
    assert outcome.drift
    return outcome.drift


def test_corrected_drift_is_done_with_in_one_reconcile(
    reconciler: Reconciler, ask: Ask, database: str, steps: list[str]
) -> None:
    reported = str(reconciler.reconcile(ask()).revision)
    healthy = rows.actions(database, "demo")["demo.workflow_001"]["label"]
    _damage(database, "x")
    assert _drift(reconciler.reconcile(ask(reported=reported))).corrected == 1
    assert rows.actions(database, "demo")["demo.workflow_001"]["label"] == healthy
    steps.clear()
    assert reconciler.reconcile(ask(reported=reported)).verified_unchanged
    assert steps == _LOOK


def test_reported_drift_is_looked_into_once_for_each_state(
    reconciler: Reconciler, ask: Ask, database: str, steps: list[str]
) -> None:
    first = reconciler.reconcile(ask(driftPolicy="Warn"))
    told = {"driftPolicy": "Warn", "reported": str(first.revision)}
    digests = [_drift(first).digest]
    for label in ("x", "y"):
        _damage(database, label)
        digests.append(_drift(reconciler.reconcile(ask(**told, drift=digests[-1]))).digest)
        before = rows.everything(database, "demo")
        steps.clear()
        again = reconciler.reconcile(ask(**told, drift=digests[-1]))
        assert (again.verified_unchanged, again.drift) == (True, None)
        assert steps == _LOOK
        assert rows.everything(database, "demo") == before
    assert len(set(digests)) == 3
    assert rows.actions(database, "demo")["demo.workflow_001"]["label"] == "y"


@pytest.mark.parametrize("policy", ["Correct", "Warn"])
def test_a_status_that_tells_of_drift_which_is_gone_is_put_right(
    reconciler: Reconciler, ask: Ask, policy: str
) -> None:
    first = reconciler.reconcile(ask(driftPolicy=policy))
    stale = ask(driftPolicy=policy, reported=str(first.revision), drift="of old")
    assert _drift(reconciler.reconcile(stale)) == Drift()


def test_ignored_drift_is_not_even_looked_for(
    reconciler: Reconciler, ask: Ask, database: str, steps: list[str]
) -> None:
    first = reconciler.reconcile(ask(driftPolicy="Ignore"))
    _damage(database, "x")
    steps.clear()
    again = reconciler.reconcile(ask(driftPolicy="Ignore", reported=str(first.revision)))
    assert (again.verified_unchanged, again.watches_drift) == (True, False)
    assert steps == _LOOK
