"""`pack.yaml` → `PackManifest`. Pure, total.

May import `load`, `workflow`'s tables, `pack` and the neighbours.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import semver

from controller.load.files import MANIFEST
from controller.load.select import Selection
from controller.load.text import decode
from controller.load.tree import parse
from controller.pack import node as tree
from controller.pack import rules
from controller.pack.content import PackManifest
from controller.pack.diagnostic import Diagnostic, Severity
from controller.pack.node import Document
from controller.pack.report import Report, quoted
from controller.validate.checked import CheckedManifest
from controller.validate.dependencies import check_dependencies, needs
from controller.validate.ignores import NONE, ignores
from controller.validate.pack_table import NOT_STORED, PACK, PACK_REF
from controller.validate.schemas import check_config, check_schemas
from controller.workflow.fields import Reading
from controller.workflow.table import read_fields

_REF = re.compile(PACK_REF)
_ZEROS = re.compile(r"\b0+(?=[0-9])")


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
    root = None if document is None else _root(document, report)
    values = {} if document is None or root is None else _values(document, root, report)
    ref = _check_ref(document, values.get("ref"), expected_ref, report)
    _check_version(document, values.get("version"), report)
    manifest = None if report.refused else _manifest(values)
    beside = () if root is None else _not_stored(root)
    wanted = () if root is None else needs(root.fields.get("dependencies"))
    return CheckedManifest(manifest, ref, (*report.diagnostics(), *beside), comments, wanted)


def _explained(selection: Selection) -> bool:
    return any(one.file == MANIFEST for one in selection.diagnostics)


def _absent() -> Diagnostic:
    message = "there is no `pack.yaml` in the pack's folder (`spec.git.path`, or the root)"
    hint = "Add one with `ref`, `label` and `version`, or correct `spec.git.path`."
    return Diagnostic(rules.NO_MANIFEST, message, MANIFEST, hint=hint)


def _root(document: Document, report: Report) -> tree.Mapping | None:
    root = document.root
    if type(root) is tree.Mapping:
        return root
    hint = "Begin with `ref:` and `version:`."
    report.add(rules.NOT_AN_OBJECT, root, "pack.yaml must be an object", hint=hint)
    return None


def _values(document: Document, root: tree.Mapping, report: Report) -> dict[str, Any]:
    reading = Reading(report, document.has_unstorable)
    values = read_fields(root, "", PACK, reading)
    check_schemas(root, ("conf_schema",), report)
    schema, config = root.fields.get("conf_schema"), root.fields.get("config")
    if type(schema) is tree.Mapping and type(config) is tree.Mapping:
        check_config(schema, config, "config", report)
    if "dependencies" in values:
        check_dependencies(root.fields["dependencies"], report)
    return values


def _not_stored(root: tree.Mapping) -> tuple[Diagnostic, ...]:
    """What is wrong with the fields that are not stored: it keeps no pack out."""
    report = Report(MANIFEST)
    reading = Reading(report, has_unstorable=False)
    for name, (reader, _) in NOT_STORED.items():
        node = root.fields.get(name)
        if node is not None and node.value is not None:
            reader.read(node, name, reading)
    return tuple(replace(one, level=Severity.WARNING) for one in report.diagnostics())


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
        hint = f'Write "{_meant(version)}": three numbers, in quotes.'
        place = _place(document, "version")
        report.add(rules.BAD_PACK_VERSION, place, message, path="version", hint=hint)


def _meant(version: str) -> str:
    """The semantic version that this one is nearly, or an example."""
    parts = _ZEROS.sub("", version.strip().removeprefix("v")).split(".")
    padded = ".".join([*parts, "0", "0"][:3])
    return padded if len(parts) <= 3 and semver.Version.is_valid(padded) else "1.0.0"


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
