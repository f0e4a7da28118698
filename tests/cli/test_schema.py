from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from controller.cli import app

ROOT = Path(__file__).parents[2]


def packctl(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["schema", *arguments])


@pytest.mark.parametrize("kind", ["workflow", "pack", "action"])
def test_prints_the_schema_that_the_source_tree_has(kind: str) -> None:
    printed = packctl(kind)
    assert printed.exit_code == 0
    assert json.loads(printed.stdout)["title"] == f"Attune {kind}"
    assert printed.stdout == (ROOT / "schemas" / f"{kind}.json").read_text("utf-8")


def test_writes_what_it_then_finds_as_it_should_be(tmp_path: Path) -> None:
    assert packctl("--write", str(tmp_path)).exit_code == 0
    assert packctl("--check", str(tmp_path)).exit_code == 0
    (tmp_path / "workflow.json").write_text("{}\n")
    stale = packctl("--check", str(tmp_path))
    assert (stale.exit_code, stale.stdout) == (1, "")
    assert "workflow.json" in stale.stderr
    assert "make schemas" in stale.stderr


@pytest.mark.parametrize("option", ["--write", "--check"])
def test_folder_that_is_not_there_is_named(option: str, tmp_path: Path) -> None:
    result = packctl(option, str(tmp_path / "gone"))
    assert result.exit_code == 2
    assert "gone" in result.stderr
