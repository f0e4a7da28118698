"""What a pack needs of other packs, at the command line."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from hack.packrepo import pack, pack_yaml
from tests.cli.conftest import Packctl, write
from tests.e2e import rows
from tests.e2e.attune import install_core, install_pack


@pytest.fixture
def needing(packctl: Packctl, tmp_path: Path) -> Packctl:
    """Beside the others a folder `needs` with a pack that needs two others."""
    manifest = pack_yaml("needs", dependencies=["core >= 1", "ui>=1.0,<2"])
    write(tmp_path / "needs", {**pack("needs", 1), "pack.yaml": manifest})
    return packctl


def test_sync_waits_for_nothing_and_writes_nothing(needing: Packctl, database: str) -> None:
    install_core(database)

    refused = needing("sync", "needs", "--database", database)

    assert refused.exit_code == 2
    assert "error ATT607: the pack needs `ui>=1.0,<2`, and the database has no such pack" in (
        refused.stdout
    )
    assert "✗ DependencyNotReady: 1 error" in refused.stdout
    assert rows.definitions(database, "needs") == {}

    install_pack(database, "ui")
    assert needing("sync", "needs", "--database", database).exit_code == 0
    assert list(rows.definitions(database, "needs")) == ["needs.workflow_001"]


def test_validate_tells_it_of_the_database_that_it_is_given(
    needing: Packctl, database: str
) -> None:
    install_core(database)
    told = needing("validate", "needs", "--database", database)
    assert told.exit_code == 1
    assert "ATT607" in told.stdout
    assert "ATT607" not in needing("validate", "needs").stdout
    lenient = needing("validate", "needs", "--database", database, "--severity", "ATT607=Warn")
    assert lenient.exit_code == 0
    assert "warning ATT607" in lenient.stdout


def test_a_pack_that_is_alone_in_its_database_is_only_warned(
    needing: Packctl, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PACKCTL_DATABASE_URL", raising=False)
    with TemporaryDirectory() as folder:
        # PostgreSQL does not run as root, and must reach it.
        Path(folder).chmod(0o755)
        monkeypatch.setenv("PACKCTL_DATA_DIR", f"{folder}/data")
        done = needing("sync", "needs")
    assert done.exit_code == 0
    assert "warning ATT607" in done.stdout
