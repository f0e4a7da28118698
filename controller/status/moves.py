"""What moved between two revisions, and why. Pure; imports `pack`."""

from __future__ import annotations

from controller.pack.outcome import Outcome
from controller.pack.status import MoveStatus, PackStatus
from controller.redact import brief


def moved(outcome: Outcome, before: PackStatus, now: str) -> MoveStatus | None:
    """The move to the revision of `outcome`; the last one when it brought no other revision."""
    seen, was = str(outcome.revision or ""), before.last_attempted_revision
    if not seen or not was or seen == was:
        return before.moved
    return MoveStatus(from_=was, to=seen, time=now, why=brief(_why(outcome, before), limit=512))


def _why(outcome: Outcome, before: PackStatus) -> str:
    source = before.source
    if source and source.url != outcome.source_url:
        return "spec.git.url changed."
    if source and source.ref != outcome.source_ref:
        return f"spec.git.ref changed: {outcome.followed} is followed, not '{source.ref}'."
    old, new = _name(before.last_attempted_revision or ""), _name(str(outcome.revision))
    if old == new:
        return f"{_capital(outcome.followed)} moved."
    if outcome.followed == "HEAD":
        return f"The default branch is '{new}' now; it was '{old}'."
    return f"'{new}' is the newest tag in {outcome.followed} now; it was '{old}'."


def _name(revision: str) -> str:
    return revision.rpartition("@")[0]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
