"""docs/history.md holds to the commands."""

from __future__ import annotations

import json
import re
from pathlib import Path

import typer

from controller.cli import app
from controller.pack.identity import AskedBy
from controller.pack.naming import read_name
from controller.store import DatabaseSettings, Store
from tests.cli.conftest import Packctl
from tests.store.make import request, workflows

PAGE = (Path(__file__).parents[2] / "docs" / "history.md").read_text()


def _section(title: str) -> str:
    return PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def _first_cells(text: str) -> list[str]:
    return re.findall(r"(?m)^\| (.*?) \|", text)


def test_every_option_is_there_and_no_other() -> None:
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    for name in ("history", "show"):
        real = {one for param in commands[name].params for one in param.opts if one[0] == "-"}
        rows = re.findall(r"(?m)^\| (.*?) \| (both|history|show) \|", _section("Options"))
        named = {
            option
            for cell, whose in rows
            if whose in ("both", name)
            for option in re.findall(r"`(--?[a-z][a-z-]*)|, `(--[a-z]+)", cell)
            for option in option
            if option
        }
        assert named - {"--help", "-h"} == real - {"--help"}


def test_everything_that_asks_is_there() -> None:
    told = re.findall(r"(?m)^\| `(\w+)` \|", _section("What asks"))
    assert told[1:] == [one.value for one in AskedBy if one is not AskedBy.UNKNOWN]


def test_every_example_of_a_name_can_be_read() -> None:
    table = PAGE.partition("### What REV may be")[2].partition("\n## ")[0]
    names = [name for cell in _first_cells(table) for name in re.findall(r"`([^`]+)`", cell)]
    assert len(names) >= 9
    for name in names:
        read_name(name.rstrip("…"))


def test_every_column_is_there(packctl: Packctl, database: str) -> None:
    _sync(database)
    done = packctl("history", "demo", "-o", "wide", "--database", database)
    shown = re.split(r" {3,}", done.stdout.splitlines()[0])
    told = re.findall(r"(?m)^\| `([A-Z ]+)`", _section("packctl history"))
    assert sorted(shown) == sorted(told)


def test_every_field_is_there(packctl: Packctl, database: str) -> None:
    _sync(database)
    told = {
        name for cell in _first_cells(_section("JSON")) for name in re.findall(r"`(\w+)`", cell)
    }
    typed = ("show demo", "history demo", "history demo --attempts")
    done = [packctl(*one.split(), "-o", "json", "--database", database) for one in typed]
    shown, revisions, attempts = (json.loads(one.stdout) for one in done)
    real = {*shown, *revisions["revisions"][0], *attempts["attempts"][0]}
    assert real - {"pack"} == told - {"stage", "hint"}


def _sync(url: str) -> None:
    with Store(DatabaseSettings(url)) as store:
        store.migrate()
        asked = request(store, workflows("a"))
        store.sync(asked)
        store.remove(asked.fence.owner)
