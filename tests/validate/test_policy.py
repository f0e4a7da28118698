"""Who has the last word on a rule, and what becomes of a file by it."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from controller.pack.diagnostic import Level, Severity
from controller.pack.rules import CATALOGUE
from controller.validate import operator_levels
from tests.validate.packs import MANIFEST, TASK, WORKFLOW, check

ERROR, WARN, IGNORE = Level.ERROR, Level.WARN, Level.IGNORE

DECISION = """\
version: "1.0.0"
tasks:
  - name: a
    action: core.echo
    decision:
      - {when: "{{ succeeded() }}", next: b}
      - {next: c}COMMENT
  - {name: b, action: core.echo}
  - {name: c, action: core.echo}
"""
"""A branch that is neither conditional nor the default: ATT311, an error that is adjustable."""

ODD = "odd: 1COMMENT\n" + WORKFLOW
"""A field that Attune does not know: ATT206, a warning."""

LOWERED = DECISION.replace("COMMENT", "")
RAISED = ODD.replace("COMMENT", "")


def _check(
    text: str, operator: Mapping[str, Level], comment: str = "", author: str = ""
) -> tuple[list[tuple[str, str]], bool]:
    """Code and severity of what is found, and whether the workflow may be stored."""
    files = {
        "workflows/w.yaml": text.replace("COMMENT", f"  # attune: {comment}" if comment else "")
    }
    if author:
        files["packctl.toml"] = f"[severities]\n{author}\n"
    checked = check(files, levels=operator)
    found = [(one.rule.code, one.severity.value) for one in checked.diagnostics]
    return found, len(checked.workflows) == 1


ERROR_OF = {
    "its own": ({}, "", "", "Error"),
    "author lowers": ({}, "", 'ATT311 = "Warn"', "Warning"),
    "author ignores": ({}, "", 'ATT311 = "Ignore"', None),
    "author repeats": ({}, "", 'ATT311 = "Error"', "Error"),
    "comment": ({}, "ignore[ATT311]", "", None),
    "comment over author": ({}, "ignore[ATT311]", 'ATT311 = "Error"', None),
    "operator lowers": ({"ATT311": WARN}, "", "", "Warning"),
    "operator ignores": ({"ATT311": IGNORE}, "", "", None),
    "operator over author": ({"ATT311": ERROR}, "", 'ATT311 = "Ignore"', "Error"),
    "operator over comment": ({"ATT311": ERROR}, "ignore[ATT311]", "", "Error"),
    "operator over both": ({"ATT311": WARN}, "ignore[ATT311]", 'ATT311 = "Error"', "Warning"),
}


@pytest.mark.parametrize(
    ("operator", "comment", "author", "severity"), ERROR_OF.values(), ids=ERROR_OF.keys()
)
def test_an_adjustable_error_is_what_the_last_word_makes_of_it(
    operator: dict[str, Level], comment: str, author: str, severity: str | None
) -> None:
    found, stored = _check(DECISION, operator, comment, author)
    assert found == ([("ATT311", severity)] if severity else [])
    assert stored is (severity != "Error")


WARNING_OF = {
    "its own": ({}, "", "", "Warning"),
    "author raises": ({}, "", 'ATT206 = "Error"', "Error"),
    "author ignores": ({}, "", 'ATT206 = "Ignore"', None),
    "comment": ({}, "ignore[ATT206]", "", None),
    "comment over author": ({}, "ignore-file[ATT206]", 'ATT206 = "Error"', None),
    "operator raises": ({"ATT206": ERROR}, "", "", "Error"),
    "operator over author": ({"ATT206": WARN}, "", 'ATT206 = "Error"', "Warning"),
    "operator over comment": ({"ATT206": ERROR}, "ignore[ATT206]", "", "Error"),
}


@pytest.mark.parametrize(
    ("operator", "comment", "author", "severity"), WARNING_OF.values(), ids=WARNING_OF.keys()
)
def test_a_warning_is_what_the_last_word_makes_of_it(
    operator: dict[str, Level], comment: str, author: str, severity: str | None
) -> None:
    found, stored = _check(ODD, operator, comment, author)
    assert found == ([("ATT206", severity)] if severity else [])
    assert stored is (severity != "Error")


FIXED = [rule.code for rule in CATALOGUE if not rule.adjustable]


def test_errors_that_are_not_adjustable_stay_whatever_anybody_says() -> None:
    """Also in a Pack that was stored when another controller knew other rules."""
    files = {"workflows/w.yaml": "label: w\ntasks: [{name: vars, action: echo}]\n"}
    plain = check(files)
    assert {"ATT202", "ATT302", "ATT505"} <= {one.rule.code for one in plain.diagnostics}
    assert check(files, levels=dict.fromkeys(FIXED, IGNORE)) == plain


def test_who_took_an_error_away_makes_no_difference_to_what_is_stored() -> None:
    files = {"workflows/w.yaml": LOWERED}
    (lowered,) = check(files, levels={"ATT311": WARN}).workflows
    (ignored,) = check(files, levels={"ATT311": IGNORE}).workflows
    assert lowered == ignored
    (first, *_) = json.loads(lowered.document)["definition"]["tasks"]
    assert [one["do"] for one in first["next"]] == [["b"], ["c"]]


def test_a_raised_warning_makes_its_file_invalid_and_leaves_the_others() -> None:
    files = {"workflows/w.yaml": RAISED, "workflows/good.yaml": WORKFLOW}
    checked = check(files, levels={"ATT206": ERROR})
    assert [one.ref for one in checked.workflows] == ["demo.good"]
    assert [(one.file, one.ref) for one in checked.invalid] == [("workflows/w.yaml", "demo.w")]
    assert (checked.error_count, checked.warning_count) == (1, 0)


def test_a_raised_warning_in_pack_yaml_makes_the_pack_invalid() -> None:
    files = {"workflows/w.yaml": WORKFLOW}
    manifest = f"{MANIFEST}odd: 1\n"
    assert check(files, manifest=manifest).manifest is not None
    assert check(files, manifest=manifest, levels={"ATT206": ERROR}).manifest is None


def test_a_raised_warning_across_files_keeps_none_of_the_good_ones_out() -> None:
    files = {"workflows/w.yaml": WORKFLOW, "actions/workflows/w.yaml": WORKFLOW}
    checked = check(files, levels={"ATT502": ERROR})
    assert [one.file for one in checked.workflows] == ["actions/workflows/w.yaml"]
    assert [one.file for one in checked.diagnostics if one.is_error] == ["workflows/w.yaml"]


@pytest.mark.parametrize(("code", "comment"), [("ATT012", "ignore[ATT206]"), ("ATT013", "ignore")])
@pytest.mark.parametrize("level", [ERROR, IGNORE])
def test_what_is_said_of_comments_has_a_severity_too(code: str, comment: str, level: Level) -> None:
    files = {"workflows/w.yaml": f"{WORKFLOW}# attune: {comment}\n"}
    found = [
        (one.rule.code, one.severity) for one in check(files, levels={code: level}).diagnostics
    ]
    assert found == ([(code, Severity.ERROR)] if level is ERROR else [])


def test_broken_settings_are_an_error_that_takes_no_workflow_away() -> None:
    files = {"workflows/w.yaml": RAISED, "packctl.toml": "[severities"}
    checked = check(files)
    assert [one.ref for one in checked.workflows] == ["demo.w"]
    assert checked.invalid == ()
    assert [one.rule.code for one in checked.diagnostics] == ["ATT011", "ATT206"]


def test_broken_settings_lower_nothing() -> None:
    """What depends on them is held back, and keeps its last good version, until they are right."""
    files = {"workflows/w.yaml": LOWERED, "packctl.toml": '[severities]\nATT311 = "Warn\n'}
    assert [one.file for one in check(files).invalid] == ["workflows/w.yaml"]


@pytest.mark.parametrize(
    ("severities", "unknown_actions", "levels"),
    [
        ({}, WARN, {}),
        ({}, ERROR, {"ATT512": ERROR}),
        ({"ATT206": WARN}, IGNORE, {"ATT206": WARN, "ATT512": IGNORE}),
        ({"ATT512": ERROR}, IGNORE, {"ATT512": ERROR}),
        ({"ATT512": WARN}, WARN, {"ATT512": WARN}),
    ],
    ids=["defaults", "error", "ignore", "severities win", "a default said aloud"],
)
def test_unknown_actions_is_one_more_severity(
    severities: dict[str, Level], unknown_actions: Level, levels: dict[str, Level]
) -> None:
    assert operator_levels(severities, unknown_actions) == levels


@pytest.mark.parametrize(
    ("level", "found"), [(ERROR, ["Error"]), (WARN, ["Warning"]), (IGNORE, [])]
)
def test_unknown_actions_decides_over_actions_of_other_packs(
    level: Level, found: list[str]
) -> None:
    files = {"workflows/w.yaml": f'version: "1.0.0"\n{TASK.replace("core.echo", "other.act")}'}
    checked = check(files, levels=operator_levels({}, level), known={})
    assert [(one.rule.code, one.severity.value) for one in checked.diagnostics] == [
        ("ATT512", severity) for severity in found
    ]
