"""`packctl explain` as it is typed."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from controller.cli import app
from controller.pack.rules import CATALOGUE

DOCS = Path(__file__).parents[2] / "docs" / "rules"


def packctl(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["explain", *arguments])


def test_a_code_is_explained() -> None:
    done = packctl("ATT304")

    assert done.exit_code == 0
    assert done.stdout == (DOCS / "ATT304.md").read_text()
    assert "workflows/deploy.yaml:6:14: error ATT304: `test` leads to `depoly`" in done.stdout


def test_several_codes_are_explained_once_each_in_the_order_given() -> None:
    done = packctl("att305", "ATT304", "ATT305")

    titles = re.findall(r"^# (ATT\d+)", done.stdout, re.MULTILINE)
    assert (done.exit_code, titles) == (0, ["ATT305", "ATT304"])


def test_json_has_what_the_page_has() -> None:
    [one] = json.loads(packctl("ATT206", "-o", "json").stdout)

    assert (one["code"], one["severity"], one["category"]) == ("ATT206", "Warning", "schema")
    assert one["adjustable"] is True
    assert "on-success" in one["bad"]["workflows/deploy.yaml"]
    assert "on_success" in one["good"]["workflows/deploy.yaml"]


def test_all_rules_can_be_asked_for() -> None:
    found = json.loads(packctl("--all", "-o", "json").stdout)

    assert [one["code"] for one in found] == [rule.code for rule in CATALOGUE]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("ATT3O4", "There is no rule ATT3O4. Did you mean ATT304?"),
        ("banana", "There is no rule BANANA. `packctl explain --all` has every rule."),
        ("", "Name a code, such as ATT304, or give --all."),
        ("--check nowhere", "nowhere cannot be read (No such file or directory)."),
        ("--write pyproject.toml", "pyproject.toml cannot be written (File exists)."),
    ],
)
def test_what_cannot_be_explained_is_said(typed: str, said: str) -> None:
    done = packctl(*typed.split())

    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr


def test_pages_of_the_repository_are_those_of_the_code() -> None:
    assert packctl("--check", str(DOCS)).exit_code == 0


def test_pages_written_pass_the_check_until_one_differs(tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    assert packctl("--write", str(folder)).exit_code == 0
    assert packctl("--check", str(folder)).exit_code == 0

    (folder / "ATT304.md").write_text("# Something else\n")
    (folder / "ATT305.md").unlink()
    (folder / "ATT999.md").write_text("# A rule that there is not\n")
    done = packctl("--check", str(folder))

    assert done.exit_code == 1
    assert re.findall(r"ATT\d+", done.stderr) == ["ATT304", "ATT305", "ATT999"]


def test_index_links_every_page() -> None:
    linked = re.findall(r"\]\((ATT\d+)\.md\)", (DOCS / "README.md").read_text())

    assert linked == [rule.code for rule in CATALOGUE]
