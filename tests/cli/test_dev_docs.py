"""docs/dev.md holds to the command."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import typer

from controller.cli import app
from hack.packrepo import pack_yaml
from tests.cli.conftest import write
from tests.cli.terminal import Screen
from tests.cli.test_dev import save

PAGE = (Path(__file__).parents[2] / "docs" / "dev.md").read_text()
REFUND = """\
ref: payments.refund
version: "1.0.0"
tasks:
  - name: check
    action: payments.check
    next:
      - do: [book]
  - name: book
    action: payments.check
"""
FILES = {
    "pack.yaml": pack_yaml("payments"),
    "actions/check.yaml": "ref: payments.check\nlabel: Check\nentry_point: check.py\n",
    "actions/check.py": "",
    "workflows/refund.yaml": REFUND,
}


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def test_every_option_is_there_and_no_other() -> None:
    command = typer.main.get_command(app).commands["dev"]  # type: ignore[attr-defined]
    names = [name for one in command.params for name in (*one.opts, *one.secondary_opts)]
    table = PAGE.partition("## Options")[2].partition("\n## ")[0]
    first_column = "".join(line.split("|")[1] for line in table.splitlines() if "|" in line)
    told = set(re.findall(r"`(--?[a-z-]+)", first_column))

    assert told == {name for name in names if name.startswith("-")} | {"-h", "--help"}


@pytest.fixture
def refund(tmp_path: Path) -> Path:
    """The pack of the example: its workflow."""
    write(tmp_path / "packs" / "payments", FILES)
    return tmp_path / "packs" / "payments" / "workflows" / "refund.yaml"


def session(screen: Screen, refund: Path) -> None:
    """What is done in the example."""
    screen.shows("payments.refund")
    save(refund, REFUND.replace("[book]", "[bookk]"))
    screen.shows("bookk")
    save(refund, REFUND.replace("1.0.0", "1.1.0"))


def masked(text: str) -> str:
    """`text` without times."""
    text = re.sub(r"^\d\d:\d\d:\d\d ", "", text, flags=re.MULTILINE)
    return re.sub(r"\(\d+ ms\)", "", text)


def test_the_example_is_what_is_printed(tmp_path: Path, refund: Path, database: str) -> None:
    command, _, shown = blocks("console")[0].removesuffix("^C\n").partition("\n")
    assert command.startswith("$ packctl dev packs --database ")
    with Screen(tmp_path, "dev", "packs", "--database", database, terminal=False) as screen:
        session(screen, refund)
        printed = screen.shows("mended")
    assert masked(printed) == masked(shown)


def test_the_json_is_what_is_printed(tmp_path: Path, refund: Path, database: str) -> None:
    options = ("--database", database, "-o", "json")
    with Screen(tmp_path, "dev", "packs", *options, terminal=False) as screen:
        session(screen, refund)
        printed = screen.shows('"mended": true')
    [shown] = blocks("json")
    assert different(json.loads(shown)) == different(json.loads(printed.splitlines()[1]))


def different(value: dict[str, Any]) -> dict[str, Any]:
    """`value` without what differs from one time to the next."""
    text = json.dumps({**value, "time": "", "durationMs": 0})
    text = re.sub(r'"message": "([0-9a-f]{8} has [^"]*|…)"', '"message": "…"', text)
    masked: dict[str, Any] = json.loads(re.sub(r'"[0-9a-f]{64}"', '"…"', text))
    return masked
