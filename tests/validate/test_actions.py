"""The files of actions: refs, fields, entry points, and what they do not do to workflows."""

from __future__ import annotations

import pytest

from controller.load.files import directory
from controller.pack.diagnostic import Level
from controller.pack.tree import EntryKind
from tests.validate.packs import WORKFLOW, Content, check, said

FILE = "actions/a.yaml"
FULL = """\
ref: demo.a
name: a
label: A
description: Does it all
enabled: true
runner_type: shell
runtime_version: ">=5"
entry_point: a.sh
parameters:
  who: {type: string, required: true, secret: true}
output:
  type: object
  properties: {said: {type: string}}
output_schema:
  said: {type: string}
parameter_delivery: file
parameter_format: dotenv
output_format: jsonl
tags: [x, y]
timeout: 60
timeout_seconds: 60
max_retries: 3
accesses_mcp: false
worker_selector: {pool: a}
something_new: 1
"""


def test_all_fields() -> None:
    checked = check({FILE: FULL, "actions/a.sh": ""})
    assert checked.diagnostics == ()
    assert checked.invalid == ()


FIELDS: dict[str, tuple[Content, list[tuple[str, str]]]] = {
    "neither ref nor name": ("label: A\n", [("ATT701", "ref")]),
    "null for both": ("ref: ~\nname:\n", [("ATT701", "ref")]),
    "an empty ref": ('ref: ""\n', [("ATT701", "ref")]),
    "nothing": ("", [("ATT201", "")]),
    "no object": ("- ref: demo.a\n", [("ATT201", "")]),
    "no YAML": ("ref: [\n", [("ATT101", "")]),
    "no text": (b"ref: \xff\n", [("ATT004", "")]),
    "a ref that is a list": ("ref: [demo.a]\n", [("ATT203", "ref")]),
    "a name that is a list": ("name: [a]\n", [("ATT203", "name")]),
    "a ref without a dot": ("ref: a\n", [("ATT702", "ref")]),
    "a ref with two dots": ("ref: demo.a.b\n", [("ATT702", "ref")]),
    "a ref in capitals": ("ref: demo.A\n", [("ATT702", "ref")]),
    "a ref with a space": ("ref: demo.a b\n", [("ATT702", "ref")]),
    "another pack's ref": ("ref: other.a\n", [("ATT702", "ref")]),
    "a long ref": (f"ref: demo.{'a' * 251}\n", [("ATT204", "ref")]),
    "a name in capitals": ("name: My Action\n", [("ATT702", "name")]),
    "a name with a dot": ("name: demo.a\n", [("ATT702", "name")]),
    "a name that the ref makes needless": ("ref: demo.a\nname: My Action\n", []),
    "a slip of the pen": ("ref: demo.a\nentry_pont: a.sh\n", [("ATT206", "entry_pont")]),
    "a field of others": ("ref: demo.a\nicon: bell\n", []),
    "no schema": ("ref: demo.a\nparameters: {who: text}\n", [("ATT208", "parameters.who")]),
    "no way of delivery": (
        "ref: demo.a\nparameter_delivery: env\n",
        [("ATT205", "parameter_delivery")],
    ),
    "no format": ("ref: demo.a\noutput_format: xml\n", [("ATT205", "output_format")]),
    "no time at all": ("ref: demo.a\ntimeout_seconds: 0\n", [("ATT204", "timeout_seconds")]),
    "enabled as a text": ("ref: demo.a\nenabled: 'yes'\n", [("ATT203", "enabled")]),
}  # fmt: skip


@pytest.mark.parametrize(("content", "expected"), FIELDS.values(), ids=FIELDS)
def test_what_is_wrong_in_a_file(content: Content, expected: list[tuple[str, str]]) -> None:
    checked = check({FILE: content, "workflows/w.yaml": WORKFLOW})
    assert said(checked) == expected
    assert all(one.file == FILE and one.hint for one in checked.diagnostics)
    assert [one.ref for one in checked.workflows] == ["demo.w"]
    assert checked.invalid == ()


def test_a_ref_is_told_what_would_be_right() -> None:
    refs = {"other.a": "`demo.a`", "demo.A": "`demo.a`", "a": "`pack.name`"}
    hints = {ref: check({FILE: f"ref: {ref}\n"}).diagnostics[0].hint for ref in refs}
    assert hints == {ref: f"Write {hint}." for ref, hint in refs.items()}
    (made,) = check({FILE: "name: My Action\n"}).diagnostics
    assert made.hint == "Add `ref: demo.my_action`."
    assert "made of `name`" in made.message
    assert (made.span.line, made.span.column, made.span.end_column) == (1, 7, 16)


def test_a_name_is_looked_for_among_the_fields_only_so_often() -> None:
    unknown = "".join(f"entry_point_{at}: x\n" for at in range(5000))
    checked = check({FILE: f"ref: demo.a\n{unknown}"})
    assert 90 < len(checked.diagnostics) < 102


