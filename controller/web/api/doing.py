"""`POST /api/v1/packs/…`: the routes of what can be done. Imports the room."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from controller.formats.plans import plan_listing
from controller.pack.spec import Until
from controller.status.words import plural
from controller.web.answers import Problem
from controller.web.api.deeds import Deeds
from controller.web.api.packs import PROBLEMS, Pack
from controller.web.api.results import (
    AllSynced,
    SyncResult,
    ValidationResult,
    of_check,
    sync_message,
)
from controller.web.api.shapes import Answer
from controller.web.auth import Who

PROBLEMS_OF_DEEDS: dict[int | str, dict[str, object]] = {
    **PROBLEMS,
    403: {"model": Problem, "description": "The caller may see it, but not change it."},
    409: {"model": Problem, "description": "It cannot be done as things are."},
}

Seconds = Annotated[
    float, Query(ge=0, le=120, description="Seconds to wait for the end; it goes on without.")
]


_LATE: dict[int | str, dict[str, Any]] = {
    202: {"model": Answer[SyncResult], "description": "It has not ended yet."}
}


class Suspension(BaseModel):
    """Whether the controller is to leave a pack alone."""

    model_config = ConfigDict(extra="forbid")

    suspend: bool = Field(description="true: leave it alone. false: look after it again.")


class Rollback(BaseModel):
    """Which recorded revision is to be applied."""

    model_config = ConfigDict(extra="forbid")

    revision: (
        Annotated[int, Field(ge=1, le=2**31 - 1)]
        | Annotated[str, Field(min_length=1, max_length=256)]
        | None
    ) = Field(
        description="Its number, or a name such as `~1` or `main@1f3a`; null: follow Git again."
    )
    until: Until = Field(
        Until.NEXT_COMMIT, description="How long it holds; a pack without resource is only asked."
    )


class Done(BaseModel):
    """What was asked of the controller."""

    ref: str = Field(description="The pack's ref.")
    suspended: bool | None = Field(None, description="Whether it is left alone now.")
    revision: int | None = Field(None, description="Number of the revision that it goes to.")


def deed_routes(deeds: Deeds) -> APIRouter:
    """The routes, for the public socket."""
    routes = APIRouter(prefix="/api/v1", tags=["actions"], responses=PROBLEMS_OF_DEEDS)

    @routes.post("/packs/sync")
    def sync_all(caller: Who, timeout: Seconds = 30.0) -> Answer[AllSynced]:
        """Sync every pack that the caller may update. One that fails stops no other; what takes
        longer than `timeout` goes on, and its `errors` say so."""
        found = deeds.sync_all(caller, timeout)
        failed = sum(bool(one.errors) for one in found)
        message = f"Synced {plural(len(found), 'pack')}, {failed} with errors."
        return Answer(data=AllSynced(packs=found, failed_count=failed), message=message)

    @routes.post("/packs/{ref}/workflows/sync", responses=_LATE)
    @routes.post("/packs/{ref}/sync", responses=_LATE, include_in_schema=False)
    def sync(
        caller: Who, pack: Pack, response: Response, timeout: Seconds = 30.0
    ) -> Answer[SyncResult]:
        """Bring a pack into the database now. A Pack resource is reconciled by its controller,
        which is waited for; a pack without one is read from its folder."""
        done = deeds.sync(caller, pack, timeout)
        if done.ended:
            return Answer(data=done.result, message=sync_message(done.result))
        response.status_code = 202
        return Answer(data=done.result, message=f"It is still being synced after {timeout:g} s.")

    @routes.post("/packs/{ref}/workflows/validate")
    @routes.post("/packs/{ref}/validate", include_in_schema=False)
    def validate(caller: Who, pack: Pack) -> Answer[ValidationResult]:
        """Validate a pack as its source has it now. Nothing is written."""
        result = of_check(pack.ref, deeds.validate(caller, pack))
        bad = f"{plural(result.error_count, 'workflow')} with errors"
        good = f"{plural(result.validated_count, 'workflow file')} valid"
        return Answer(data=result, message=f"{bad if result.errors else good}.")

    @routes.get("/packs/{ref}/plan")
    def plan(caller: Who, pack: Pack) -> Answer[dict[str, Any]]:
        """What a sync of a pack would do now, as its source has it. Nothing is written. The answer
        is the JSON of `packctl diff` (docs/diff.md)."""
        return Answer(data=json.loads(plan_listing(deeds.plan(caller, pack))))

    @routes.post("/packs/{ref}/suspend")
    def suspend(caller: Who, pack: Pack, asked: Suspension) -> Answer[Done]:
        """Have the controller leave a pack alone, or look after it again."""
        one = deeds.suspend(caller, pack, suspend=asked.suspend)
        said = "left alone" if asked.suspend else "looked after again"
        done = Done(ref=one.told.ref, suspended=asked.suspend)
        return Answer(data=done, message=f"{one.told.ref} is {said}.")

    @routes.post("/packs/{ref}/rollback")
    def roll_back(caller: Who, pack: Pack, asked: Rollback) -> Answer[Done]:
        """Apply a recorded revision in place of Git's."""
        name = None if asked.revision is None else str(asked.revision)
        entry = deeds.roll_back(caller, pack, name, asked.until)
        if entry is None:
            return Answer(data=Done(ref=pack.ref), message=f"{pack.ref} follows Git again.")
        done = Done(ref=pack.ref, revision=entry.number)
        return Answer(data=done, message=f"{pack.ref} goes back to revision {entry.number}.")

    return routes
