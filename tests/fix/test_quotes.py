"""Words that other tools take for booleans, and numbers meant as text, are quoted in place."""

from __future__ import annotations

import pytest

from controller.fix import Name, fix

TASKS = "tasks: [{name: a, action: core.echo}]\n"
HEAD = f'version: "1.0.0"\n{TASKS}'
WORDS = [
    *("yes", "Yes", "YES", "no", "No", "NO", "on", "On", "ON", "off", "Off", "OFF"),
    *("y", "Y", "n", "N"),
]


@pytest.mark.parametrize("word", WORDS)
def test_booleans_of_yaml_1_1(word: str) -> None:
    fixed = fix(f"{HEAD}vars:\n  a: {word} # as it is\n  b: [{word}, {{c: {word}}}]\n")
    quoted = f'"{word}"'
    assert (
        fixed.text == f"{HEAD}vars:\n  a: {quoted} # as it is\n  b: [{quoted}, {{c: {quoted}}}]\n"
    )
    assert [(one.name, one.line) for one in fixed.applied] == [
        (Name.BOOLEAN, 4),
        (Name.BOOLEAN, 5),
        (Name.BOOLEAN, 5),
    ]
    assert fixed.withheld == ()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("{on: 1, Yes: {off: 2}}", '{"on": 1, "Yes": {"off": 2}}'),
        ("{x: 1, y: 2, N: 3}", "{x: 1, y: 2, N: 3}"),
        ("\n  on:\n    - no", '\n  "on":\n    - "no"'),
        ("\n  a: &off no\n  b: *off", '\n  a: &off "no"\n  b: *off'),
        ("{a: 'yes', b: \"no\", c: !!str on}", "{a: 'yes', b: \"no\", c: !!str on}"),
        ("{a: yes sir, b: true, c: False, d: nO}", "{a: yes sir, b: true, c: False, d: nO}"),
        ("\n  a: |\n    yes\n  b: >-\n    no", "\n  a: |\n    yes\n  b: >-\n    no"),
        ("\n  a: # yes\n    # no\n    off", '\n  a: # yes\n    # no\n    "off"'),
    ],
)
def test_keys_styles_and_comments(before: str, after: str) -> None:
    fixed = fix(f"{HEAD}vars: {before}\n")
    assert fixed.text == f"{HEAD}vars: {after}\n"
    assert fixed.withheld == ()


@pytest.mark.parametrize("spelling", ["1.0", "010.5", "0x1F", "true", "1e3", "+5", ".inf"])
def test_numbers_meant_as_text_keep_their_spelling(spelling: str) -> None:
    fixed = fix(f"version: {spelling}  # release\n{TASKS}")
    assert fixed.text == f'version: "{spelling}"  # release\n{TASKS}'
    assert [(one.name, one.line, one.message) for one in fixed.applied] == [
        (Name.QUOTES, 1, f"`{spelling}` is meant as a text: quoted it.")
    ]


def test_a_number_that_is_a_text_in_one_place_only_stays() -> None:
    text = f"version: &v 1.0\nvars: {{x: *v}}\n{TASKS}"
    fixed = fix(text)
    assert fixed.text == text
    assert [(one.name, one.line) for one in fixed.withheld] == [(Name.QUOTES, 1)]


def test_a_number_where_one_is_meant_stays() -> None:
    text = f"{HEAD}vars: {{x: 1.0}}\nparameters: {{x: {{type: number, default: 5}}}}\n"
    assert fix(text).text == text


def test_the_quoted_name_of_a_task_becomes_next() -> None:
    """Each fix works on what those before it left."""
    text = f"version: 1.0\n{TASKS.replace('name: a', 'name: yes')}"
    text = text.replace("echo", "echo, on_success: yes")
    fixed = fix(text)
    assert fixed.text == (
        'version: "1.0"\n'
        'tasks: [{name: "yes", action: core.echo, '
        'next: [{when: "{{ succeeded() }}", do: ["yes"]}]}]\n'
    )


def test_a_file_with_more_problems_than_are_listed_is_left_alone() -> None:
    text = f"{HEAD}tags: [{', '.join(map(str, range(101)))}]\n"
    fixed = fix(text)
    assert fixed.text == text
    assert {one.message for one in fixed.withheld} == {
        "Left as written: not every problem of the file is listed; repair those first."
    }


def test_a_word_that_is_wrong_itself_is_not_made_a_text() -> None:
    text = f"{HEAD}cancellation_policy: no\noutput_map: yes\n"
    assert fix(text).applied == ()


@pytest.mark.parametrize("comment", ["ignore[ATT207]", "ignore-file[ATT206, ATT207] # so be it"])
def test_numbers_that_the_file_wants_to_keep_stay(comment: str) -> None:
    text = f"# attune: {comment}\nversion: 1.0\n{TASKS}"
    fixed = fix(text)
    assert fixed.text == text
    assert [one.message for one in fixed.withheld] == [
        "Left as written: a comment in this file ignores ATT207."
    ]
