"""The sentences of conditions and events. Pure; imports `pack`."""

from __future__ import annotations

from controller.pack.caller import TOLD, Caller
from controller.pack.diagnostic import Diagnostic
from controller.pack.drift import Drift, DriftedRow, Happening
from controller.pack.naming import shortened
from controller.pack.outcome import Applied, Findings, Outcome, Restored
from controller.pack.planned import Kind, Planned
from controller.pack.rollback import Rollback
from controller.pack.rules import UNMET_DEPENDENCY
from controller.pack.spec import Until
from controller.pack.tree import Revision
from controller.pack.verdict import Verdict
from controller.redact import brief

_SHOWN = 2
_NAME = 120


def short(revision: Revision | None) -> str:
    """A revision for people: `main@1f3a9c2d`."""
    return shortened(str(revision)) if revision else ""


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
    # A pack that is missing elsewhere is no fault of the files.
    errors = tuple(one for one in findings.errors if one.rule is not UNMET_DEPENDENCY)
    warnings = len(findings.diagnostics) - len(findings.errors)
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


def planned(plan: Planned) -> str:
    """What a sync would do: `1 to create, 2 to remove, 40 unchanged, the pack's row to write`."""
    counts = (
        (plan.count(Kind.CREATE), "to create"),
        (plan.count(Kind.UPDATE), "to update"),
        (plan.count(Kind.PRUNE), "to remove"),
        (plan.count(Kind.BLOCKED), "to remove later"),
        (plan.count(Kind.CONFLICT), "in conflict"),
        (plan.count(Kind.SKIPPED, Kind.KEPT), "to leave alone"),
        (plan.unchanged, "unchanged"),
    )
    told = [f"{count} {what}" for count, what in counts if count]
    row = ["the pack's row to write"] if plan.pack_changes else []
    return ", ".join([*told, *row]) or "nothing to do"


def rehearsed(revision: Revision | None, plan: Planned) -> str:
    """What a dry run found."""
    return f"Dry run of {short(revision)}: {planned(plan)}."


def synced(applied: Applied) -> str:
    """What the database holds now."""
    total = plural(len(applied.inventory), "workflow")
    done = changes(applied)
    held = f"{total} of {applied.pack_ref} in the database" + (f" ({done})." if done else ".")
    return f"{held} {still_called(applied.callers)}".rstrip()


def still_called(callers: tuple[Caller, ...]) -> str:
    """Which workflows of others call what was pruned; empty where none does."""
    if not callers:
        return ""
    listed = "; ".join(f"{one.ref} calls {one.callee}" for one in callers[:_SHOWN])
    left = len(callers) - _SHOWN
    more = f" (and {left}{'+' if len(callers) == TOLD else ''} more)" if left > 0 else ""
    return f"What was pruned is still called: {listed}{more}."


_HAPPENED = {
    Happening.PACK_CHANGED: "pack changed",
    Happening.PACK_DELETED: "pack deleted",
    Happening.DEFINITION_CHANGED: "definition changed",
    Happening.DEFINITION_DELETED: "definition deleted",
    Happening.ACTION_CHANGED: "action changed",
    Happening.ACTION_DELETED: "action deleted",
    Happening.ACTION_UNLINKED: "action without its workflow",
    Happening.ACTION_RELINKED: "action linked to another workflow",
}


def drifted(drift: Drift) -> str:
    """What others did to the rows, and what became of it."""
    rows = f"{drift.total} {'row was' if drift.total == 1 else 'rows were'} changed by others"
    listed = "; ".join(row_drift(one) for one in drift.rows[:_SHOWN])
    left = drift.total - min(len(drift.rows), _SHOWN)
    more = f" (and {left} more)" if left > 0 else ""
    if drift.corrected == drift.total:
        return f"{rows}, and put right: {listed}{more}."
    done = f", {drift.corrected} of them put right" if drift.corrected else ""
    return f"{rows}{done}: {listed}{more}."


def row_drift(row: DriftedRow) -> str:
    """One row in a line: `demo.deploy: action changed (action.label)`."""
    happened = ", ".join(_HAPPENED[one] for one in row.happened)
    fields = ", ".join(one.field for one in row.changes[:_SHOWN])
    more = ", …" if len(row.changes) > _SHOWN else ""
    return f"{row.ref}: {happened}" + (f" ({fields}{more})" if fields else "")


def rolled_back(restored: Restored) -> str:
    """What is applied in place of Git's revision, and until when."""
    rollback = restored.rollback
    where = f"from {shortened(rollback.before)} " if rollback.before else ""
    back = f"Rolled back {where}to revision {rollback.number} ({short(restored.revision)})"
    if rollback.until is Until.REMOVED:
        return f"{back} until spec.rollback is removed."
    skipped = ", ".join(map(shortened, rollback.skips))
    passed = f"; skipped: {skipped}" if skipped else ""
    return f"{back} until the next commit{passed}."


def awaiting(outcome: Outcome) -> str:
    """What waits for an approval, and how to give it."""
    assert outcome.approval  # noqa: S101  # the caller looked
    assert outcome.planned  # noqa: S101  # what waits is planned
    key, given, found = outcome.approval.pack, outcome.approval.given, outcome.revision
    commit = shortened(found.commit) if found else ""
    said = (
        f"{short(found)} waits for approval: {planned(outcome.planned)}. Approve it with: "
        f"packctl approve {key.name} -n {key.namespace} --revision {commit}"
    )
    if not given:
        return said
    return f"{said} The approval that was given is for {shortened(given)}, which was not applied."


def ended(rollback: Rollback) -> str:
    """That a rollback is over, though it is still asked for."""
    return (
        f" spec.rollback to revision {rollback.number} has ended and is ignored; it can be removed."
    )


def ready(outcome: Outcome) -> str:
    """The summary of a reconcile that went well."""
    if outcome.restored is not None:
        return rolled_back(outcome.restored)
    more = f" Approved by {brief(outcome.approver, limit=_NAME)}." if outcome.approver else ""
    more += ended(outcome.ended) if outcome.ended else ""
    if outcome.applied is None:
        return f"In sync with {short(outcome.revision)}.{more}"
    total = plural(len(outcome.applied.inventory), "workflow")
    done = changes(outcome.applied)
    said = f"Applied {short(outcome.revision)}: {total}" + (f", {done}." if done else ".") + more
    return f"{said} {still_called(outcome.applied.callers)}".rstrip()
