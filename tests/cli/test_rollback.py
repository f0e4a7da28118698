"""`packctl rollback` of a pack that packctl sync has applied."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from controller.cli import app
from controller.store import DatabaseSettings, Store
from hack.packrepo import pack, workflow_yaml
from tests.cli.conftest import write
from tests.e2e import rows
from tests.store.make import TEAM_A, query, request, row_versions, workflows

Packctl = Callable[..., Result]


@pytest.fixture
def packctl(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Packctl:
    """Run packctl where `demo` was synced twice."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PACKCTL_DATABASE_URL", database)

    def run(*arguments: str, code: int = 0) -> Result:
        done = CliRunner().invoke(app, list(arguments))
        assert done.exit_code == code, done.output
        return done

    write(tmp_path / "demo", pack("demo", 2))
    run("sync", "demo")
    (tmp_path / "demo/workflows/workflow_001.yaml").unlink()
    write(tmp_path / "demo", {"workflows/workflow_002.yaml": workflow_yaml("demo.workflow_002", 3)})
    run("sync", "demo")
    return run


def test_the_revision_before_is_applied_again(packctl: Packctl, database: str) -> None:
    said = packctl("rollback", "demo").output
    assert said.startswith("✓ Rolled back to revision 1 (")
    assert said.endswith("1 created, 1 updated.\n")
    assert sorted(rows.definitions(database, "demo")) == ["demo.workflow_001", "demo.workflow_002"]
    numbers = query(database, "SELECT number, asked_by FROM attune_gitops.revisions")
    assert numbers[-1] == {"number": 3, "asked_by": "rollback"}

    again = packctl("rollback", "demo", "1").output
    assert again.endswith("nothing to do.\n")
    packctl("sync", "demo")
    assert sorted(rows.definitions(database, "demo")) == ["demo.workflow_002"]


def test_its_json_names_the_new_revision(packctl: Packctl) -> None:
    told = json.loads(packctl("rollback", "demo", "latest~1", "-o", "json").output)
    assert (told["rolledBackTo"], told["number"]) == (1, 3)


def test_a_dry_run_shows_the_plan_and_writes_nothing(packctl: Packctl, database: str) -> None:
    before = row_versions(database)
    drawn = query(database, "SELECT last_value FROM attune_gitops.sync_sequence")
    said = packctl("rollback", "demo", "--dry-run").output
    assert query(database, "SELECT last_value FROM attune_gitops.sync_sequence") == drawn
    assert "demo.workflow_001" in said
    assert json.loads(packctl("rollback", "demo", "1", "--dry-run", "-o", "json").output)
    assert row_versions(database) == before


def test_what_is_not_there_is_named(packctl: Packctl) -> None:
    assert "has no revision 9 yet" in packctl("rollback", "demo", "9", code=2).output
    assert "names no revision" in packctl("rollback", "demo", "yesterday", code=2).output
    assert "give -n" in packctl("rollback", "demo", "--undo", code=2).output
    assert "is no duration" in packctl("rollback", "demo", "--timeout", "soon", code=2).output


def test_the_pack_of_a_resource_is_left_to_its_controller(packctl: Packctl, database: str) -> None:
    with Store(DatabaseSettings(database)) as store:
        store.sync(request(store, workflows("a"), owner=TEAM_A))
    before = row_versions(database)
    said = packctl("rollback", "demo", "1", code=1).output
    assert "packctl rollback payments 1 -n team-a" in said.replace("\n", " ")
    assert row_versions(database) == before


def test_no_cluster_and_no_database_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "nothing"))
    monkeypatch.delenv("PACKCTL_DATABASE_URL", raising=False)
    done = CliRunner().invoke(app, ["rollback", "demo"])
    assert done.exit_code == 2
    assert "Traceback" not in done.output
