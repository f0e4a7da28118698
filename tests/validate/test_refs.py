from __future__ import annotations

import json

import pytest

from controller.pack.tree import EntryKind
from tests.validate.packs import WORKFLOW, check, check_one, said

FIRST, SECOND = "workflows/w.yaml", "actions/workflows/w.yaml"


@pytest.mark.parametrize(
    ("ref", "code"),
    [
        ("other.w", "ATT503"),
        ("demo2.w", "ATT503"),
        ("demo", "ATT504"),
        ("demo.", "ATT504"),
        (".w", "ATT504"),
        ("demo.a.b", "ATT504"),
        ("demo.W", "ATT504"),
        ("x" * 256, "ATT204"),
        ("[demo.w]", "ATT203"),
        ("1.5", "ATT503"),
        ("demo.a b", "ATT506"),
    ],
)
def test_refs(ref: str, code: str) -> None:
    (one,) = [
        one for one in check_one(f"ref: {ref}\n{WORKFLOW}").diagnostics if one.rule.code != "ATT207"
    ]
    assert (one.rule.code, one.path) == (code, "ref")
    assert one.hint


@pytest.mark.parametrize("ref", ["demo.w", "demo.other-name_2", "demo.größe", "", "~"])
def test_refs_allowed(ref: str) -> None:
    (workflow,) = check_one(f"ref: {ref or chr(34) * 2}\n{WORKFLOW}").workflows
    assert workflow.ref == (ref if ref.startswith("demo") else "demo.w")


def test_name_of_the_file_gives_ref_and_label() -> None:
    (workflow,) = check({"workflows/deploy.workflow.yaml": WORKFLOW}).workflows
    assert (workflow.ref, workflow.label, workflow.name) == ("demo.deploy", "deploy", "deploy")
    definition = json.loads(workflow.document)["definition"]
    assert (definition["ref"], definition["label"]) == ("demo.deploy", "")


def test_ref_made_of_a_file_name_is_explained() -> None:
    (one,) = check({"workflows/De.ploy.yaml": WORKFLOW}).diagnostics
    assert one.rule.code == "ATT504"
    assert "made of the file's name" in one.message
    assert one.hint == "Rename the file, or add `ref: demo.de_ploy`."


def test_an_odd_ref_made_of_a_file_name_is_told_how_to_be_plain() -> None:
    (one,) = check({"workflows/my deploy.yaml": WORKFLOW}).diagnostics
    assert (one.rule.code, one.hint) == ("ATT506", "Rename the file, or add `ref: demo.my_deploy`.")


def test_ref_made_of_a_long_file_name_is_too_long() -> None:
    (one,) = check({f"workflows/{'x' * 251}.yaml": WORKFLOW}).diagnostics
    assert (one.rule.code, one.workflow) == ("ATT504", f"demo.{'x' * 251}")


def test_two_files_of_one_directory_with_one_ref_are_both_invalid() -> None:
    files = {FIRST: WORKFLOW, "workflows/w.yml": WORKFLOW, "workflows/x.yaml": WORKFLOW}
    checked = check(files)
    assert said(checked) == [("ATT501", "ref"), ("ATT501", "ref")]
    assert [one.ref for one in checked.workflows] == ["demo.x"]
    assert [(one.file, one.ref) for one in checked.invalid] == [
        ("workflows/w.yaml", "demo.w"),
        ("workflows/w.yml", "demo.w"),
    ]
    assert "`workflows/w.yml`" in checked.diagnostics[0].message


def test_second_directory_takes_precedence() -> None:
    checked = check({FIRST: WORKFLOW, SECOND: WORKFLOW})
    assert said(checked) == [("ATT502", "ref")]
    assert checked.diagnostics[0].file == FIRST
    assert [one.file for one in checked.workflows] == [SECOND]
    assert checked.invalid == ()


def test_broken_file_of_the_second_directory_brings_no_other_to_life() -> None:
    checked = check({FIRST: WORKFLOW, SECOND: "ref: demo.w\ntasks: []\n"})
    assert checked.workflows == ()
    assert [(one.file, one.ref) for one in checked.invalid] == [(SECOND, "demo.w")]


@pytest.mark.parametrize(
    ("content", "ref"),
    [
        ("ref: demo.real\nlabel: [\n", "demo.real"),
        ("label: x\nref: 'demo.real' # new\n\tx", "demo.real"),
        ("ref: other.real\nlabel: [\n", "demo.w"),
        ("label: [\n", "demo.w"),
        (b"ref: demo.real\nlabel: \xff\n", "demo.w"),
        ("ref: demo.real\ntasks: 1\n", "demo.real"),
        (f"ref: Demo.Real\n{WORKFLOW}", "demo.w"),
        ("x" * 1024 * 1025, "demo.w"),
        (EntryKind.SYMLINK, "demo.w"),
    ],
)
def test_invalid_files_have_the_ref_they_would_have(
    content: str | bytes | EntryKind, ref: str
) -> None:
    checked = check({FIRST: content})
    assert [(one.file, one.ref) for one in checked.invalid] == [(FIRST, ref)]
    assert checked.workflows == ()
