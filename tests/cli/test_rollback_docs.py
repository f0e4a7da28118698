"""docs/rollback.md holds to the commands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer

from controller.cli import app
from controller.pack.spec import Activation, Until
from controller.pack.status import PendingStatus, RollbackStatus

PAGE = (Path(__file__).parents[2] / "docs" / "rollback.md").read_text()


def _section(title: str) -> str:
    return PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


@pytest.mark.parametrize("name", ["rollback", "approve"])
def test_every_option_is_there_and_no_other(name: str) -> None:
    command = typer.main.get_command(app).commands[name]  # type: ignore[attr-defined]
    known = {one for param in command.params for one in param.opts if one.startswith("-")}
    named = set(re.findall(r"(?<![\w-])(--?[a-z][a-z-]*)", _section(f"packctl {name}")))
    assert named <= known
    shortened = {"-n": "--namespace", "-o": "--output"}
    long = {shortened.get(one, one) for one in named}
    assert {one for one in known if one.startswith("--")} - long <= {"--help", "--kubeconfig"}


def test_every_value_and_field_is_there() -> None:
    for value in (*Until, *Activation):
        assert value.value in PAGE
    for model in (RollbackStatus, PendingStatus):
        for name, field in model.model_fields.items():
            assert re.search(rf"\b{field.alias or name}\b", PAGE)
