"""docs/validate.md holds to the command."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from controller.cli import app
from controller.formats import Form
from hack.packrepo import pack_yaml
from tests.cli.conftest import Packctl, write

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "validate.md").read_text()
EXAMPLES = [
    one for one in sorted((ROOT / "examples" / "ci").iterdir()) if not one.stem.endswith("-diff")
]
REFUND = """\
ref: payments.refund
version: "1.0.0"
tasks:
  - name: check
    action: core.noop
    on_success: bookk
  - name: book
    action: core.noop
"""


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def test_every_option_is_there_and_no_other() -> None:
    command = typer.main.get_command(app).commands["validate"]  # type: ignore[attr-defined]
    real = {name for one in command.params for name in one.opts if name.startswith("-")}
    table = PAGE.partition("## Options")[2].partition("\n## ")[0]
    first_column = "".join(line.split("|")[1] for line in table.splitlines() if "|" in line)
    told = set(re.findall(r"`(--?[a-z-]+)", first_column))

    assert told == real | {"-h", "--help"}


def test_every_format_is_there() -> None:
    table = PAGE.partition("## Formats")[2]
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) >= {*Form} - {"text"}


@pytest.mark.parametrize("path", EXAMPLES, ids=[path.name for path in EXAMPLES])
def test_the_snippets_are_the_examples(path: Path) -> None:
    assert path.read_text() in blocks("yaml")


@pytest.fixture
def payments(packctl: Packctl, tmp_path: Path) -> None:
    """The pack of the examples."""
    del packctl
    files = {"pack.yaml": pack_yaml("payments"), "workflows/refund.yaml": REFUND}
    write(tmp_path / "packs" / "payments", files)


@pytest.mark.usefixtures("payments")
def test_the_text_is_what_is_printed(packctl: Packctl) -> None:
    shown = blocks("console")[0].removeprefix("$ packctl validate packs\n")

    assert packctl("validate", "packs").stdout == shown


@pytest.mark.usefixtures("payments")
def test_the_json_is_what_is_printed(packctl: Packctl) -> None:
    (shown,) = blocks("json")
    printed = packctl("validate", "packs", "-f", "json").stdout

    masked = re.sub(r'"fingerprint": "[0-9a-f]{64}"', '"fingerprint": "…"', printed)
    assert json.loads(masked) == json.loads(shown)


@pytest.mark.usefixtures("payments")
def test_the_buffer_of_an_editor_is_checked_as_shown(tmp_path: Path) -> None:
    check, fix = blocks("console")[2].splitlines()
    folder = tmp_path / "packs" / "payments"
    (folder / "buffer").write_text(REFUND)

    def typed(line: str) -> subprocess.CompletedProcess[str]:
        script = f'packctl() {{ "{sys.executable}" -m controller "$@"; }}\n{line}'
        return subprocess.run(
            ["bash", "-c", script], cwd=folder, capture_output=True, text=True, check=False
        )

    found = json.loads(typed(check).stdout)["packs"][0]["validation"]["diagnostics"]
    assert [one["code"] for one in found] == ["ATT304"]
    assert "on_success" not in typed(fix).stdout
