"""What programs read, read back the way they do."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from junitparser import Error, Failure, JUnitXml
from sarif_pydantic import Sarif

from controller.formats import Form, Machine, PackResult, Results, document, place
from controller.pack.diagnostic import Severity
from controller.pack.rules import UNKNOWN_FIELD
from tests.formats.made import ERROR, FILE, WARNING, at, of_rule, one, unable

JSON_FORMS: list[Machine] = [Form.JSON, Form.SARIF, Form.GITLAB]
MACHINE: list[Machine] = [*JSON_FORMS, Form.GITHUB, Form.JUNIT]


def github(results: Results) -> list[str]:
    return document(results, Form.GITHUB).splitlines()


def sarif(results: Results) -> Any:
    return Sarif.model_validate_json(document(results, Form.SARIF)).runs[0]


def junit(results: Results) -> JUnitXml:
    return JUnitXml.fromstring(document(results, Form.JUNIT).encode())


def test_json_has_one_form_for_any_number_of_packs() -> None:
    away = unable().packs[0]
    found = json.loads(document(Results((*one(ERROR, WARNING).packs, away)), Form.JSON))

    first, second = found["packs"]
    assert (first["source"], first["files"]) == ("packs/a", [FILE])
    assert first["validation"]["errorCount"] == first["validation"]["warningCount"] == 1
    fingerprint = first["validation"]["diagnostics"][0].pop("fingerprint")
    assert re.fullmatch("[0-9a-f]{64}", fingerprint)
    assert first["validation"]["diagnostics"][0] == {
        "code": "ATT203",
        "severity": "Error",
        "category": "schema",
        "message": "`tasks` must be a list",
        "hint": "Write `[here]`.",
        "file": FILE,
        "line": 3,
        "column": 8,
        "endLine": 3,
        "endColumn": 12,
        "specPath": "tasks",
        "workflow": "a.w",
    }
    assert second == {
        "source": "https://git.example.com/x.git",
        "failure": {
            "reason": "RepositoryNotFound",
            "message": "There is no repository.",
            "hint": "Check the URL.",
        },
    }
    assert found["summary"] == {
        "packCount": 2,
        "unableCount": 1,
        "fileCount": 1,
        "errorCount": 1,
        "warningCount": 1,
    }


def test_github_gets_a_line_for_each_and_errors_first() -> None:
    assert github(one(WARNING, ERROR)) == [
        (
            f"::error file={FILE},line=3,col=8,endLine=3,endColumn=12,title=ATT203::"
            f"{FILE}:3:8: `tasks` must be a list%0Ahelp: Write `[here]`."
        ),
        (
            f"::warning file={FILE},line=9,col=1,endLine=9,endColumn=2,title=ATT206::"
            f"{FILE}:9:1: `x` is not a field"
        ),
    ]


def test_github_gets_columns_only_within_a_line() -> None:
    assert github(one(at(3, 8, 5, 2)))[0].startswith(f"::error file={FILE},line=3,endLine=5,title=")


def test_github_gets_what_could_not_be_checked() -> None:
    assert github(unable()) == [
        (
            "::error title=RepositoryNotFound::https://git.example.com/x.git: "
            "There is no repository.%0Ahelp: Check the URL."
        )
    ]


COMMAND = re.compile(r"::(?:error|warning) (?P<properties>[^\r\n]*?)::(?P<message>[^\r\n]*)\Z")
UNESCAPED = {"%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ",", "%25": "%"}


def _unescaped(text: str) -> str:
    """As the runner of GitHub Actions does it (ActionCommand.cs)."""
    for escape, character in UNESCAPED.items():
        text = text.replace(escape, character)
    return text


@given(text=st.text(st.characters(codec="utf-8"), max_size=40))
def test_github_reads_every_text_back(text: str) -> None:
    line = document(one(at(1, 1, 1, 2, file=f"f{text}", message=text)), Form.GITHUB)[:-1]

    found = COMMAND.match(line)
    assert found
    properties = dict(pair.split("=", 1) for pair in found["properties"].split(","))
    assert _unescaped(properties["file"]) == f"f{text}"
    assert _unescaped(found["message"]) == f"f{text}:1:1: {text}"


def test_gitlab_gets_its_report() -> None:
    (issue,) = json.loads(document(one(ERROR), Form.GITLAB))

    assert re.fullmatch("[0-9a-f]{64}", issue.pop("fingerprint"))
    assert issue == {
        "description": "`tasks` must be a list. Write `[here]`.",
        "check_name": "ATT203",
        "severity": "major",
        "location": {"path": FILE, "lines": {"begin": 3, "end": 3}},
    }
    assert document(one(), Form.GITLAB) == "[]\n"
    assert json.loads(document(one(WARNING), Form.GITLAB))[0]["severity"] == "minor"


def _fingerprints(results: Results, form: Machine) -> list[str]:
    text = document(results, form)
    return re.findall(r'"(?:fingerprint|packctl/v1)": "([0-9a-f]{64})"', text)


@pytest.mark.parametrize("form", JSON_FORMS)
def test_a_finding_is_known_again_when_lines_move(form: Machine) -> None:
    moved = replace(ERROR, span=replace(ERROR.span, line=30, end_line=30))
    twice = one(ERROR, moved)

    assert _fingerprints(one(ERROR), form) == _fingerprints(one(moved), form)
    assert len(set(_fingerprints(twice, form))) == 2
    other = replace(ERROR, file="packs/b/workflows/w.yaml")
    assert _fingerprints(one(other), form) != _fingerprints(one(ERROR), form)


def test_sarif_places_and_explains() -> None:
    run = sarif(one(ERROR, WARNING, replace(ERROR, file="packs/a/workflows/ä b.yaml")))

    assert run.columnKind == "unicodeCodePoints"
    driver = run.tool.driver
    assert [rule.id for rule in driver.rules] == ["ATT203", "ATT206"]
    assert [rule.default_configuration.level for rule in driver.rules] == ["error", "warning"]
    assert "packctl explain ATT203" in driver.rules[0].help.markdown
    first = run.results[0]
    assert (first.rule_id, driver.rules[first.rule_index].id) == ("ATT203", "ATT203")
    assert first.level.value == "error"
    assert first.message.text == "`tasks` must be a list. Write `[here]`."
    physical = first.locations[0].physical_location
    assert physical.artifact_location.uri == FILE
    region = physical.region
    assert (region.start_line, region.start_column) == (3, 8)
    assert (region.end_line, region.end_column) == (3, 12)
    assert first.locations[0].logical_locations[0].fully_qualified_name == "tasks"
    odd = run.results[2].locations[0].physical_location.artifact_location.uri
    assert odd.isascii()
    assert unquote(odd) == "packs/a/workflows/ä b.yaml"
    assert run.invocations[0].execution_successful


def test_sarif_gives_each_finding_the_level_that_the_user_gave_it() -> None:
    raised = of_rule(UNKNOWN_FIELD, Severity.ERROR)

    assert sarif(one(raised)).results[0].level.value == "error"


def test_sarif_tells_what_could_not_be_checked() -> None:
    (invocation,) = sarif(unable()).invocations

    assert not invocation.execution_successful
    (said,) = invocation.toolExecutionNotifications
    assert said["message"]["text"].endswith("There is no repository. Check the URL.")


def test_junit_has_a_suite_for_each_pack_and_a_case_for_each_file() -> None:
    clean = PackResult("packs/b", ("packs/b/pack.yaml",))
    report = junit(Results((*one(ERROR, ERROR, WARNING, files=("pack.yaml", FILE)).packs, clean)))

    assert (report.tests, report.failures, report.errors) == (3, 1, 0)
    first, second = report
    assert (first.name, second.name) == ("packs/a", "packs/b")
    good, bad = first
    assert (good.name, good.is_passed) == ("pack.yaml", True)
    (failure,) = bad.result
    assert isinstance(failure, Failure)
    assert (failure.type, failure.message) == ("ATT203", "`tasks` must be a list")
    assert failure.text.count("error ATT203") == 2
    assert "warning ATT206" in bad.system_out


def test_junit_fails_for_warnings_only_when_they_fail() -> None:
    assert junit(one(WARNING)).failures == 0
    assert junit(one(WARNING, strict=True)).failures == 1


def test_junit_tells_what_could_not_be_checked() -> None:
    report = junit(unable())

    assert (report.tests, report.errors) == (1, 1)
    (case,) = next(iter(report))
    assert isinstance(case.result[0], Error)


@pytest.mark.parametrize("form", MACHINE)
@given(text=st.text(st.characters(codec="utf-8") | st.just("\uffff"), max_size=30))
def test_any_text_that_was_placed_makes_a_document(form: Machine, text: str) -> None:
    found = place([replace(ERROR, message=text, hint=text, path=text, file=text)], lambda it: it)

    written = document(one(*found), form).encode()

    if form in JSON_FORMS:
        json.loads(written)
    if form is Form.JUNIT:
        JUnitXml.fromstring(written)


@pytest.mark.parametrize("form", MACHINE)
def test_no_secret_gets_into_a_document(form: Machine) -> None:
    secret = replace(ERROR, message="see https://me:hunter2@host/x", path="token=hunter2")
    found = place([secret], lambda file: f"https://me:hunter2@host/{file}")

    assert "hunter2" not in document(one(*found), form)
