"""One workflow file: bytes → compiled workflow and diagnostics. Pure, total.

May import `load`, `workflow`, `pack`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from controller.load.select import WorkflowFile
from controller.load.text import decode
from controller.load.tree import parse
from controller.pack.content import CompiledWorkflow
from controller.pack.diagnostic import Diagnostic
from controller.pack.report import Report
from controller.pack.signature import Signature, signature
from controller.validate.ignores import NONE, Ignores, ignores
from controller.validate.refs import check_ref
from controller.validate.schemas import check_schemas
from controller.workflow.build import build
from controller.workflow.calls import Call, calls
from controller.workflow.definition import definition
from controller.workflow.model import Workflow

_REF_LINE = re.compile(
    r"""^ref:[ \t]*["']?([a-z0-9_-]+\.[\w-]+)["']?[ \t]*(?:#.*)?$""", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class FileResult:
    """What one file says; `declared` is the ref it certainly has, `ref` the one it likely has.

    The two differ when the file cannot be read to the end, or its ref is not allowed. `compiled`
    is there unless the file has an error that no setting takes away.
    """

    file: str
    declared: str | None
    ref: str | None
    compiled: CompiledWorkflow | None
    diagnostics: tuple[Diagnostic, ...]
    calls: tuple[Call, ...] = ()
    signature: Signature | None = None
    ignores: Ignores = NONE


def check_file(source: WorkflowFile, data: bytes, pack_ref: str | None) -> FileResult:
    """Check the content of one file as a workflow of the pack `pack_ref` (None: not known)."""
    file = source.entry.path
    report = Report(file)
    likely = derived_ref(source.name, pack_ref)
    text = decode(data, report)
    if text is None:
        return _result(report, None, likely, None)
    document = parse(text, report)
    comments = ignores(text, document, report)
    workflow = None if document is None else build(document, report)
    if workflow is None:
        return _result(report, None, ref_in(text, pack_ref) or likely, None, comments)
    check_schemas(workflow.node, ("parameters", "output"), report)
    ref = workflow.ref or likely
    if ref is None:
        return _result(report, None, None, None, comments)
    allowed = check_ref(workflow, ref, pack_ref, report)
    compiled = None if report.refused else _compile(workflow, ref, source)
    found = _result(
        report, ref if allowed else None, ref if allowed else likely, compiled, comments
    )
    called = calls(workflow, report.error_paths())
    return replace(found, calls=called, signature=signature(workflow.parameters))


def derived_ref(name: str, pack_ref: str | None) -> str | None:
    """The ref that a file gets from its name; None when the pack's ref is not known."""
    return None if pack_ref is None else f"{pack_ref}.{name}"


def ref_in(text: str, pack_ref: str | None) -> str | None:
    """The ref that a text which cannot be read says it has, when that is of the pack."""
    found = _REF_LINE.search(text)
    if found is None or (pack_ref is not None and not found[1].startswith(f"{pack_ref}.")):
        return None
    return found[1]


def _result(
    report: Report,
    declared: str | None,
    ref: str | None,
    compiled: CompiledWorkflow | None,
    comments: Ignores = NONE,
) -> FileResult:
    report.workflow = ref or ""
    found = report.diagnostics()
    return FileResult(report.file, declared, ref, compiled, found, ignores=comments)


def _compile(workflow: Workflow, ref: str, source: WorkflowFile) -> CompiledWorkflow:
    return CompiledWorkflow(
        ref=ref,
        name=source.name,
        file=source.entry.path,
        blob=source.entry.oid,
        label=workflow.label or source.name,
        description=workflow.description,
        version=workflow.version,
        param_schema=workflow.parameters,
        out_schema=workflow.output,
        definition=definition(workflow, ref),
        tags=workflow.tags,
    )
