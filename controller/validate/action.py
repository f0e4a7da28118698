"""One file of an action: bytes → what it takes, and diagnostics. Pure, total.

May import `load`, `workflow`, `pack` and the neighbours. The controller stores no actions: it
reads them to check the calls in workflows, and what would stop them from running.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from controller.load.select import ActionFile
from controller.load.text import decode
from controller.load.tree import parse
from controller.pack import node as tree
from controller.pack import rules
from controller.pack.diagnostic import Diagnostic, Span
from controller.pack.node import Document
from controller.pack.report import Report, closest, quoted
from controller.pack.signature import Signature, signature
from controller.validate.action_table import ACTION
from controller.validate.file import derived_ref, ref_in
from controller.validate.ignores import NONE, Ignores, ignores
from controller.validate.refs import CALLABLE, form_problem, plain_name
from controller.validate.schemas import check_schemas
from controller.workflow.fields import Reading
from controller.workflow.table import read_fields

_NO_FILE = frozenset(("builtin", "native", "standalone"))
"""The names of the runtime that takes a program and no file, as Attune's core pack has them."""

# Without a folder, only these are surely files: others may be modules, commands or functions.
_SCRIPT = re.compile(
    r"\S+\.(?:bash|cjs|go|jar|java|js|mjs|php|pl|ps1|py|r|R|rb|sh|ts|ya?ml|zsh)", re.ASCII
)
_MAX_COMPARED = 100


@dataclass(frozen=True, slots=True)
class EntryPoint:
    """The file that an action runs, as `field` of its own file spells it."""

    field: str
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class ActionResult:
    """What one file says; `declared` is the ref it certainly has, `ref` the one it likely has.

    `span` is the place of the declared ref. `signature` is None when nobody can tell it, or the
    action takes anything; `entry_point` when the action runs no file, or none that one could tell.
    """

    file: str
    declared: str | None
    ref: str | None
    span: Span
    signature: Signature | None
    entry_point: EntryPoint | None
    diagnostics: tuple[Diagnostic, ...]
    ignores: Ignores = NONE


def check_action(source: ActionFile, data: bytes, pack_ref: str | None) -> ActionResult:
    """Check the content of one file as an action of the pack `pack_ref` (None: not known)."""
    report = Report(source.entry.path)
    likely = derived_ref(source.name, pack_ref)
    text = decode(data, report)
    document = None if text is None else parse(text, report)
    comments = NONE if text is None else ignores(text, document, report)
    root = None if document is None else _root(document, report)
    if document is None or root is None:
        guess = None if text is None else ref_in(text, pack_ref)
        return _result(report, comments, None, guess or likely)
    reading = Reading(report, document.has_unstorable)
    values = read_fields(_less_unknown(root), "", ACTION, reading)
    check_schemas(root, ("parameters", "output", "output_schema"), report)
    declared = _declared(root, values, pack_ref, report)
    found = _result(report, comments, declared, declared or likely)
    return replace(
        found,
        span=_place_of_ref(root, values).span,
        signature=signature(values.get("parameters")),
        entry_point=_entry_point(root, values),
    )


def _result(
    report: Report, comments: Ignores, declared: str | None, ref: str | None
) -> ActionResult:
    found = report.diagnostics()
    return ActionResult(report.file, declared, ref, Span(), None, None, found, comments)


def _root(document: Document, report: Report) -> tree.Mapping | None:
    root = document.root
    if type(root) is tree.Mapping:
        return root
    hint = "Begin with `ref:` and `entry_point:` at the left margin."
    report.add(rules.NOT_AN_OBJECT, root, "an action's file must be an object", hint=hint)
    return None


def _less_unknown(root: tree.Mapping) -> tree.Mapping:
    """`root` without the unknown fields that are not nearly a known one."""
    known = ACTION.fields
    strange = [name for name in root.fields if name not in known]
    near = {name for name in islice(strange, _MAX_COMPARED) if closest(name, known)}
    kept = {name: one for name, one in root.fields.items() if name in known or name in near}
    return replace(root, fields=kept) if strange else root


def _declared(
    root: tree.Mapping, values: Mapping[str, Any], pack_ref: str | None, report: Report
) -> str | None:
    given = values.get("ref")
    name = values.get("name")
    if given or "ref" in report.error_paths():
        return _allowed(given, "", root.fields["ref"], pack_ref, report) if given else None
    if name:
        ref = derived_ref(name, pack_ref)
        origin = " (made of `name`)"
        return ref and _allowed(ref, origin, root.fields["name"], pack_ref, report)
    if "name" not in report.error_paths():
        message = "the action has neither `ref` nor `name`"
        hint = f"Add `ref: {pack_ref or 'pack'}.name`."
        report.add(rules.NO_ACTION_REF, root, message, path="ref", hint=hint)
    return None


def _allowed(
    ref: str, origin: str, place: tree.Node, pack_ref: str | None, report: Report
) -> str | None:
    """`ref`, when the pack may have an action of it; what forbids it is in `report`."""
    problem, hint = form_problem(ref)
    if not problem and pack_ref is not None and not ref.startswith(f"{pack_ref}."):
        problem = f"does not begin with this pack's ref, `{pack_ref}.`"
        name = ref.partition(".")[2]
        hint = f"Write {quoted(f'{pack_ref}.{name}')}."
    if not problem and not CALLABLE.fullmatch(ref):
        problem = "has characters that no action's ref can have"
        hint = "Use letters, digits, `_` and `-`."
    if not problem:
        return ref
    path = "ref"
    if origin:
        path = "name"
        hint = f"Add `ref: {pack_ref}.{plain_name(ref)}`."
    message = f"the ref {quoted(ref)}{origin} {problem}"
    report.add(rules.BAD_ACTION_REF, place, message, path=path, hint=hint)
    return None


def _place_of_ref(root: tree.Mapping, values: Mapping[str, Any]) -> tree.Node:
    for field in ("ref", "name"):
        if values.get(field):
            return root.fields[field]
    return root


def _entry_point(root: tree.Mapping, values: Mapping[str, Any]) -> EntryPoint | None:
    for field in ("workflow_file", "entry_point"):
        text = values.get(field)
        if text and (field == "workflow_file" or _is_file(text, values.get("runner_type"))):
            return EntryPoint(field, text, root.fields[field].span)
    return None


def _is_file(text: str, runner: str | None) -> bool:
    if (runner or "").lower() in _NO_FILE or text.startswith("/") or any(map(str.isspace, text)):
        return False
    return "/" in text or _SCRIPT.fullmatch(text) is not None
