"""What became of each attempt: written where it is news, and read again.

May import `pack` and this room's values, SQL and session.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from controller.pack.identity import Owner
from controller.store.history import commit_columns
from controller.store.records import Attempt, AttemptEntry
from controller.store.session import Params, Session
from controller.store.statements import Statement


@dataclass(frozen=True, slots=True)
class _Last:
    """What is known of the one whose attempt it is."""

    pack_ref: str | None
    failing: str


def note(session: Session, attempt: Attempt, keep: int) -> bool:
    """Keep an attempt that wrote nothing, if it failed in another way than the one before it or
    if that one failed; whether it was kept. See `Store.note`."""
    params: Params = {"owner_uid": attempt.owner.uid, "pack_ref": attempt.pack_ref}
    [last] = session.rows(Statement.READ_LAST_ATTEMPT, _Last, params)
    if last.failing == attempt.fingerprint:
        return False
    write(session, attempt, keep, pack_ref=attempt.pack_ref or last.pack_ref or "")
    return True


def write(
    session: Session, attempt: Attempt, keep: int, *, pack_ref: str, number: int | None = None
) -> None:
    """Keep an attempt, and no more than `keep` of its owner."""
    owner = attempt.owner
    params: Params = {
        **commit_columns(attempt.details),
        "pack_ref": pack_ref,
        "owner_uid": owner.uid,
        "owner_namespace": owner.namespace,
        "owner_name": owner.name,
        "generation": attempt.generation,
        "asked_by": attempt.asked_by.value,
        "duration_ms": attempt.duration_ms,
        "revision": attempt.revision,
        "commit": attempt.commit,
        "number": number,
        "stage": attempt.stage,
        "reason": attempt.reason,
        "message": attempt.message,
        "hint": attempt.hint,
        "errors": attempt.errors,
        "warnings": attempt.warnings,
        "diagnostics": json.dumps(attempt.diagnostics),
        "fingerprint": attempt.fingerprint,
        "keep": keep,
    }
    session.run(Statement.WRITE_ATTEMPT, params)


def attempts(
    session: Session, whose: str | Owner, limit: int, before: int | None
) -> tuple[AttemptEntry, ...]:
    """The newest first; see `Store.attempts`."""
    params: Params = {
        "pack_ref": "" if isinstance(whose, Owner) else whose,
        "owner_uid": whose.uid if isinstance(whose, Owner) else "",
        "limit": limit,
        "before": before,
    }
    return tuple(session.rows(Statement.READ_ATTEMPTS, AttemptEntry, params))
