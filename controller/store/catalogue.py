"""What the database has of packs and workflows, whoever wrote it, for those who look.

Imports this room's session and SQL.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from controller.pack.content import Json
from controller.store.session import Session
from controller.store.statements import Statement


class CataloguePack(NamedTuple):
    """A pack's row and whose it is; `owner_uid` is empty where no Pack resource has it, and
    `applied_at` None where we never wrote it."""

    id: int
    ref: str
    label: str
    version: str
    owner_uid: str
    owner_namespace: str
    owner_name: str
    revision: str
    applied_at: datetime | None
    workflow_count: int


@dataclass(frozen=True, slots=True)
class StoredWorkflow:
    """A workflow's row; `digest` and `file` are empty where we did not write it, `definition` is
    there where one was asked for."""

    id: int
    ref: str
    pack_ref: str
    label: str
    description: str | None
    version: str
    param_schema: Json
    out_schema: Json
    tags: Sequence[str] | None
    created: datetime
    updated: datetime
    digest: str
    file: str
    definition: Json = None


def catalogue(session: Session, refs: Collection[str] | None) -> tuple[CataloguePack, ...]:
    """See `Store.catalogue`."""
    params = {"refs": None if refs is None else sorted(refs)}
    return tuple(session.rows(Statement.READ_CATALOGUE, CataloguePack, params))


def pack_row(session: Session, pack_ref: str) -> dict[str, Any] | None:
    """See `Store.pack_row`."""
    return next(iter(session.values(Statement.READ_PACK_ROW, {"pack_ref": pack_ref})), None)


def workflows(session: Session, pack_ref: str) -> tuple[StoredWorkflow, ...]:
    """See `Store.workflows`."""
    params = {"pack_ref": pack_ref}
    return tuple(session.rows(Statement.READ_WORKFLOWS, StoredWorkflow, params))


def workflow(session: Session, ref: str) -> StoredWorkflow | None:
    """See `Store.workflow`."""
    return next(iter(session.rows(Statement.READ_WORKFLOW, StoredWorkflow, {"ref": ref})), None)
