"""docs/diff.md holds to the command."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import typer

from controller.cli import app
from controller.cli.login import Login
from controller.diff import ChangeKind, Companion
from controller.formats.plans import plan_listing
from controller.formats.plans.text import MARKS
from controller.pack.planned import Kind
from tests.formats.test_plans import REPORT

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "diff.md").read_text()


def _section(title: str) -> str:
    return PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def test_every_option_is_there_and_no_other() -> None:
    command = typer.main.get_command(app).commands["diff"]  # type: ignore[attr-defined]
    options = [param for param in command.params if param.name not in Login.__dataclass_fields__]
    real = {
        name
        for param in options
        for name in (*param.opts, *param.secondary_opts)
        if name.startswith("-")
    }
    cells = re.findall(r"(?m)^\| (.*?) \|", _section("Options"))
    named = {name for cell in cells for name in re.findall(r"`(--?[a-z][a-z-]*)", cell)}
    assert named == real - {"--help", "-h"}


def test_every_mark_is_there() -> None:
    told = re.findall(r"(?m)^\| `(.)` \|", PAGE)
    assert sorted(told) == sorted({mark.strip() for mark, _ in MARKS.values()})


@pytest.mark.parametrize("name", ["github-actions-diff.yaml", "gitlab-ci-diff.yaml"])
def test_the_snippets_are_the_examples(name: str) -> None:
    assert f"```yaml\n{(ROOT / 'examples' / 'ci' / name).read_text()}```" in PAGE


def test_every_field_of_the_json_is_there() -> None:
    section = _section("JSON")
    value = json.loads(plan_listing(REPORT))
    workflow = value["workflows"][0]
    names = {*value, *value["summary"], *value["row"], *workflow, *workflow["changes"][0]}
    words = {*ChangeKind, *Companion, *set(Kind) - {Kind.UNCHANGED}}
    assert not [one for one in (*names, *words) if f"`{one}`" not in section]
