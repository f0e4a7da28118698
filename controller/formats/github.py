"""Findings as annotations of GitHub Actions. Imports `pack` and the neighbours.

Source: docs.github.com, "Workflow commands for GitHub Actions", and the escapes of
github.com/actions/toolkit (packages/core/src/command.ts).
"""

from __future__ import annotations

from controller.errors import PackError
from controller.formats.results import Results
from controller.pack.diagnostic import Diagnostic, Severity, Span
from controller.redact import scrub

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning"}
_IN_MESSAGE = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_IN_PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


def github(results: Results) -> str:
    """One `::error` or `::warning` line each, errors first: GitHub shows ten of a kind."""
    findings = sorted(results.findings, key=lambda one: not one.is_error)
    lines = [_unable(pack.name, pack.failure) for pack in results.packs if pack.failure]
    lines += [_annotation(one) for one in findings]
    return "".join(f"{line}\n" for line in lines)


def _annotation(one: Diagnostic) -> str:
    place = {"file": one.file, **_place(one.span), "title": one.rule.code}
    # The log shows the message alone, without the file that the annotation is put at.
    message = f"{one.file}:{one.span.line}:{one.span.column}: {one.message}"
    return _command(_COMMANDS[one.severity], place, _hinted(message, one.hint))


def _unable(name: str, error: PackError) -> str:
    message = f"{name}: {scrub(error.message)}"
    return _command("error", {"title": error.reason.value}, _hinted(message, scrub(error.hint)))


def _place(span: Span) -> dict[str, str]:
    """GitHub takes columns only where a finding begins and ends in one line."""
    begin, end = {"line": str(span.line)}, {"endLine": str(span.end_line)}
    if span.end_line != span.line:
        return {**begin, **end}
    return {**begin, "col": str(span.column), **end, "endColumn": str(span.end_column)}


def _hinted(message: str, hint: str) -> str:
    return f"{message}\nhelp: {hint}" if hint else message


def _command(command: str, properties: dict[str, str], message: str) -> str:
    given = ",".join(f"{name}={text.translate(_IN_PROPERTY)}" for name, text in properties.items())
    return f"::{command} {given}::{message.translate(_IN_MESSAGE)}"
