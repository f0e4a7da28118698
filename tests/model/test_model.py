"""Whatever happens, the database holds what a few plain dicts say that it must."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from controller.store import DatabaseSettings, Store
from tests.model.machine import Machine
from tests.model.world import World

_MORE = int(os.environ.get("MODEL_RUNS", "0"))
_STEPS = 50


@pytest.mark.parametrize(
    ("runs", "with_git"), [pytest.param(120, False, id="memory"), pytest.param(10, True, id="git")]
)
def test_a_database_that_much_happens_to(
    database: str, tmp_path: Path, runs: int, with_git: bool
) -> None:
    """The same deeds every time, unless MODEL_RUNS asks for so many new ones: see README.md."""
    with Store(DatabaseSettings(database)) as store:
        store.migrate()
    chosen = settings(
        max_examples=_MORE or runs,
        stateful_step_count=_STEPS,
        derandomize=not _MORE,
        deadline=None,
        database=None,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    with World(database, tmp_path if with_git else None) as here:

        class Life(Machine):
            world = here

        run_state_machine_as_test(Life, settings=chosen)
    assert here.looks > 10 * runs
