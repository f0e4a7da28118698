"""The sentences of conditions and events. Pure; imports `pack`."""

from __future__ import annotations

from controller.pack.diagnostic import Diagnostic
from controller.pack.outcome import Applied, Findings, Outcome
from controller.pack.tree import Revision
from controller.pack.verdict import Verdict

_SHOWN = 2
_SHORT = 8


def short(revision: Revision | None) -> str:
    """A revision for people: `main@1f3a9c2d`."""
    if revision is None:
        return ""
    commit = revision.commit[:_SHORT]
    return f"{revision.name}@{commit}" if revision.name else commit


def plural(count: int, noun: str) -> str:
    """`1 workflow`, `2 workflows`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def fetched(outcome: Outcome) -> str:
    """What came from Git."""
    return f"Fetched {short(outcome.revision)} from {outcome.source_url}."


def verified(revision: Revision | None, verdict: Verdict) -> str:
    """Who signed a revision."""
    signed = f"{short(revision)} is signed by"
    if verdict.commit is None:
        return f"The tag of {signed} {verdict.tag}."
    tag = f", its tag by {verdict.tag}" if verdict.tag else ""
    return f"{signed} {verdict.commit}{tag}."


def validated(findings: Findings) -> str:
    """What validation found, the first errors with their places."""
    errors = findings.errors
    warnings = len(findings.diagnostics) - len(errors)
    if errors:
        return problems(errors, warnings)
    noted = f", {plural(warnings, 'warning')}" if warnings else ""
    return f"{plural(findings.files, 'workflow file')} valid{noted}."


def problems(errors: tuple[Diagnostic, ...], warnings: int = 0) -> str:
    """The first of `errors`, each with its place, and how many there are."""
    listed = "; ".join(place(one) for one in errors[:_SHOWN])
    left = len(errors) - _SHOWN
    more = f" (and {left} more)" if left > 0 else ""
    noted = f", {plural(warnings, 'warning')}" if warnings else ""
    return f"{plural(len(errors), 'error')}{noted}: {listed}{more}."


def place(one: Diagnostic) -> str:
    """One diagnostic in a line: `workflows/deploy.yaml:12:5 ATT301 …`."""
    return f"{one.file}:{one.span.line}:{one.span.column} {one.rule.code} {one.message}"


def changes(applied: Applied) -> str:
    """What was done to the rows, the zeros left out."""
    counts = (
        (applied.created, "created"),
        (applied.updated, "updated"),
        (applied.pruned, "pruned"),
        (applied.skipped, "left alone"),
    )
    return ", ".join(f"{count} {what}" for count, what in counts if count)


def synced(applied: Applied) -> str:
    """What the database holds now."""
    total = plural(len(applied.inventory), "workflow")
    done = changes(applied)
    return f"{total} of {applied.pack_ref} in the database" + (f" ({done})." if done else ".")


def ready(outcome: Outcome) -> str:
    """The summary of a reconcile that went well."""
    if outcome.applied is None:
        return f"In sync with {short(outcome.revision)}."
    total = plural(len(outcome.applied.inventory), "workflow")
    done = changes(outcome.applied)
    return f"Applied {short(outcome.revision)}: {total}" + (f", {done}." if done else ".")
