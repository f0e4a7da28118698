from __future__ import annotations

import pytest

from controller.pack.diagnostic import Severity
from controller.workflow.tasks import RESERVED
from tests.validate.packs import check_one, said
from tests.workflow.bad_workflows import CASES, HEAD, A, task, tasks


@pytest.mark.parametrize("name", CASES)
def test_says_what_is_wrong_and_nothing_else(name: str) -> None:
    content, expected = CASES[name]
    checked = check_one(content)
    assert said(checked) == expected
    assert bool(checked.workflows) == (checked.error_count == 0)
    assert [one.file for one in checked.invalid] == ["workflows/w.yaml"] * bool(checked.error_count)


@pytest.mark.parametrize("name", CASES)
def test_says_what_to_do(name: str) -> None:
    for one in check_one(CASES[name][0]).diagnostics:
        assert one.hint
        assert one.workflow == "demo.w"


@pytest.mark.parametrize("word", sorted(RESERVED))
def test_reserved_names(word: str) -> None:
    assert said(check_one(tasks(f"{{name: {word}, action: core.echo}}"))) == [
        ("ATT302", "tasks[0].name")
    ]


@pytest.mark.parametrize(
    ("field", "known"),
    [
        ("on-success", "on_success"),
        ("on_sucess", "on_success"),
        ("inputs", "input"),
        ("with-items", "with_items"),
        ("Timeout", "timeout"),
        ("with", "input"),
        ("if", "when"),
    ],
)
def test_unknown_field_is_told_its_nearest_name(field: str, known: str) -> None:
    (one,) = check_one(task(f"{field}: x")).diagnostics
    assert (one.rule.code, one.rule.severity) == ("ATT206", Severity.WARNING)
    assert one.hint == f"Did you mean `{known}`?"


def test_a_missing_field_is_told_of_the_name_that_stands_in_its_place() -> None:
    (one,) = check_one(tasks("{nmae: a, action: core.echo}")).diagnostics
    assert (one.span.line, one.span.column, one.span.end_column) == (3, 6, 10)
    assert one.message == "`tasks[0]` has no `name`: `nmae` is not a field that Attune knows"
    assert one.hint == "Write `name` in its place."


def test_a_field_with_a_space_that_is_none_is_told_so() -> None:
    (one,) = check_one(f"{HEAD}\u00a0label: x\ntasks: [{A}]\n").diagnostics
    assert (one.rule.code, one.span.column) == ("ATT206", 1)
    assert one.hint == "U+00A0 looks like a space, and is none to YAML: type it anew."


def test_unknown_target_is_told_its_nearest_name() -> None:
    first = "{name: first, action: core.echo, on_success: depoly}"
    (one,) = check_one(tasks(first, "{name: deploy, action: core.echo}")).diagnostics
    assert one.hint == "Did you mean `deploy`?"


def test_places_are_those_of_the_values() -> None:
    first = "tasks:\n  - name: a\n    action: core.echo\n"
    content = f"{first}    timeout: 30s\n    colour: red\n{HEAD}"
    places = {
        one.path: (one.span.line, one.span.column, one.span.end_line, one.span.end_column)
        for one in check_one(content).diagnostics
    }
    assert places == {"tasks[0].timeout": (4, 14, 4, 17), "tasks[0].colour": (5, 5, 5, 11)}


def test_a_file_with_thousands_of_problems_lists_a_hundred_of_each_rule() -> None:
    bad = ", ".join(f"{{name: t{index}, action: bad, odd: 1}}" for index in range(500))
    checked = check_one(f"{HEAD}tasks: [{bad}]\n")
    counted = dict.fromkeys(("ATT010", "ATT206", "ATT505"), 0)
    for one in checked.diagnostics:
        counted[one.rule.code] += 1
    assert counted == {"ATT010": 1, "ATT206": 100, "ATT505": 100}
    (more,) = (one.message for one in checked.diagnostics if one.rule.code == "ATT010")
    assert more == "800 more problems of this file are not listed (ATT206, ATT505)"


def test_a_rule_broken_too_often_takes_no_other_rules_place() -> None:
    odd = "".join(f"odd{index}: 1\n" for index in range(500))
    found = {one.rule.code for one in check_one(f"{odd}label: 1\n{HEAD}tasks: [{A}]\n").diagnostics}
    assert found == {"ATT010", "ATT206", "ATT207"}


@pytest.mark.parametrize(
    "content",
    [
        tasks("{name: a, action: core.echo, next: [{do: [a]}]}"),
        tasks("{name: a, action: a.b, on_success: b}", "{name: b, action: a.b, on_success: a}"),
        tasks("{name: größe, action: core.größe}"),
        HEAD + f"parameters: {{}}\noutput: {{}}\ntasks: [{A}]\n",
        HEAD + f"parameters: {{type: object}}\ntasks: [{A}]\n",
        task("retry: ~, tasks: ~, when: ~, on_success: ~, join: ~, timeout: ~, worker_selector: ~"),
        HEAD + f"vars:\ntags:\noutput_map: ~\nparameters: ~\ndescription: ~\ntasks: [{A}]\n",
        task("input: , next: , publish: , decision: , retry: "),
        task("permission_set_ref: core.admin, __chart_meta__: {x: 1}, worker_selector: 1"),
        "\ufeff" + tasks(A),
    ],
)  # fmt: skip
def test_accepted_without_a_word(content: str) -> None:
    assert check_one(content).diagnostics == ()
