"""Findings as SARIF 2.1.0, for GitHub code scanning and others. Imports `explain`, sarif-pydantic.

Source: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0". Columns count
Unicode code points from 1 and end behind the last one (§3.30.7), as ours do.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from sarif_pydantic import (
    ArtifactLocation,
    Invocation,
    Level,
    Location,
    LogicalLocation,
    Message,
    PhysicalLocation,
    Region,
    ReportingConfiguration,
    ReportingDescriptor,
    Result,
    Run,
    Sarif,
    Tool,
    ToolDriver,
)
from sarif_pydantic.sarif import Notification

from controller import __version__
from controller.errors import PackError
from controller.explain import PAGES
from controller.formats.fingerprint import fingerprints
from controller.formats.results import Results
from controller.pack.diagnostic import Diagnostic, Rule, Severity, Span
from controller.redact import scrub

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_LEVELS = {Severity.ERROR: Level.ERROR, Severity.WARNING: Level.WARNING}
_FINGERPRINT = "packctl/v1"
# What the library's models do not know they keep under the name that is given.
_COLUMNS: dict[str, Any] = {"columnKind": "unicodeCodePoints"}


def sarif(results: Results) -> str:
    """One run with the findings of all packs."""
    used = sorted({one.rule for one in results.findings}, key=lambda rule: rule.code)
    index = {rule: number for number, rule in enumerate(used)}
    marks = fingerprints(results.findings)
    run = Run(
        tool=Tool(driver=_driver(used)),
        invocations=[_invocation(results)],
        results=[_result(one, index[one.rule], marks[one]) for one in results.findings],
        **_COLUMNS,
    )
    log = Sarif(schema_uri=_SCHEMA, runs=[run])
    text: str = log.model_dump_json(by_alias=True, exclude_none=True, indent=2)
    return text + "\n"


def _driver(used: list[Rule]) -> ToolDriver:
    return ToolDriver(
        name="packctl",
        full_name="packctl validate, of the Attune Pack Controller",
        version=__version__,
        semantic_version=__version__,
        rules=[_rule(rule) for rule in used],
    )


def _rule(rule: Rule) -> ReportingDescriptor:
    why = PAGES[rule.code].why
    level = _LEVELS[rule.severity].value
    return ReportingDescriptor(
        id=rule.code,
        short_description=Message(text=rule.summary),
        full_description=Message(text=f"{rule.summary}."),
        help=Message(
            text=f"{why}\n\nFor examples: packctl explain {rule.code}",
            markdown=f"{why}\n\nFor examples: `packctl explain {rule.code}`",
        ),
        default_configuration=ReportingConfiguration(level=level),
        properties={"tags": [rule.category.value], "problem.severity": level},
    )


def _result(one: Diagnostic, rule_index: int, fingerprint: str) -> Result:
    return Result(
        rule_id=one.rule.code,
        rule_index=rule_index,
        level=_LEVELS[one.severity],
        message=Message(text=f"{one.message}. {one.hint}" if one.hint else f"{one.message}."),
        locations=[_location(one)],
        partial_fingerprints={_FINGERPRINT: fingerprint},
    )


def _location(one: Diagnostic) -> Location:
    return Location(
        physical_location=PhysicalLocation(
            artifact_location=ArtifactLocation(uri=quote(one.file)), region=_region(one.span)
        ),
        logical_locations=[LogicalLocation(fully_qualified_name=one.path)] if one.path else None,
    )


def _region(span: Span) -> Region:
    return Region(
        start_line=span.line,
        start_column=span.column,
        end_line=span.end_line,
        end_column=span.end_column,
    )


def _invocation(results: Results) -> Invocation:
    failures = [(pack.name, pack.failure) for pack in results.packs if pack.failure]
    said = [
        _notification(name, error).model_dump(by_alias=True, exclude_none=True, mode="json")
        for name, error in failures
    ]
    more: dict[str, Any] = {"toolExecutionNotifications": said} if said else {}
    return Invocation(execution_successful=not failures, **more)


def _notification(name: str, error: PackError) -> Notification:
    return Notification(level=Level.ERROR, message=Message(text=f"{name}: {scrub(str(error))}"))
