"""Whose a pack is, and which observation of it is the newest. Pure.

May import `pack`, `errors` and this room's values.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from controller.errors import Reason, Stalled, Waiting
from controller.pack.identity import Owner
from controller.pack.rollback import Rollback
from controller.pack.spec import ADOPT
from controller.store.values import Fence


@dataclass(frozen=True, slots=True)
class Claim:
    """A row of `attune_gitops.claims`. `created_pack` is the id of the pack's row, if ours.

    `number` is the pack's newest revision, None where there is none, and `is_complete` whether its
    bodies are recorded. `failing` is the fingerprint of the failure in which the last attempt of
    the one who asks has ended, empty where it was none. `rollback` is one that the owner asked for.
    """

    pack_ref: str
    owner_uid: str
    owner_namespace: str
    owner_name: str
    owner_cluster: str
    claimed_at: datetime
    generation: int
    sequence: int
    revision: str
    commit: str
    tree_oid: str
    inputs: str
    blocked: int
    pack_fingerprint: str
    created_pack: int | None
    number: int | None
    is_complete: bool
    failing: str
    rollback: Rollback | None = None

    def __post_init__(self) -> None:
        if isinstance(self.rollback, dict):
            object.__setattr__(self, "rollback", Rollback.recorded(self.rollback))

    @property
    def owner(self) -> Owner:
        """Who holds the claim."""
        return Owner(self.owner_uid, self.owner_namespace, self.owner_name, self.owner_cluster)


def admit(claims: Iterable[Claim], pack_ref: str, fence: Fence) -> Claim | None:
    """The claim on `pack_ref` that a sync may take over or renew, None where there is none yet.

    A Pack that was removed by force and made again takes over what it had, because no two have one
    name in one cluster; so does one for which a pack was adopted before it came.

    Raises `Stalled` (RefConflict) when the pack is another resource's or the owner has another
    pack, `Waiting` (Superseded) when a newer observation of the same owner was applied.
    """
    held = {claim.pack_ref: claim for claim in claims}
    claim = held.pop(pack_ref, None)
    if held:
        raise _ref_changed(next(iter(held)), pack_ref)
    if claim is None:
        return None
    is_same = claim.owner.is_same(fence.owner)
    is_older = is_same and claim.generation > fence.generation
    if not (is_same or claim.owner.is_namesake(fence.owner)):
        if claim.owner.is_resource and not _inherits(claim.owner, fence):
            raise _owned(claim, fence.owner)
        return claim
    if is_older or claim.sequence > fence.sequence:
        raise _superseded(pack_ref)
    return claim


def remembered(claim: Claim | None, asked: Rollback | None, owner: Owner) -> Rollback | None:
    """What is to be remembered of a rollback, when `asked` is what a sync of `owner` says of it.

    Raises `Waiting` (Superseded) where a newer commit has ended the rollback meanwhile.
    """
    is_own = claim and (claim.owner.uid == owner.uid or claim.owner.is_namesake(owner))
    known = claim.rollback if claim and is_own else None
    if asked is None or (known is None and (claim is None or asked.is_over)):
        return asked
    assert claim is not None  # noqa: S101  # what is known stands in it
    if known and known.is_like(asked):
        if known.is_over and not asked.is_over:
            raise _superseded(claim.pack_ref)
        return asked if asked.is_over and not known.is_over else known
    skipped = known.skips if known and not known.is_over else (claim.commit,)
    return asked.begun(claim.revision, *skipped)


def _superseded(pack_ref: str) -> Waiting:
    return Waiting(
        Reason.SUPERSEDED,
        f"A newer look at pack {pack_ref!r} was applied meanwhile; nothing was written.",
        retry_after=1.0,
    )


def _inherits(owner: Owner, fence: Fence) -> bool:
    return any(
        former.place == owner.place and former.uid in ("", owner.uid) for former in fence.heir_of
    )


def _owned(claim: Claim, rival: Owner) -> Stalled:
    owner, since = claim.owner, claim.claimed_at.astimezone(UTC).isoformat(timespec="seconds")
    is_near = owner.cluster == rival.cluster
    where = "" if is_near or not owner.cluster else f" of cluster {owner.cluster!r}"
    return Stalled(
        Reason.REF_CONFLICT,
        f"Pack ref {claim.pack_ref!r} belongs to {owner}{where} since "
        f"{since.removesuffix('+00:00')}Z; nothing was written.",
        hint=f"Delete or rename one of the two. If {owner} is gone, {_way_out(owner, rival)}.",
    )


def _way_out(owner: Owner, rival: Owner) -> str:
    """How `rival` gets what `owner` has left."""
    if rival.is_resource and rival.cluster and owner.cluster == rival.cluster:
        return f"annotate this one with {ADOPT}={owner.namespace}/{owner.name}"
    return "take the pack over with `packctl adopt` (docs/adopt.md)"


def _ref_changed(before: str, now: str) -> Stalled:
    return Stalled(
        Reason.REF_CONFLICT,
        f"pack.yaml's ref changed from {before!r} to {now!r}; nothing was written.",
        hint=f"A pack's ref cannot change: put {before!r} back, or delete this Pack and create "
        f"another for {now!r}.",
    )
