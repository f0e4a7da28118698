from __future__ import annotations

import json

import pytest

from controller.pack.content import PackManifest
from controller.pack.diagnostic import Severity
from tests.validate.packs import MANIFEST, WORKFLOW, check, said

V = 'version: "1.0.0"\n'

BAD: dict[str, tuple[str, list[tuple[str, str]]]] = {
    "nothing in it": ("", [("ATT201", "")]),
    "a list": ("- a\n", [("ATT201", "")]),
    "no YAML": ("ref: [demo\n", [("ATT101", "")]),
    "no ref and no version": ("label: x\n", [("ATT202", "ref"), ("ATT202", "version")]),
    "ref with capitals": (f"ref: Demo\n{V}", [("ATT602", "ref")]),
    "ref of one letter": (f"ref: d\n{V}", [("ATT602", "ref")]),
    "ref with a dot": (f"ref: de.mo\n{V}", [("ATT602", "ref")]),
    "ref that begins with a digit": (f"ref: 1demo\n{V}", [("ATT602", "ref")]),
    "ref with a line break": (f'ref: "demo\\n"\n{V}', [("ATT602", "ref")]),
    "version of two parts": ('ref: demo\nversion: "1.0"\n', [("ATT604", "version")]),
    "version with a zero before": ('ref: demo\nversion: "01.0.0"\n', [("ATT604", "version")]),
    "version as a number": (
        "ref: demo\nversion: 1\n",
        [("ATT207", "version"), ("ATT604", "version")],
    ),
    "config as a list": (f"ref: demo\n{V}config: []\n", [("ATT203", "config")]),
    "tags as a text": (f"ref: demo\n{V}tags: a\n", [("ATT203", "tags")]),
    "number jsonb cannot hold": (f"ref: demo\n{V}meta: {{a: [.inf]}}\n", [("ATT107", "meta.a[0]")]),
    "unknown field": (f"ref: demo\n{V}lable: x\n", [("ATT206", "lable")]),
    "version with a line break": ('ref: demo\nversion: "1.0.0\\n"\n', [("ATT604", "version")]),
    "version with a letter before": ("ref: demo\nversion: v1.0.0\n", [("ATT604", "version")]),
    "switch as a text": (f'ref: demo\n{V}enabled: "yes"\n', [("ATT203", "enabled")]),
    "author as a list": (f"ref: demo\n{V}author: [a]\n", [("ATT203", "author")]),
    "keywords as a text": (f"ref: demo\n{V}keywords: a\n", [("ATT203", "keywords")]),
    "keyword as a number": (f"ref: demo\n{V}keywords: [1]\n", [("ATT207", "keywords[0]")]),
    "testing as a switch": (f"ref: demo\n{V}testing: true\n", [("ATT203", "testing")]),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_says_what_is_wrong_and_nothing_else(name: str) -> None:
    manifest, expected = BAD[name]
    checked = check({}, manifest=manifest)
    assert said(checked) == expected
    assert (checked.manifest is None) == (checked.error_count > 0)
    assert all(one.hint and one.file == "pack.yaml" for one in checked.diagnostics)


def test_what_is_not_stored_keeps_no_pack_out() -> None:
    checked = check({}, manifest=f"{MANIFEST}author: [a]\nsystem: 1\ntesting: x\nemail: {{}}\n")
    assert [one.severity for one in checked.diagnostics] == [Severity.WARNING] * 4
    assert checked.manifest is not None


@pytest.mark.parametrize(
    ("version", "hint"),
    [
        ("v1.2.3", '"1.2.3"'),
        ('"1.2"', '"1.2.0"'),
        ('"2"', '"2.0.0"'),
        ('"01.02.003"', '"1.2.3"'),
        ("latest", '"1.0.0"'),
        ('"1.2.3.4"', '"1.0.0"'),
    ],
)
def test_version_that_is_nearly_one_is_written_out(version: str, hint: str) -> None:
    (one,) = check({}, manifest=f"ref: demo\nversion: {version}\n").diagnostics
    assert (one.rule.code, hint in one.hint) == ("ATT604", True)


UNDERSTOOD = (
    "core", "core@1.0.0", "core@v1", "core>=1.2,<2", "core >=1.2 <2", "core ^1.0", "core~1.2",
    "core ~> 1.2", "core==1.0.0", "core=1.0.0", "core != 1.0.0", "core 1.x", "core@*",
    "core 1.0.0-rc.1+build.5", "my-pack_2",
)  # fmt: skip

NOT_UNDERSTOOD = {
    "Core": "`core`",
    "": "`core@1.0.0`",
    "c": "`core@1.0.0`",
    "5": "`core@1.0.0`",
    "core >> 1": "`core>=1.2,<2`",
    "core@latest": "`core>=1.2,<2`",
    "core>=": "`core>=1.2,<2`",
    "core, ui": "`core>=1.2,<2`",
    "https://example.com/core.git": "`core@1.0.0`",
}


@pytest.mark.parametrize("text", UNDERSTOOD)
def test_dependency_is_understood(text: str) -> None:
    checked = check({}, manifest=f"{MANIFEST}dependencies: [{json.dumps(text)}]\n")
    assert checked.diagnostics == ()
    assert checked.manifest is not None
    assert checked.manifest.dependencies == (text,)


@pytest.mark.parametrize("text", NOT_UNDERSTOOD)
def test_dependency_is_not_understood_and_stored_all_the_same(text: str) -> None:
    checked = check({}, manifest=f"{MANIFEST}dependencies: [core, {json.dumps(text)}]\n")
    assert said(checked) == [("ATT605", "dependencies[1]")]
    assert NOT_UNDERSTOOD[text] in checked.diagnostics[0].hint
    assert checked.manifest is not None
    assert checked.manifest.dependencies == ("core", text)


def test_all_that_is_stored() -> None:
    manifest = f"""
ref: demo
{V}
label: Demo
name: unused
description: A pack
conf_schema: {{a: {{type: string}}}}
config: {{a: b}}
meta: {{c: [1]}}
tags: [x, y]
runtime_deps: [shell]
dependencies: [core]
author: me
email: me@example.com
system: true
enabled: true
is_standard: false
testing: {{enabled: true}}
"""
    checked = check({}, manifest=manifest)
    assert checked.diagnostics == ()
    assert checked.manifest == PackManifest(
        ref="demo",
        label="Demo",
        description="A pack",
        version="1.0.0",
        conf_schema={"a": {"type": "string"}},
        config={"a": "b"},
        meta={"c": [1]},
        tags=("x", "y"),
        runtime_deps=("shell",),
        dependencies=("core",),
    )


@pytest.mark.parametrize(
    ("extra", "label"), [("", "demo"), ("name: Demo\n", "Demo"), ("label: ~\nname: D\n", "D")]
)
def test_label_falls_back_to_name_and_ref(extra: str, label: str) -> None:
    manifest = check({}, manifest=f"ref: demo\n{V}{extra}").manifest
    assert manifest is not None
    assert manifest.label == label


def test_another_ref_than_expected_names_both() -> None:
    checked = check({}, expected_ref="other")
    assert said(checked) == [("ATT603", "ref")]
    assert "`other`" in checked.diagnostics[0].message
    assert "`demo`" in checked.diagnostics[0].message
    assert checked.manifest is None


def test_missing_manifest_says_where_it_was_looked_for() -> None:
    (one,) = check({}, manifest=None).diagnostics
    assert one.rule.code == "ATT601"
    assert "spec.git.path" in one.message


@pytest.mark.parametrize("manifest", [None, "ref: [\n", 'ref: Bad\nversion: "1.0.0"\n'])
def test_workflows_are_checked_without_a_manifest(manifest: str | None) -> None:
    """Everything is reported at once; a ref is made of what the resource expects, if it does."""
    files = {"workflows/good.yaml": WORKFLOW, "workflows/bad.yaml": "tasks: []\n"}
    known = check(files, manifest=manifest, expected_ref="demo")
    assert [one.ref for one in known.workflows] == ["demo.good"]
    assert [(one.file, one.ref) for one in known.invalid] == [("workflows/bad.yaml", "demo.bad")]
    unknown = check(files, manifest=manifest)
    assert unknown.workflows == ()
    assert [one.rule.code for one in unknown.diagnostics if one.file == "workflows/bad.yaml"]


def test_manifest_is_compared_only_when_a_ref_is_expected() -> None:
    assert check({}, expected_ref="demo", manifest=MANIFEST).diagnostics == ()
