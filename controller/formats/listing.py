"""Findings as JSON: one form for any number of packs. Imports `pack` and the neighbours.

The names of the fields are those of `Pack.status.validation`; the list is never cut.
"""

from __future__ import annotations

import json
from typing import Any

from controller.errors import PackError
from controller.formats.fingerprint import fingerprints
from controller.formats.results import PackResult, Results
from controller.pack.diagnostic import Diagnostic
from controller.pack.status import DiagnosticStatus
from controller.redact import scrub


def listing(results: Results) -> str:
    """`{"packs": […], "summary": {…}}`."""
    marks = fingerprints(results.findings)
    value = {
        "packs": [_pack(pack, marks) for pack in results.packs],
        "summary": _summary(results),
    }
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def validation(pack: PackResult, marks: dict[Diagnostic, str] | None = None) -> dict[str, Any]:
    """`{"errorCount": …, "warningCount": …, "diagnostics": […]}` of one pack.

    `marks` are the fingerprints of findings, of those of other packs in one report as well.
    """
    marks = fingerprints(pack.findings) if marks is None else marks
    return {
        "errorCount": pack.errors,
        "warningCount": pack.warnings,
        "diagnostics": [_diagnostic(one, marks[one]) for one in pack.findings],
    }


def failure(error: PackError) -> dict[str, str]:
    """`{"reason": …, "message": …, "hint": …}`, the last where there is one."""
    found = {"reason": error.reason.value, "message": scrub(error.message)}
    return {**found, "hint": scrub(error.hint)} if error.hint else found


def _pack(pack: PackResult, marks: dict[Diagnostic, str]) -> dict[str, Any]:
    found: dict[str, Any] = {"source": pack.name}
    if pack.revision:
        found["revision"] = pack.revision
    if pack.failure is not None:
        return {**found, "failure": failure(pack.failure)}
    return {**found, "files": list(pack.files), "validation": validation(pack, marks)}


def _diagnostic(one: Diagnostic, fingerprint: str) -> dict[str, Any]:
    shown = DiagnosticStatus(
        code=one.rule.code,
        severity=one.severity,
        category=one.rule.category,
        message=one.message,
        hint=one.hint or None,
        file=one.file,
        line=one.span.line,
        column=one.span.column,
        end_line=one.span.end_line,
        end_column=one.span.end_column,
        spec_path=one.path or None,
        workflow=one.workflow or None,
    )
    found = shown.model_dump(mode="json", by_alias=True, exclude_none=True)
    return {**found, "fingerprint": fingerprint}


def _summary(results: Results) -> dict[str, int]:
    return {
        "packCount": len(results.packs),
        "unableCount": len(results.unable),
        "fileCount": sum(len(pack.files) for pack in results.packs),
        "errorCount": sum(pack.errors for pack in results.packs),
        "warningCount": sum(pack.warnings for pack in results.packs),
    }
