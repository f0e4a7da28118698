"""A recorded revision → rows, without Git. Imports `pack` and `store`'s values.

Nothing of it is validated or verified again: it was, when it was applied first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from controller.errors import Reason, Stalled
from controller.pack.identity import AskedBy, Owner
from controller.pack.naming import numbers
from controller.pack.outcome import Restored
from controller.pack.rollback import Rollback
from controller.pack.spec import RollbackSpec
from controller.pack.tree import Revision
from controller.reconcile.asked import Asked
from controller.store import (
    Attempt,
    Fence,
    Policy,
    Receipt,
    RecordedRevision,
    RevisionEntry,
    Standing,
    Store,
    SyncRequest,
)

_LISTED = 1000

Tell = Callable[["Restoration"], Attempt]


@dataclass(frozen=True, slots=True)
class Restoration:
    """A revision that the rows are now, and the sync that it took; None: it was known to be so."""

    restored: Restored
    pack_ref: str
    version: str
    cause: AskedBy
    receipt: Receipt | None = None


def policy(asked: Asked) -> Policy:
    """What a sync of a recorded revision may do: all of its workflows are valid."""
    return Policy(
        update_existing=asked.spec.update_existing,
        prune=asked.spec.prune,
        allow_empty=asked.spec.allow_empty,
        adopts=asked.adopts,
        drift=asked.spec.drift_policy,
    )


def known_to_be(
    asked: Asked, standing: Standing | None, wanted: RollbackSpec, store: Store
) -> Restoration | None:
    """The wanted revision, where the rows are known to be it, and the status says so."""
    known = standing.rollback if standing else None
    if standing is None or known is None or not known.meets(wanted):
        return None
    if not _is_told(asked, standing, store):
        return None
    newest = store.history(standing.pack_ref, limit=1, before=wanted.revision + 1)
    entry = next((one for one in newest if one.number == wanted.revision), None)
    if entry is None:
        return None
    return Restoration(restored(entry, known), standing.pack_ref, entry.version, asked.asked_by)


def _is_told(asked: Asked, standing: Standing, store: Store) -> bool:
    """Whether the status says of the rows what they are."""
    if not (asked.reported and asked.owner.is_resource):
        return False
    recorded = store.recorded(asked.owner, look=asked.watches_drift)
    return (
        recorded is not None
        and recorded.revision == standing.revision == asked.reported
        and recorded.inputs == asked.inputs()
        and (recorded.drift == asked.drift or not asked.watches_drift)
        and not recorded.blocked
    )


@dataclass(frozen=True, slots=True)
class Return:
    """A recorded revision, and what brings it back."""

    entry: RevisionEntry
    request: SyncRequest
    rollback: Rollback

    def done(self, receipt: Receipt | None = None) -> Restoration:
        """What comes of it, if `receipt` is what came of the sync."""
        known = receipt.rollback if receipt else None
        return Restoration(
            restored(self.entry, known or self.rollback),
            self.request.pack_ref,
            self.entry.version,
            self.request.asked_by,
            receipt,
        )


def to_return(
    asked: Asked, standing: Standing | None, wanted: RollbackSpec, store: Store
) -> Return:
    """What brings the wanted revision back; raises `Stalled` (RevisionNotFound) where it is not
    recorded."""
    pack_ref = standing.pack_ref if standing else asked.spec.ref or ""
    recorded = find(asked, store, pack_ref, wanted.revision)
    known = standing.rollback if standing else None
    is_new = known is None or not known.meets(wanted)
    rollback = known if known and not is_new else Rollback.wanted(wanted, *asked.seen)
    cause = AskedBy.ROLLBACK if is_new else asked.asked_by
    number = 0 if asked.dry_run else store.next_sequence()
    fence = Fence(asked.owner, number, asked.generation, asked.heir_of)
    return Return(recorded.entry, request_of(asked, recorded, fence, cause, rollback), rollback)


def restore(back: Return, store: Store, tell: Tell) -> Restoration:
    """Make the rows what the recorded revision was; raises `PackError`, as `Store.sync` does."""
    return back.done(store.sync(back.request, lambda receipt: tell(back.done(receipt))))


def restored(entry: RevisionEntry, rollback: Rollback) -> Restored:
    """The revision that `entry` tells of."""
    name = entry.revision.rpartition("@")[0]
    return Restored(Revision(name, entry.commit), entry.details, rollback)


def request_of(
    asked: Asked,
    recorded: RecordedRevision,
    fence: Fence,
    cause: AskedBy,
    rollback: Rollback | None,
) -> SyncRequest:
    """What brings a recorded revision back, with the pack's row as it was."""
    entry = recorded.entry
    assert recorded.manifest is not None  # noqa: S101  # `find` saw to it
    return SyncRequest(
        fence=fence,
        manifest=recorded.manifest,
        workflows=recorded.workflows,
        policy=policy(asked),
        revision=entry.revision,
        commit=entry.commit,
        tree_oid=entry.tree_oid,
        inputs=asked.inputs(),
        source_url=entry.source_url,
        source_ref=entry.source_ref,
        asked_by=cause,
        details=entry.details,
        rollback=rollback,
    )


def find(asked: Asked, store: Store, pack_ref: str, number: int) -> RecordedRevision:
    """The revision with its bodies; raises `Stalled` (RevisionNotFound) where that is not so, or
    where it is none of the one who asks."""
    if not pack_ref:
        raise Stalled(
            Reason.REVISION_NOT_FOUND,
            f"Revision {number} cannot be looked up: this Pack has applied nothing yet, and "
            "spec.ref does not say whose history is meant.",
            hint="Set spec.ref to the pack's ref, or remove spec.rollback.",
        )
    found = store.revision(pack_ref, number)
    if found is None or not _is_open(found.entry.owner, asked):
        raise _not_found(
            f"Pack {pack_ref!r} has no revision {number} in its history", asked, store, pack_ref
        )
    if found.manifest is None or found.missing:
        lost = ", ".join(found.missing[:3]) or "all workflows"
        raise _not_found(
            f"Revision {number} of pack {pack_ref!r} cannot be applied again: the content of "
            f"{lost} is not recorded",
            asked,
            store,
            pack_ref,
        )
    return found


def _is_open(owner: Owner, asked: Asked) -> bool:
    """Whether what `owner` applied may be applied again: a ref that became free may be anybody's
    now, who need not know what stood under it. Whoever is at the command line reads it anyhow."""
    if not (owner.is_resource and asked.owner.is_resource):
        return True
    taken_over = {former.place for former in asked.heir_of}
    return owner.namespace == asked.owner.namespace or owner.place in taken_over


def _not_found(what: str, asked: Asked, store: Store, pack_ref: str) -> Stalled:
    own = (one for one in store.history(pack_ref, limit=_LISTED) if _is_open(one.owner, asked))
    kept = complete(own)
    there = f"those that can be applied are {numbers(kept)}" if kept else "none can be applied"
    hint = (
        f"`packctl history {pack_ref}` lists them; name one of them, or remove spec.rollback. "
        "What a Pack of another namespace applied is only for one that takes the pack over "
        "(docs/adopt.md)."
    )
    return Stalled(Reason.REVISION_NOT_FOUND, f"{what}; {there}. Nothing was written.", hint=hint)


def complete(entries: Iterable[RevisionEntry]) -> list[RevisionEntry]:
    """Those that are recorded with their bodies."""
    return [one for one in entries if one.is_complete]
