"""What a pack needs of other packs: it waits for them, and its rows stay meanwhile."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from controller.errors import Waiting
from controller.pack.diagnostic import Level
from controller.pack.outcome import Outcome
from controller.pack.spec import ValidationSpec
from controller.reconcile import Reconciler, check
from controller.store import DatabaseSettings, Store
from controller.validate import Memo
from hack.packrepo import pack, pack_yaml
from tests.e2e import rows
from tests.e2e.attune import install_pack
from tests.reconcile.conftest import Ask, write
from tests.store.make import query


def _needing(*dependencies: str) -> dict[str, str | None]:
    listed = "".join(f'  - "{one}"\n' for one in dependencies)
    return {"pack.yaml": f"{pack_yaml('demo')}dependencies:\n{listed}"}


def _failure(outcome: Outcome) -> tuple[str, str]:
    assert outcome.failure
    assert isinstance(outcome.failure.error, Waiting)
    return outcome.failure.stage.value, outcome.failure.error.reason.value


WAITS = ("Synced", "DependencyNotReady")


def _install(database: str, ref: str, version: str = "1.4.0") -> None:
    install_pack(database, ref)
    query(database, "UPDATE attune.pack SET version = %(v)s WHERE ref = %(r)s",
          {"v": version, "r": ref})  # fmt: skip


@pytest.fixture(autouse=True)
def _prepared(reconciler: Reconciler, ask: Ask) -> None:
    """A database with the pack as it was before it needed anything."""
    assert reconciler.reconcile(ask()).failure is None


def test_it_waits_for_what_is_missing_and_goes_on_when_it_comes(
    reconciler: Reconciler, ask: Ask, folder: Path, database: str
) -> None:
    before = rows.everything(database, "demo")
    write(folder, {**_needing("core>=1", "ui"), "workflows/workflow_001.yaml": None})

    outcome = reconciler.reconcile(ask())

    assert _failure(outcome) == WAITS
    assert outcome.failure
    said = str(outcome.failure.error)
    assert "needs `core>=1`, and the database has no such pack" in said
    assert "`ui`" in said
    assert outcome.awaited.needed == {"core", "ui"}
    assert rows.everything(database, "demo") == before

    _install(database, "core")
    assert reconciler.reconcile(ask()).awaited.needed == {"ui"}
    _install(database, "ui")
    done = reconciler.reconcile(ask())
    assert done.failure is None
    assert not done.awaited.needed
    assert list(rows.definitions(database, "demo")) == ["demo.workflow_002"]


def test_it_waits_for_a_version_that_will_do(
    reconciler: Reconciler, ask: Ask, folder: Path, database: str
) -> None:
    _install(database, "core", "1.4.0")
    write(folder, _needing("core>=2,<3"))
    outcome = reconciler.reconcile(ask())
    assert _failure(outcome) == WAITS
    assert outcome.failure
    assert "needs `core>=2,<3`, and the database has version 1.4.0" in str(outcome.failure.error)
    query(database, "UPDATE attune.pack SET version = '2.1.0' WHERE ref = 'core'")
    assert reconciler.reconcile(ask()).failure is None


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM attune.pack WHERE ref = 'core'",
        "UPDATE attune.pack SET version = '3.0.0' WHERE ref = 'core'",
    ],
)
def test_what_goes_later_is_reported_and_the_rows_stay(
    reconciler: Reconciler, ask: Ask, folder: Path, database: str, change: str
) -> None:
    _install(database, "core")
    write(folder, _needing("core<2"))
    first = reconciler.reconcile(ask())
    held = rows.everything(database, "demo")
    reported = str(first.revision)
    assert reconciler.reconcile(ask(reported=reported)).verified_unchanged

    query(database, change)

    assert _failure(reconciler.reconcile(ask(reported=reported))) == WAITS
    assert rows.everything(database, "demo") == held


def test_what_is_wrong_with_the_files_is_told_first(
    reconciler: Reconciler, ask: Ask, folder: Path
) -> None:
    write(folder, {**_needing("core"), "workflows/workflow_001.yaml": "version: 1\n"})
    outcome = reconciler.reconcile(ask())
    assert outcome.failure
    assert outcome.failure.error.reason.value == "ValidationFailed"
    lenient = ValidationSpec.model_validate({"onInvalid": "Skip"})
    assert _failure(reconciler.reconcile(ask(validation=lenient))) == WAITS


def test_the_operator_may_not_care(reconciler: Reconciler, ask: Ask, folder: Path) -> None:
    write(folder, _needing("core"))
    outcome = reconciler.reconcile(
        ask(validation=ValidationSpec(severities={"ATT607": Level.WARN}))
    )
    assert outcome.failure is None
    assert outcome.awaited.packs == outcome.awaited.called == {"core"}


def test_a_check_with_a_database_tells_it_too(ask: Ask, folder: Path, database: str) -> None:
    write(folder, _needing("core"))
    with Store(DatabaseSettings(database)) as store:
        assert _failure(check(ask(), Memo(), store).outcome) == WAITS
    assert check(ask(), Memo()).outcome.failure is None


def test_packs_that_need_each_other_do_not_wait_for_ever(
    reconciler: Reconciler, ask: Ask, folder: Path
) -> None:
    write(folder, _needing("ui"))
    asked = ask()
    assert _failure(reconciler.reconcile(asked)) == WAITS
    broken = reconciler.reconcile(replace(asked, waiting={"ui": frozenset({"demo"})}))
    assert broken.failure is None
    assert broken.findings
    assert [one.rule.code for one in broken.findings.diagnostics if "circle" in one.message] == [
        "ATT608"
    ]


def test_actions_that_are_missing_name_their_packs(
    reconciler: Reconciler, ask: Ask, folder: Path
) -> None:
    text = 'version: "1.0.0"\ntasks: [{name: a, action: ui.show}, {name: b, action: demo.other}]\n'
    write(folder, {**pack("demo", 1), "workflows/other.yaml": text.replace("demo.other", "ui.b")})
    assert reconciler.reconcile(ask()).awaited.called == {"ui", "core"}