def test_where_the_pack_is_not_known_no_ref_is_wrong_for_it() -> None:
    checked = check({FILE: "ref: other.a\n", "actions/b.yaml": "name: b\n"}, manifest=None)
    assert said(checked) == [("ATT601", "")]


def _with(entry_point: str, *paths: str, runner: str = "shell") -> list[tuple[str, str]]:
    action = f"ref: demo.a\nrunner_type: {runner}\nentry_point: {entry_point}\n"
    folders = {directory(path) for path in paths if path.endswith("/")}
    files: dict[str, Content] = {path: "" for path in paths if not path.endswith("/")}
    return said(check({FILE: action, **files, **dict.fromkeys(folders, EntryKind.FOLDER)}))


THERE: dict[str, tuple[str, ...]] = {
    "beside the file": ("a.sh", "actions/a.sh"),
    "from the pack's folder": ("actions/a.sh", "actions/a.sh"),
    "in the pack's folder": ("a.sh", "a.sh"),
    "in a round-about way": ("./x/../a.sh", "actions/a.sh"),
    "in a folder that nobody lists": ("lib/a.sh", "actions/lib/"),
    "deep in a folder that nobody lists": ("lib/b/c/a.sh", "actions/lib/"),
    "in a folder of the pack that nobody lists": ("lib/a.sh", "lib/"),
    "a program of the system": ("/usr/bin/true",),
    "a command": ("'echo hello'",),
    "a word": ("ask",),
    "a module": ("package.module",),
    "a function of a module": ("package.module:main",),
}


@pytest.mark.parametrize("case", THERE.values(), ids=THERE)
def test_entry_points_that_are_there_or_may_be(case: tuple[str, ...]) -> None:
    assert _with(*case) == []


@pytest.mark.parametrize("runner", ["native", "builtin", "Standalone"])
def test_a_program_that_the_worker_has_is_not_looked_for(runner: str) -> None:
    assert _with("ask.sh", runner=runner) == []


@pytest.mark.parametrize(
    "case",
    [
        ("a.sh",),
        ("a.py", "actions/b.py"),
        ("actions/a.sh", "a.sh"),
        ("lib/a.sh", "actions/b.sh"),
        ("bin/tool",),
        ("../a.sh", "actions/a.sh"),
        ("A.sh", "actions/a.sh"),
    ],
    ids=" ".join,
)
def test_entry_points_that_are_not_there(case: tuple[str, ...]) -> None:
    assert _with(*case) == [("ATT703", "entry_point")]


def test_an_entry_point_that_is_not_there_is_underlined_and_a_warning() -> None:
    checked = check({FILE: "ref: demo.a\nentry_point: 'a.sh' # it\n"})
    (one,) = checked.diagnostics
    assert (one.span.line, one.span.column, one.span.end_column) == (2, 14, 20)
    assert checked.error_count == 0


@pytest.mark.parametrize("path", ["workflows/w.yaml", "actions/workflows/w.yaml"])
def test_the_workflow_that_an_action_runs_is_looked_for(path: str) -> None:
    action = f"ref: demo.go\nworkflow_file: {path.removeprefix('actions/')}\n"
    assert said(check({FILE: action, path: WORKFLOW})) == []
    assert said(check({FILE: action})) == [("ATT703", "workflow_file")]


def test_two_files_of_one_ref_are_told_at_both() -> None:
    files = {FILE: "label: A\nref: demo.a\n", "actions/b.yml": "name: a\n"}
    first, second = check(files).diagnostics
    assert (first.rule.code, first.file, first.span.line) == ("ATT704", FILE, 2)
    assert (second.rule.code, second.file, second.span.column) == ("ATT704", "actions/b.yml", 7)
    assert "`actions/b.yml`" in first.message


def test_a_file_that_cannot_be_read_is_no_second_of_its_ref() -> None:
    files = {FILE: "ref: demo.a\nlabel: [\n", "actions/b.yaml": "ref: demo.a\n"}
    assert said(check(files)) == [("ATT101", "")]


def test_an_action_and_a_workflow_of_one_ref() -> None:
    """Told at the action's file: the workflow can be stored, and is."""
    files = {FILE: "ref: demo.w\n", "workflows/w.yaml": WORKFLOW}
    checked = check(files)
    assert [(one.rule.code, one.file) for one in checked.diagnostics] == [("ATT704", FILE)]
    assert [one.ref for one in checked.workflows] == ["demo.w"]
    assert checked.invalid == ()
    assert check(files, levels={"ATT704": Level.IGNORE}).diagnostics == ()


@pytest.mark.parametrize(
    "field", ["workflow_file: workflows/w.yaml", "entry_point: actions/workflows/w.yaml"]
)
def test_an_action_that_runs_the_workflow_of_its_ref_is_one_with_it(field: str) -> None:
    files = {FILE: f"ref: demo.w\n{field}\n", "actions/workflows/w.yaml": WORKFLOW}
    assert check(files).diagnostics == ()
