"""What goes into the store and what comes out. May import `pack`; no I/O."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from controller.pack.caller import Caller
from controller.pack.content import CompiledWorkflow, Json, PackManifest
from controller.pack.drift import Drift
from controller.pack.identity import AskedBy, Owner
from controller.pack.rollback import Rollback
from controller.pack.spec import DriftPolicy
from controller.pack.tree import Commit


@dataclass(frozen=True, slots=True)
class Fence:
    """Which observation a sync comes from, so that an older one never overwrites a newer one.

    `sequence` is drawn with `Store.next_sequence` before the look at the remote, `generation` is
    the resource's metadata.generation (0 for the command line). `heir_of` are others whose
    claim `owner` may take over, because somebody knows that they are gone; without a uid, whatever
    resource had that name.
    """

    owner: Owner
    sequence: int
    generation: int
    heir_of: tuple[Owner, ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """What a sync may do. `keep` holds the refs whose file is invalid now: their rows stay.
    `adopts` holds the refs under which rows that were made by hand may become the workflow's."""

    update_existing: bool = True
    prune: bool = True
    allow_empty: bool = False
    keep: frozenset[str] = frozenset()
    adopts: frozenset[str] = frozenset()
    drift: DriftPolicy = DriftPolicy.CORRECT

    @property
    def leaves_drift(self) -> bool:
        """Whether rows that others changed stay so until Git changes the same workflow."""
        return self.drift is not DriftPolicy.CORRECT


@dataclass(frozen=True, slots=True)
class SyncRequest:
    """One pack at one revision, to become rows.

    `inputs` is a digest of the spec fields that influence the result; `source_url` is the
    repository without credentials, `source_ref` the branch, tag or commit that was asked for.
    `details` tells of the commit, where the pack comes from one. `rollback` is what is to be
    remembered of one: that this is its revision or, when it is over, that it is to be ignored.
    """

    fence: Fence
    manifest: PackManifest
    workflows: tuple[CompiledWorkflow, ...]
    policy: Policy
    revision: str
    commit: str
    tree_oid: str
    inputs: str
    source_url: str
    source_ref: str
    asked_by: AskedBy
    details: Commit | None = None
    rollback: Rollback | None = None

    @property
    def is_of_git(self) -> bool:
        """Whether it is a commit; a folder has one id for its listing and for its revision."""
        return self.commit != self.tree_oid

    @property
    def pack_ref(self) -> str:
        """The pack's ref, which is what claims and locks go by."""
        return self.manifest.ref


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a pack ref, and since when."""

    pack_ref: str
    owner_uid: str
    owner_namespace: str
    owner_name: str
    owner_cluster: str
    claimed_at: datetime

    @property
    def owner(self) -> Owner:
        """Who holds it."""
        return Owner(self.owner_uid, self.owner_namespace, self.owner_name, self.owner_cluster)


class KnownAction(NamedTuple):
    """An action that the database has, whoever wrote it."""

    ref: str
    param_schema: Json


class KnownPack(NamedTuple):
    """A pack that the database has, whoever wrote it."""

    ref: str
    version: str
    dependencies: Sequence[str]


class InventoryItem(NamedTuple):
    """One workflow that we wrote. `digest` is `CompiledWorkflow.digest`.

    A named tuple, as `ActualRow` and `Step`, because each sync makes one for each workflow: a
    frozen dataclass takes four times as long.
    """

    ref: str
    version: str
    digest: str
    file: str
    blob: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """What an owner applied last.

    `drift` is `Drift.digest` as it is now: empty where neither the pack's row nor any row of its
    inventory was changed or deleted since, None where the rows were not looked at. `blocked` counts
    workflows whose removal still waits for their executions. `dependencies` are those in the pack's
    row, `versions` has the version of each such pack that there is.
    """

    pack_ref: str
    generation: int
    revision: str
    commit: str
    tree_oid: str
    inputs: str
    blocked: int
    applied_at: datetime
    drift: str | None
    dependencies: Sequence[str]
    versions: Mapping[str, str]

    @property
    def intact(self) -> bool:
        """Whether all rows are known to be as they were applied."""
        return self.drift == ""


@dataclass(frozen=True, slots=True)
class Standing:
    """What an owner has claimed, and the rollback that is remembered of it."""

    pack_ref: str
    revision: str
    commit: str
    tree_oid: str
    inputs: str
    rollback: Rollback | None

    def __post_init__(self) -> None:
        if isinstance(self.rollback, dict):
            object.__setattr__(self, "rollback", Rollback.recorded(self.rollback))


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a sync did: refs in order, and the inventory as it is now.

    `drifted` repeats those of the other tuples whose rows were changed behind our back, and `drift`
    tells what happened to them; `callers` are workflows of others that call what was pruned.
    `wrote` is false when the database already held everything, the revision included. `number` is
    that of the revision which the rows are now, None where none was ever recorded. `rollback` is
    what is remembered of one.
    """

    pack_ref: str
    created: tuple[str, ...]
    updated: tuple[str, ...]
    unchanged: tuple[str, ...]
    pruned: tuple[str, ...]
    callers: tuple[Caller, ...]
    skipped: tuple[str, ...]
    kept: tuple[str, ...]
    blocked: tuple[str, ...]
    drifted: tuple[str, ...]
    drift: Drift
    pack_changed: bool
    inventory: tuple[InventoryItem, ...]
    wrote: bool
    number: int | None
    rollback: Rollback | None = None


@dataclass(frozen=True, slots=True)
class Removal:
    """What a removal did; an empty `pack_ref` means that the owner had claimed nothing.

    `callers` are workflows of others that call what was removed.
    """

    pack_ref: str = ""
    workflows: tuple[str, ...] = ()
    pack_removed: bool = False
    callers: tuple[Caller, ...] = ()
