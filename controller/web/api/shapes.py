"""The answers of the API: what every client may rely on. Imports `pack` and the room's caller.

Sections that a Pack's status has, too, are as Kubernetes shows them (camelCase inside).
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, Field

from controller.pack.status import (
    CommitStatus,
    Condition,
    DriftStatus,
    PendingStatus,
    RollbackStatus,
    SourceStatus,
    SyncStatus,
    ValidationStatus,
)
from controller.web.auth import Verb

One = TypeVar("One")


class Ready(StrEnum):
    """Whether a pack is as it should be, as the condition Ready has it."""

    TRUE = "True"
    FALSE = "False"
    UNKNOWN = "Unknown"

    @classmethod
    def _missing_(cls, value: object) -> Ready | None:
        """Upper and lower case are one in a query."""
        return next((one for one in cls if one.value.lower() == str(value).lower()), None)


class Answer(BaseModel, Generic[One]):
    """One thing."""

    data: One
    message: str | None = Field(None, description="What was done, for people.")


class Pagination(BaseModel):
    """Which part of a list this is."""

    page: int = Field(description="From 1.")
    page_size: int = Field(description="Items of a page at most.")
    total_items: int = Field(description="Items of all pages.")
    total_pages: int = Field(description="Pages there are.")


class Page(BaseModel, Generic[One]):
    """A part of a list."""

    data: list[One]
    pagination: Pagination


class ListedPack(BaseModel):
    """A pack in a list. One that no Pack resource follows has no namespace and name."""

    ref: str = Field(description="The pack's ref; the resource's name as long as nobody knows it.")
    label: str = Field("", description="Its name for people.")
    version: str = Field("", description="The version in its pack.yaml.")
    id: int | None = Field(None, description="Its id in Attune; null where it is not there.")
    namespace: str | None = Field(None, description="Namespace of the Pack resource.")
    name: str | None = Field(None, description="Name of the Pack resource.")
    ready: Ready = Field(description="The condition Ready; Unknown without a resource.")
    reason: str = Field("", description="Why, for programs.")
    message: str = Field("", description="Why, for people.")
    revision: str = Field("", description="The revision that the database holds.")
    workflow_count: int = Field(0, description="Its workflows in the database.")
    invalid_count: int = Field(0, description="Errors that validation found last.")
    suspended: bool = Field(default=False, description="Whether it is left alone.")
    synced_at: datetime | None = Field(None, description="When it was applied last.")
    url: str = Field("", description="The repository, without credentials.")
    may: list[Verb] = Field(description="What the caller may do to it.")


class PackDetail(ListedPack):
    """A pack with all that is known of it."""

    description: str | None = Field(None, description="What it is for.")
    tags: list[str] = Field([], description="Words to find it by.")
    conf_schema: dict[str, Any] = Field({}, description="What can be configured.")
    config: dict[str, Any] = Field({}, description="How it is configured; secrets are masked.")
    meta: dict[str, Any] = Field({}, description="What else its pack.yaml says.")
    runtime_deps: list[str] = Field([], description="Runtimes that it needs.")
    dependencies: list[str] = Field([], description="Packs that it needs.")
    is_standard: bool = Field(default=False, description="Whether it came with Attune.")
    created: datetime | None = Field(None, description="When its row was made.")
    updated: datetime | None = Field(None, description="When its row was written last.")
    conditions: list[Condition] = Field([], description="All conditions of the resource.")
    source: SourceStatus | None = Field(None, description="Where the last good revision is from.")
    last_attempted_revision: str = Field("", description="The revision that was seen last.")
    commit: CommitStatus | None = Field(None, description="The commit of the revision.")
    sync: SyncStatus | None = Field(None, description="What the last sync did.")
    validation: ValidationStatus | None = Field(None, description="What validation found last.")
    drift: DriftStatus | None = Field(None, description="Rows that others changed.")
    pending_revision: PendingStatus | None = Field(
        None, description="The revision that waits for an approval."
    )
    rollback: RollbackStatus | None = Field(None, description="What became of a rollback.")


class ListedWorkflow(BaseModel):
    """A workflow in a list."""

    id: int = Field(description="Its id in Attune.")
    ref: str = Field(description="Its ref.")
    pack_ref: str = Field(description="The ref of its pack.")
    label: str = Field(description="Its name for people.")
    description: str | None = Field(None, description="What it does.")
    version: str = Field(description="Its version.")
    tags: list[str] = Field(description="Words to find it by.")
    created: datetime = Field(description="When its row was made.")
    updated: datetime = Field(description="When its row was written last.")
    digest: str = Field(description="SHA-256 of what is stored; empty where others wrote it.")
    file: str = Field(description="Its file inside of the pack; empty where others wrote it.")


class WorkflowDetail(ListedWorkflow):
    """A workflow with its definition."""

    param_schema: Any = Field(None, description="What it is called with.")
    out_schema: Any = Field(None, description="What it gives back.")
    definition: Any = Field(description="The whole workflow, as Attune runs it.")


class Me(BaseModel):
    """Who asks."""

    user: str = Field(description="The caller's name.")
    can: dict[str, list[Verb]] = Field(
        description="What the caller may do to each pack, by `namespace/name`, or by ref where no "
        "resource follows it; `*` is every pack."
    )
