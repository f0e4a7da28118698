"""What is too old or too much of the past goes, batch by batch, each a short transaction.

May import this room's values, SQL and session. Whatever is removed of a pack is removed under the
lock that its syncs hold, so that none can rely on a body that is about to go; where a sync has the
lock, there is a next time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from controller.store.session import Params, Session
from controller.store.statements import Statement

_BATCH = 500
"""Rows that one transaction removes at most."""
_REVISIONS = 50
"""Revisions, each of which is as large as many rows."""
MANY = 20_000
"""Bodies that are looked for at once at most."""


@dataclass(frozen=True, slots=True)
class Unused:
    """The digests of bodies of a pack that nothing needs while its revisions are in this state."""

    state: str
    digests: Sequence[str]

    def batches(self) -> Iterator[Unused]:
        """The same in parts, each for one transaction."""
        for start in range(0, len(self.digests), _BATCH):
            yield Unused(self.state, self.digests[start : start + _BATCH])


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


def unused_bodies(session: Session, pack_ref: str) -> Unused:
    """The bodies of a pack that nothing needs, found without its lock."""
    params: Params = {"pack_ref": pack_ref, "limit": MANY}
    [found] = session.rows(Statement.FIND_UNUSED_BODIES, Unused, params)
    return found


def sweep_bodies(session: Session, pack_ref: str, unused: Unused) -> int:
    """Remove bodies, none where the pack's revisions are not what they were any more; how many."""
    params: Params = {
        "pack_ref": pack_ref,
        "digests": list(unused.digests),
        "state": unused.state,
    }
    if not session.value(Statement.TRY_LOCK_PACK, params):
        return 0
    return session.run(Statement.SWEEP_BODIES, params)


def expire_attempts(session: Session, days: int) -> int:
    """Remove a batch of the attempts of all Packs that are older than `days`; how many."""
    return session.run(Statement.EXPIRE_ATTEMPTS, {"days": days, "batch": _BATCH})
