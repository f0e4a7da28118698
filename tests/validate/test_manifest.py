from __future__ import annotations

import pytest

from controller.pack.content import PackManifest
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
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_says_what_is_wrong_and_nothing_else(name: str) -> None:
    manifest, expected = BAD[name]
    checked = check({}, manifest=manifest)
    assert said(checked) == expected
    assert (checked.manifest is None) == (checked.error_count > 0)
    assert all(one.hint and one.file == "pack.yaml" for one in checked.diagnostics)


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
