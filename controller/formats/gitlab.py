"""Findings as GitLab's Code Quality report. Imports `pack` and the neighbours.

Source: docs.gitlab.com, "Code Quality", "Code Quality report format". The format has no place for
a pack that could not be checked: the exit code says so.
"""

from __future__ import annotations

import json
from typing import Any

from controller.formats.fingerprint import fingerprints
from controller.formats.results import Results
from controller.pack.diagnostic import Diagnostic, Severity

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor"}


def gitlab(results: Results) -> str:
    """A JSON list; an empty one tells GitLab that what was found before is gone."""
    marks = fingerprints(results.findings)
    found = [_issue(one, marks[one]) for one in results.findings]
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


def _issue(one: Diagnostic, fingerprint: str) -> dict[str, Any]:
    return {
        "description": f"{one.message}. {one.hint}" if one.hint else one.message,
        "check_name": one.rule.code,
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[one.severity],
        "location": {
            "path": one.file,
            "lines": {"begin": one.span.line, "end": one.span.end_line},
        },
    }
