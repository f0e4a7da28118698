"""`packctl graph` as it is typed: what goes to which stream, and the exit code."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from typer.testing import CliRunner, Result

from controller.cli import app

GOOD = """\
version: "1.0.0"
tasks:
  - {name: build, action: ci.build, on_success: ship}
  - {name: ship, action: ci.ship}
"""
BROKEN = GOOD.replace("on_success: ship", "on_success: shop")
EDGE = {"mermaid": '  t0 -->|"succeeded"| t1\n', "dot": '  t0 -> t1 [label="succeeded"'}


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in {"good": GOOD, "broken": BROKEN, "list": "- a\n", "no": "a: ["}.items():
        Path(f"{name}.yaml").write_text(text)


def graph(*typed: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(app, ["graph", *typed], input=stdin)


@pytest.mark.parametrize("language", EDGE)
def test_a_good_file_is_drawn(language: str) -> None:
    done = graph("good.yaml", "--format", language)
    assert (done.exit_code, done.stderr) == (0, "")
    assert EDGE[language] in done.stdout


def test_mermaid_is_the_default_and_standard_input_works() -> None:
    done = graph("-", stdin=GOOD)
    assert done.exit_code == 0
    assert done.stdout == graph("good.yaml").stdout.replace("Title: good", "Title: standard input")


def test_a_picture_goes_into_a_file() -> None:
    done = graph("good.yaml", "-f", "svg", "--out", "good.svg")
    assert (done.exit_code, done.output) == (0, "")
    assert ET.parse("good.svg").getroot().tag.endswith("svg")  # noqa: S314  # just written


def test_a_missing_target_is_drawn_and_told() -> None:
    done = graph("broken.yaml")
    assert done.exit_code == 1
    assert "broken.yaml:3:" in done.stderr
    assert "ATT304" in done.stderr
    assert '{{"shop<br/>no such task"}}' in done.stdout


def test_what_is_wrong_in_an_expression_is_not_told() -> None:
    done = graph("-", stdin=GOOD.replace("ci.build,", "ci.build, input: {x: '{{ nope( }}'},"))
    assert (done.exit_code, done.stderr) == (0, "")


@pytest.mark.parametrize(("file", "code"), [("list.yaml", "ATT201"), ("no.yaml", "ATT101")])
def test_what_has_no_tasks_is_not_drawn(file: str, code: str) -> None:
    done = graph(file, "--out", "out.mmd")
    assert done.exit_code == 1
    assert code in done.stderr
    assert not Path("out.mmd").exists()


def test_a_graph_too_large_for_svg_says_what_to_do() -> None:
    tasks = "".join(f"  - {{name: t{number}, action: a.b}}\n" for number in range(601))
    done = graph("-", "--format", "svg", stdin=f'version: "1.0.0"\ntasks:\n{tasks}')
    assert done.exit_code == 2
    assert "601 tasks and transitions; 600 can be laid out" in done.stderr
    assert "--format dot" in done.stderr


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["nowhere.yaml"], "nowhere.yaml cannot be read (No such file or directory)."),
        (["."], ". cannot be read (Is a directory)."),
        (["good.yaml", "--out", "no/where"], "no/where cannot be written (No such file"),
        (["good.yaml", "--format", "png"], "Invalid value"),
    ],
)
def test_what_cannot_be_done_is_said(typed: list[str], said: str) -> None:
    done = graph(*typed)
    assert done.exit_code == 2
    assert said in " ".join(done.stderr.split())
