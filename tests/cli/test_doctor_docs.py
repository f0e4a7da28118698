"""docs/doctor.md holds to the command."""

from __future__ import annotations

import re
from pathlib import Path

import typer

from controller.cli import app
from controller.doctor import Step

PAGE = (Path(__file__).parents[2] / "docs" / "doctor.md").read_text()
SESSIONS = re.findall(
    r"```console\n\$ packctl doctor git [^\n]*\n[^\n]*\n(.*?)```", PAGE, re.DOTALL
)
STEPS = [step.value for step in Step]


def test_every_option_is_there_and_no_other() -> None:
    groups = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    command = groups["doctor"].commands["git"]
    real = {name for one in command.params for name in one.opts if name.startswith("-")}
    table = PAGE.partition("## Options")[2].partition("\n## ")[0]
    named = set(re.findall(r"`(--?[a-z][a-z-]*)", "".join(re.findall(r"(?m)^\| (.*?) \|", table))))
    assert named - {"--help", "-h"} == real - {"--help"}


def test_every_step_has_its_row() -> None:
    assert re.findall(r"(?m)^\| `(\w+)` \| .* \| .* \|$", PAGE) == STEPS


def test_the_sessions_are_as_the_command_prints_them() -> None:
    line = re.compile(r"[✓✗–] (\w+) +(?:\d+ ms  |)\S.*|                      help: .*")  # noqa: RUF001
    assert len(SESSIONS) == 2
    for session in SESSIONS:
        found = [line.fullmatch(one) for one in session.splitlines()]
        steps = [one[1] for one in found if one and one[1]]
        assert all(found)
        assert steps in (STEPS, STEPS[:-1])
