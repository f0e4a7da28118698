"""`pack.yaml` → `PackManifest`. Pure, total.

May import `load`, `workflow.fields`, `pack` and the neighbours. Source of the fields: Attune's
pack registration and the pack.yaml files that Attune publishes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import semver

from controller.load.files import MANIFEST
from controller.load.select import Selection
from controller.load.text import decode
from controller.load.tree import parse
from controller.pack import node as tree
from controller.pack import rules
from controller.pack.content import PackManifest
from controller.pack.diagnostic import Diagnostic
from controller.pack.node import Document
from controller.pack.report import Report, quoted
from controller.validate.checked import CheckedManifest
from controller.validate.ignores import NONE, ignores
from controller.workflow import fields as read
from controller.workflow.fields import Reader, Reading
from controller.workflow.schema import MAX_NAME
from controller.workflow.table import Field, Table, read_fields

# The check `pack_ref_format` of Attune's `pack` table.
_REF = re.compile(r"[a-z][a-z0-9_-]+")

_SHORT = read.text(maximum=MAX_NAME)
_TEXTS = read.list_of(read.ENTRY)
_STORED = {
    "ref": Field(
        read.text(minimum=1, maximum=MAX_NAME),
        "The pack's ref: a lower-case letter, then lower-case letters, digits, `_`, `-`.",
        {"pattern": f"^{_REF.pattern}$"},
    ),
    "label": Field(_SHORT, "What people see; else `name`, else the ref."),
    "name": Field(_SHORT, "What people see where there is no `label`."),
    "description": Field(read.TEXT, "What the pack is for."),
    "version": Field(
        read.text(minimum=1, maximum=MAX_NAME),
        'A semantic version, in quotes: "1.0.0".',
        {"examples": ["1.0.0"]},
    ),
    "conf_schema": Field(read.OBJECT, "The schema of `config`."),
    "config": Field(read.OBJECT, "The pack's configuration."),
    "meta": Field(read.OBJECT, "Whatever else is to be known of the pack."),
    "tags": Field(_TEXTS, "Words to find the pack by."),
    "runtime_deps": Field(_TEXTS, "The runtimes that its actions need, such as `python3`."),
    "dependencies": Field(_TEXTS, "The packs that it needs, such as `core`."),
}


def _leave(_node: tree.Node, _path: str, _reading: Reading) -> None:
    """A field that Attune's tools know and this controller has no column for."""


_OTHER = (
    "author", "contributors", "documentation", "email", "enabled", "homepage", "installers",
    "is_standard", "keywords", "license", "repository", "system", "testing",
)  # fmt: skip
_LEFT = Field(Reader(_leave, {}), "Known to Attune's tools; not stored.")
PACK = Table(
    "Pack",
    "A pack of Attune: the file pack.yaml in its folder.",
    {**_STORED, **dict.fromkeys(_OTHER, _LEFT)},
    required=("ref", "version"),
)


def check_manifest(
    selection: Selection, contents: Mapping[str, bytes], *, expected_ref: str | None
) -> CheckedManifest:
    """Check `pack.yaml`; `contents` has its blob, `expected_ref` is the resource's `spec.ref`."""
    report = Report(MANIFEST)
    if selection.manifest is None:
        found = () if _explained(selection) else (_absent(),)
        return CheckedManifest(None, expected_ref, found)
    text = decode(contents[selection.manifest.oid], report)
    document = None if text is None else parse(text, report)
    comments = NONE if text is None else ignores(text, document, report)
    values = {} if document is None else _values(document, report)
    ref = _check_ref(document, values.get("ref"), expected_ref, report)
    _check_version(document, values.get("version"), report)
    manifest = None if report.refused else _manifest(values)
    return CheckedManifest(manifest, ref, report.diagnostics(), comments)


def _explained(selection: Selection) -> bool:
    return any(one.file == MANIFEST for one in selection.diagnostics)


def _absent() -> Diagnostic:
    message = "there is no `pack.yaml` in the pack's folder (`spec.git.path`, or the root)"
    hint = "Add one with `ref`, `label` and `version`, or correct `spec.git.path`."
    return Diagnostic(rules.NO_MANIFEST, message, MANIFEST, hint=hint)


def _values(document: Document, report: Report) -> dict[str, Any]:
    root = document.root
    if type(root) is not tree.Mapping:
        hint = "Begin with `ref:` and `version:`."
        report.add(rules.NOT_AN_OBJECT, root, "pack.yaml must be an object", hint=hint)
        return {}
    reading = Reading(report, document.has_unstorable)
    return read_fields(root, "", PACK, reading)


def _check_ref(
    document: Document | None, ref: str | None, expected: str | None, report: Report
) -> str | None:
    if ref is None:
        return expected
    place = _place(document, "ref")
    if not _REF.fullmatch(ref):
        message = f"the pack's ref {quoted(ref)} is not allowed"
        hint = "Begin with a lower-case letter; then lower-case letters, digits, `_`, `-`."
        report.add(rules.BAD_PACK_REF, place, message, path="ref", hint=hint)
        return expected
    if expected is not None and ref != expected:
        message = f"the Pack's `spec.ref` is {quoted(expected)}, and pack.yaml says {quoted(ref)}"
        hint = "Correct one of the two, or point `spec.git.path` at the right folder."
        report.add(rules.OTHER_PACK, place, message, path="ref", hint=hint)
    return ref


def _check_version(document: Document | None, version: str | None, report: Report) -> None:
    if version is not None and not semver.Version.is_valid(version):
        message = f"the pack's version {quoted(version)} is not a semantic version"
        hint = 'Write three numbers, such as "1.0.0".'
        place = _place(document, "version")
        report.add(rules.BAD_PACK_VERSION, place, message, path="version", hint=hint)


def _place(document: Document | None, field: str) -> tree.Node | None:
    root = None if document is None else document.root
    return root.fields[field] if type(root) is tree.Mapping else None


def _manifest(values: Mapping[str, Any]) -> PackManifest:
    return PackManifest(
        ref=values["ref"],
        label=values.get("label") or values.get("name") or values["ref"],
        description=values.get("description"),
        version=values["version"],
        conf_schema=values.get("conf_schema", {}),
        config=values.get("config", {}),
        meta=values.get("meta", {}),
        tags=values.get("tags", ()),
        runtime_deps=values.get("runtime_deps", ()),
        dependencies=values.get("dependencies", ()),
    )
