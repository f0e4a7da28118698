"""What is kept of the past: applied revisions, and attempts. May import `pack`; no I/O."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from controller.pack.content import CompiledWorkflow, Json, PackManifest
from controller.pack.identity import AskedBy, Owner
from controller.pack.tree import Commit


@dataclass(frozen=True, slots=True)
class RevisionEntry:
    """One applied change of a pack; the counts are workflows.

    `number` is the pack's own, from 1, and never used again. `is_complete` tells that its bodies
    are recorded, so that it can be applied again; the first versions of this program kept none, and
    what stands after `pruned` is empty there.
    """

    pack_ref: str
    number: int
    revision: str
    commit: str
    applied_at: datetime
    created: int
    updated: int
    unchanged: int
    pruned: int
    asked_by: AskedBy
    owner_uid: str
    owner_namespace: str
    owner_name: str
    author: str | None
    committed_at: datetime | None
    subject: str | None
    tree_oid: str
    inputs: str
    source_url: str
    source_ref: str
    pack_changed: bool
    skipped: int
    blocked: int
    drifted: int
    version: str
    is_complete: bool

    def __post_init__(self) -> None:
        object.__setattr__(self, "asked_by", AskedBy(self.asked_by))

    @property
    def owner(self) -> Owner:
        """Who had it applied."""
        return Owner(self.owner_uid, self.owner_namespace, self.owner_name)

    @property
    def details(self) -> Commit | None:
        """Who made the commit, as far as that is known."""
        return _details(self.author, self.committed_at, self.subject)


@dataclass(frozen=True, slots=True)
class RecordedRevision:
    """An applied revision with all that it takes to apply it again.

    `manifest` is None where `entry` is not complete. `workflows` are those that Git had, and those
    that stayed though they were invalid or not to be updated; `missing` names the ones of them
    whose body nobody recorded.
    """

    entry: RevisionEntry
    manifest: PackManifest | None
    workflows: tuple[CompiledWorkflow, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of one reconcile, to be kept. `stage` and `reason` are the failure's; where there
    is none they are empty and `Succeeded`.

    `fingerprint` tells one failure from another: an attempt is kept only where it wrote something
    or has another fingerprint than the one before. A success has none.
    """

    owner: Owner
    pack_ref: str
    generation: int
    asked_by: AskedBy
    duration_ms: int
    revision: str
    commit: str
    details: Commit | None
    stage: str
    reason: str
    message: str
    hint: str
    errors: int
    warnings: int
    diagnostics: tuple[Json, ...]
    fingerprint: str


@dataclass(frozen=True, slots=True)
class AttemptEntry:
    """An attempt that was kept. `number` is that of the revision it made, None where it made none;
    `diagnostics` are as many of the `errors` and `warnings` as fitted, errors first."""

    id: int
    pack_ref: str
    owner_uid: str
    owner_namespace: str
    owner_name: str
    generation: int
    asked_by: AskedBy
    ended_at: datetime
    duration_ms: int
    revision: str
    commit: str
    author: str | None
    committed_at: datetime | None
    subject: str | None
    number: int | None
    stage: str
    reason: str
    message: str
    hint: str
    errors: int
    warnings: int
    diagnostics: tuple[Json, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "asked_by", AskedBy(self.asked_by))
        object.__setattr__(self, "diagnostics", tuple(self.diagnostics))

    @property
    def owner(self) -> Owner:
        """Whose attempt it was."""
        return Owner(self.owner_uid, self.owner_namespace, self.owner_name)

    @property
    def details(self) -> Commit | None:
        """Who made the commit, as far as that is known."""
        return _details(self.author, self.committed_at, self.subject)


@dataclass(frozen=True, slots=True)
class Retention:
    """How long the past is kept: so many days (0: for ever), and so many attempts of each Pack."""

    days: int = 365
    attempts: int = 100


@dataclass(frozen=True, slots=True)
class Removed:
    """How much of the past was removed."""

    revisions: int = 0
    bodies: int = 0
    attempts: int = 0


def _details(author: str | None, time: datetime | None, subject: str | None) -> Commit | None:
    return None if author is None or time is None else Commit(author, time, subject or "")
