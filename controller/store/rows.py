"""What the database holds of one pack, read in a fixed number of statements.

May import `redact` and this room's values, plan, SQL and session.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass

from controller.pack.caller import TOLD, Caller
from controller.pack.content import CompiledWorkflow, Json
from controller.redact import public_url
from controller.store.plan import ActualRow, prunable
from controller.store.session import Params, Session
from controller.store.statements import Statement
from controller.store.values import SyncRequest

_TERMINAL = (
    "completed", "succeeded", "success", "failed", "error", "cancelled", "canceled", "timeout",
    "timed_out", "abandoned", "skipped",
)  # fmt: skip

_METHOD = "gitops"


@dataclass(frozen=True, slots=True)
class PackRow:
    """The pack's row; `id` and `fingerprint` are None where there is none, and `wanted` is what the
    fingerprint would be if the row said what the manifest says. `is_stamped` tells that it names
    the tree that it comes from."""

    id: int | None
    fingerprint: str | None
    wanted: str
    is_stamped: bool

    @property
    def is_current(self) -> bool:
        """Whether it says what the manifest says."""
        return self.fingerprint == self.wanted


def read_pack(session: Session, request: SyncRequest) -> PackRow:
    """The pack's row, or that there is none."""
    [found] = session.rows(Statement.READ_PACK, PackRow, pack_columns(request))
    return found


def read_rows(
    session: Session, pack_ref: str, pack: int | None, desired: Collection[CompiledWorkflow]
) -> tuple[ActualRow, ...]:
    """Every row that the plan must know. Those that are as they should be are not even sent."""
    params: Params = {
        "pack_ref": pack_ref,
        "pack": pack,
        "refs": [one.ref for one in desired],
        "marks": [f"{one.digest} {one.blob} {one.file}" for one in desired],
    }
    found = session.rows(Statement.READ_ROWS, ActualRow, params)
    others = {row.ref for row in found}
    right = (_as_it_should_be(one, pack_ref) for one in desired if one.ref not in others)
    return (*found, *right)


def _as_it_should_be(workflow: CompiledWorkflow, pack_ref: str) -> ActualRow:
    return ActualRow(
        workflow.ref,
        known=True,
        version=workflow.version,
        digest=workflow.digest,
        file=workflow.file,
        blob=workflow.blob,
        holder=pack_ref,
        ours=True,
        intact=True,
    )


def with_running(
    session: Session,
    pack: int | None,
    request: SyncRequest,
    rows: tuple[ActualRow, ...],
    *,
    lock: bool,
) -> tuple[ActualRow, ...]:
    """`rows` with `running` set; asks nothing where nothing would be pruned."""
    leaving = prunable(request.workflows, rows, request.policy)
    running = read_running(session, pack, leaving, lock=lock)
    if not running:
        return rows
    return tuple(row._replace(running=True) if row.ref in running else row for row in rows)


def read_running(
    session: Session, pack: int | None, refs: Collection[str], *, lock: bool
) -> frozenset[str]:
    """Those of `refs` that have executions under way, as far as Attune keeps a record.

    With `lock` no execution of them can start until the transaction ends.
    """
    if not refs or not session.value(Statement.FIND_EXECUTIONS):
        return frozenset()
    if lock:
        session.run(Statement.LOCK_DEFINITIONS, {"refs": list(refs)})
    params: Params = {"refs": list(refs), "pack": pack, "terminal": list(_TERMINAL)}
    return frozenset(session.values(Statement.READ_RUNNING, params))


def read_callers(session: Session, pack_ref: str, refs: Collection[str]) -> tuple[Caller, ...]:
    """The first workflows that call some of `refs` and are not among those that we wrote of the
    pack, which validation has looked at; asks nothing where there are no refs."""
    if not refs:
        return ()
    params: Params = {"pack_ref": pack_ref, "refs": list(refs), "limit": TOLD}
    return tuple(session.rows(Statement.READ_CALLERS, Caller, params))


def manifest_columns(request: SyncRequest) -> dict[str, Json]:
    """Our columns of the pack's row as the manifest and the source want them."""
    manifest = request.manifest
    return {
        "label": manifest.label,
        "description": manifest.description,
        "version": manifest.version,
        "conf_schema": manifest.conf_schema,
        "meta": manifest.meta,
        "tags": list(manifest.tags),
        "runtime_deps": list(manifest.runtime_deps),
        "dependencies": list(manifest.dependencies),
        "source_type": "git" if request.source_url else None,
        "source_url": public_url(request.source_url) or None,
        "source_ref": request.source_ref or None,
    }


def checksum(tree_oid: str) -> str:
    """What `git rev-parse COMMIT:FOLDER | sha256sum` prints: one value for one content of all
    files below the pack's folder, also of those that we never read."""
    return hashlib.sha256(f"{tree_oid}\n".encode()).hexdigest()


def pack_columns(request: SyncRequest) -> Params:
    """The parameters of statements about the pack's row."""
    manifest = request.manifest
    return {
        **manifest_columns(request),
        "checksum": checksum(request.tree_oid) if request.is_of_git else None,
        "installation_method": _METHOD,
        "ref": manifest.ref,
        "conf_schema": json.dumps(manifest.conf_schema),
        "config": json.dumps(manifest.config),
        "meta": json.dumps(manifest.meta),
    }
