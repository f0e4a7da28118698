"""What a reconcile is asked to do, as a value. Imports `pack` and the values of `source`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from controller import __version__
from controller.errors import PackError
from controller.pack.identity import AskedBy, Owner
from controller.pack.source import Look, Observed, Source
from controller.pack.spec import DriftPolicy, GitRef, PackSpec
from controller.pack.tree import Revision
from controller.pack.verdict import Verdict
from controller.redact import public_url
from controller.source.access import OPEN, Access
from controller.source.git_source import GitSource
from controller.source.mirrors import Mirrors
from controller.source.signatures.policy import Policy
from controller.source.target import GitReference, GitTarget, ReferenceKind

_INFLUENTIAL: Any = {
    "ref": True,
    "git": {"url", "path"},
    "validation": True,
    "update_existing": True,
    "prune": True,
    "allow_empty": True,
    "drift_policy": True,
    "rollback": True,
}


class Unopened:
    """The source of a Pack that cannot be opened: each look fails for the same reason."""

    def __init__(self, error: PackError) -> None:
        self._error = error

    def observe(self, look: Look) -> Observed:  # noqa: ARG002  # as `Source` has it
        """Raise the reason."""
        raise self._error

    def read(self, oids: Sequence[str]) -> Mapping[str, bytes]:  # noqa: ARG002  # as `Source`
        """Raise the reason."""
        raise self._error


def _anytime(_: Revision) -> None:
    """Nobody must come first."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What made the rows what they are: a folder's tree, and a digest of what else decides."""

    tree_oid: str
    inputs: str


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks for a reconcile and why now. `generation` is that of the spec; `pack_ref` is empty
    while nobody knows it."""

    owner: Owner
    generation: int
    asked_by: AskedBy
    pack_ref: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """One pack, who asks for it and why now, and where it comes from.

    `reported` is the revision of the last sync that this Pack's status tells of, if the status says
    that all is well: only then may a reconcile that finds nothing moved skip the validation. When
    the status is behind the rows (the API server was away, or the controller died), it is not.
    `drift` is the digest of what the status tells of rows that others changed and that stay so;
    `seen` the commits that it names as Git's.

    A look at Git that began before `since` does not count (in `time.monotonic` seconds; None:
    before now); `urgent` looks even while a remote that failed is left alone. `settled` is what the
    rows are known to be, where that is good enough: a commit that leaves the pack alone then costs
    no question to the database. `adopts` and `heir_of` are what may be taken over of others, as in
    `Policy` and `Fence`. `dry_run` plans, and writes no row. `waiting` are packs that wait
    to be applied themselves, each with the refs of those that it waits for.
    `check_turn` raises `PackError` while another must come before a revision of this pack.
    `approved` is the revision that a person wants applied, where each one must be approved,
    and `approver` who says that it was them.
    """

    owner: Owner
    generation: int
    spec: PackSpec
    source: Source
    reported: str = ""
    drift: str = ""
    since: float | None = None
    urgent: bool = True
    settled: Settled | None = None
    adopts: frozenset[str] = frozenset()
    heir_of: tuple[Owner, ...] = ()
    asked_by: AskedBy = AskedBy.COMMAND_LINE
    waiting: Mapping[str, frozenset[str]] = field(default_factory=dict)
    check_turn: Callable[[Revision], None] = _anytime
    dry_run: bool = False
    seen: tuple[str, ...] = ()
    approved: str = ""
    approver: str = ""

    @property
    def asker(self) -> Asker:
        """Who asks, as far as the spec tells."""
        return Asker(self.owner, self.generation, self.asked_by, self.spec.ref or "")

    @property
    def watches_drift(self) -> bool:
        """Whether anybody wants to know what others do to the rows."""
        return self.spec.drift_policy is not DriftPolicy.IGNORE

    @property
    def source_url(self) -> str:
        """Where the pack comes from, as anybody may read it."""
        return public_url(self.spec.git.url)

    @property
    def source_ref(self) -> str:
        """What is followed there."""
        return reference(self.spec.git.ref).name or "HEAD"

    @property
    def followed(self) -> str:
        """The same for a sentence: `branch 'main'`, `range '^1.2'`, `HEAD`."""
        return str(reference(self.spec.git.ref))

    def inputs(self, verdict: Verdict | None = None) -> str:
        """A digest of what decides over the rows beside the revision: some of the spec, the keys
        that it was verified with, and the program, because a new one may check more."""
        chosen = self.spec.model_dump(mode="json", include=_INFLUENTIAL)
        policy = verdict.policy if verdict else ""
        text = json.dumps([__version__, chosen, policy], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def reference(ref: GitRef) -> GitReference:
    """What `spec.git.ref` asks for; raises `InvalidSpec`."""
    if ref.branch:
        return GitReference(ReferenceKind.BRANCH, ref.branch)
    if ref.tag:
        return GitReference(ReferenceKind.TAG, ref.tag)
    if ref.semver:
        return GitReference(ReferenceKind.SEMVER, ref.semver)
    if ref.name:
        return GitReference(ReferenceKind.NAME, ref.name)
    if ref.commit:
        return GitReference(ReferenceKind.COMMIT, ref.commit)
    return GitReference()


def asked_source(
    spec: PackSpec,
    mirrors: Mirrors,
    access: Access = OPEN,
    policy: Policy | None = None,
    *,
    tenant: str = "",
    moved: Callable[[], None] = lambda: None,
) -> GitSource:
    """The repository that `spec` names, opened by `access`, its signatures checked by `policy`;
    `moved` is called when another's look found something new there.

    `tenant` is whose share of the cache it takes: a namespace. Raises `InvalidSpec`.
    """
    target = GitTarget(
        url=spec.git.url,
        reference=reference(spec.git.ref),
        path=spec.git.path.strip("/"),
        access=access,
        policy=policy,
        timeout=spec.timeout_seconds,
    )
    return GitSource(mirrors, target, tenant, moved)
