"""One reconcile under way: what it works with, and what its steps have found so far.

Imports `source`'s values, `load`, `validate` and `store`.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TypeVar

from controller.errors import PackError, Stage
from controller.load.select import Selection
from controller.pack.identity import AskedBy
from controller.pack.outcome import Applied, Approval, Failure, Findings, Item, Outcome
from controller.pack.planned import Planned
from controller.pack.rollback import Rollback
from controller.pack.source import Observed
from controller.pack.tree import Commit, PackTree, Revision
from controller.reconcile.asked import Asked, Asker
from controller.reconcile.awaiting import awaited
from controller.reconcile.restoring import Restoration
from controller.store import (
    Comparison,
    Receipt,
    Standing,
    Store,
)
from controller.validate import (
    Checked,
    CheckedManifest,
    CheckedSettings,
    Examined,
    Installed,
    Known,
    Memo,
)

T = TypeVar("T")


class Flow(Enum):
    """Whether the next step has something to do."""

    GO_ON = "go on"
    DONE = "done"


@dataclass(slots=True)
class Run:
    """One reconcile under way: what it works with, and what its steps have found so far."""

    asked: Asked
    memo: Memo
    store: Store | None = None
    stage: Stage = Stage.FETCHED
    verified: bool = False
    observed: Observed | None = None
    revision: Revision | None = None
    commit: Commit | None = None
    selection: Selection | None = None
    manifest: CheckedManifest | None = None
    settings: CheckedSettings | None = None
    examined: Examined | None = None
    known: Known | None = None
    installed: Installed | None = None
    checked: Checked | None = None
    planned: Planned | None = None
    comparison: Comparison | None = None
    for_owner: bool = False
    receipt: Receipt | None = None
    restoration: Restoration | None = None
    hindrance: Failure | None = None
    ended: Rollback | None = None
    standing: Standing | None = None
    approval: Approval | None = None
    kept: Receipt | None = None
    is_approved: bool = False
    failure: Failure | None = field(default=None)
    begun: float = field(default_factory=time.monotonic)

    @property
    def asker(self) -> Asker:
        """Who asks, and for which pack."""
        known, back = self.asked.asker, self.restoration
        found = (self.manifest.ref if self.manifest else "") or (back.pack_ref if back else "")
        cause = back.cause if back else known.asked_by
        cause = AskedBy.APPROVAL if self.is_approved else cause
        return replace(known, pack_ref=found or known.pack_ref, asked_by=cause)

    @property
    def applied(self) -> Receipt | None:
        """What the last sync did."""
        return self.receipt or (self.restoration.receipt if self.restoration else None)

    @property
    def over(self) -> Rollback | None:
        """The rollback that Git's commit ends or has ended."""
        back = self.restoration
        return back.restored.rollback.ended() if back else self.ended

    @property
    def tree(self) -> PackTree:
        """What `fetch` found."""
        return known(self.observed).tree

    @property
    def _version(self) -> str:
        """The version of the pack that is applied."""
        if self.restoration is not None:
            return self.restoration.version
        manifest = self.checked.manifest if self.checked else None
        return manifest.version if manifest else ""

    def fail(self, error: PackError) -> None:
        """Note the first failure; later ones are its consequences."""
        self.failure = self.failure or Failure(self.stage, error)

    def outcome(self) -> Outcome:
        """What came of it so far."""
        seen, restoration, receipt = self.observed, self.restoration, self.applied
        changed = receipt or self.kept
        return Outcome(
            source_url=self.asked.source_url,
            source_ref=self.asked.source_ref,
            followed=self.asked.followed,
            revision=self.revision,
            commit=self.commit,
            verifies=self.asked.spec.git.verify is not None,
            verdict=seen.tree.verdict if seen else None,
            drift=changed.drift if changed else None,
            watches_drift=self.asked.watches_drift,
            tree_oid=seen.tree.tree_oid if seen and not restoration else "",
            begun=seen.begun if seen else None,
            findings=_findings(self.checked),
            applied=_applied(receipt, self._version),
            failure=self.failure,
            restored=restoration.restored if restoration else None,
            hindrance=self.hindrance,
            ended=self.ended,
            approval=self.approval,
            approver=self.asked.approver if self.is_approved else "",
            verified_unchanged=self.verified,
            planned=self.planned,
            awaited=awaited(self.asker.pack_ref, self.examined, self.checked),
            seconds=time.monotonic() - self.begun,
        )


def known(value: T | None) -> T:
    """A value that an earlier step has left, or the store of a run that has one."""
    assert value is not None  # noqa: S101  # the order of STEPS sees to it
    return value


def _findings(checked: Checked | None) -> Findings | None:
    if checked is None:
        return None
    files = len(checked.workflows) + len(checked.invalid)
    return Findings(files, len(checked.workflows), checked.diagnostics)


def _applied(receipt: Receipt | None, version: str) -> Applied | None:
    if receipt is None:
        return None
    return Applied(
        pack_ref=receipt.pack_ref,
        version=version,
        created=len(receipt.created),
        updated=len(receipt.updated),
        unchanged=len(receipt.unchanged),
        pruned=len(receipt.pruned),
        skipped=len(receipt.skipped) + len(receipt.kept),
        inventory=tuple(
            Item(one.ref, one.version, one.digest, one.file) for one in receipt.inventory
        ),
        wrote=receipt.wrote,
        callers=receipt.callers,
        number=receipt.number,
    )
