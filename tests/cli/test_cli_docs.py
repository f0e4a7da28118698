"""docs/cli.md holds to the commands, and the table's ages to kubectl's."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import typer

from controller.cli import app
from controller.cli.get import Form
from controller.cli.table import age

PAGE = (Path(__file__).parents[2] / "docs" / "cli.md").read_text()
EVERYWHERE = {"--help", "--namespace", "--kubeconfig"}
NOW = datetime(2026, 11, 25, tzinfo=UTC)
# What k8s.io/apimachinery's HumanDuration says of these seconds.
AGES = {
    0: "0s",
    119: "119s",
    120: "2m",
    150: "2m30s",
    600: "10m",
    10799: "179m",
    10800: "3h",
    16200: "4h30m",
    28800: "8h",
    172799: "47h",
    172800: "2d",
    190800: "2d5h",
    691200: "8d",
}


def _section(title: str) -> str:
    return PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


@pytest.mark.parametrize(
    "name", ["get", "describe", "events", "tree", "reconcile", "suspend", "resume"]
)
def test_every_option_is_there_and_no_other(name: str) -> None:
    command = typer.main.get_command(app).commands[name]  # type: ignore[attr-defined]
    known = {one for param in command.params for one in param.opts if one.startswith("-")}
    section = _section(f"packctl {name}").replace("history --attempts", "")
    named = set(re.findall(r"(?<![\w-])(--?[a-zA-Z][a-z-]*)", section))
    assert named <= known
    assert {one for one in known if one.startswith("--")} - named <= EVERYWHERE


def test_every_form_is_there() -> None:
    assert {one.value for one in Form} <= set(re.findall(r"`(\w+)`", _section("packctl get")))


@pytest.mark.parametrize(("seconds", "said"), AGES.items())
def test_ages_are_those_of_kubectl(seconds: int, said: str) -> None:
    time = (NOW - timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert age(time, NOW) == said


def test_no_age() -> None:
    assert age(None, NOW) == ""
    assert age("2026-11-25T00:00:09Z", NOW) == "0s"
