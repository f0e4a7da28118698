"""What is too old or too much of the past goes, batch by batch, each a short transaction.

May import this room's values, SQL and session. Whatever is removed of a pack is removed under the
lock that its syncs hold, so that none can rely on a body that is about to go; where a sync has the
lock, there is a next time.
"""

from __future__ import annotations

from collections.abc import Collection

from controller.store.session import Params, Session
from controller.store.statements import Statement

_BATCH = 500
"""Rows that one transaction removes at most."""
_REVISIONS = 50
"""Revisions, each of which is as large as many rows."""


def expire_revisions(
    session: Session, pack_ref: str, days: int, keep: int | None, pinned: Collection[int]
) -> int:
    """Remove a batch of the revisions of a pack that are older than `days` or not among the newest
    `keep` (None: any number), but not those that are `pinned`; how many."""
    params: Params = {
        "pack_ref": pack_ref,
        "days": days,
        "keep": keep,
        "pinned": list(pinned),
        "batch": _REVISIONS,
    }
    if not session.value(Statement.TRY_LOCK_PACK, params):
        return 0
    return session.run(Statement.EXPIRE_REVISIONS, params)


def empty_abandoned(session: Session, pack_ref: str, days: int) -> int:
    """Take the bodies from the last revision of a pack that nobody has claimed for `days`."""
    params: Params = {"pack_ref": pack_ref, "days": days}
    if not session.value(Statement.TRY_LOCK_PACK, params):
        return 0
    return session.run(Statement.EMPTY_REVISIONS, params)


def sweep_bodies(session: Session, pack_ref: str) -> int:
    """Remove a batch of the bodies that nothing needs; how many."""
    params: Params = {"pack_ref": pack_ref, "batch": _BATCH}
    if not session.value(Statement.TRY_LOCK_PACK, params):
        return 0
    return session.run(Statement.SWEEP_BODIES, params)


def expire_attempts(session: Session, days: int) -> int:
    """Remove a batch of the attempts of all Packs that are older than `days`; how many."""
    return session.run(Statement.EXPIRE_ATTEMPTS, {"days": days, "batch": _BATCH})
