"""`GET /api/v1/packs/{ref}/revisions…`: what was applied, what was tried, and what differs.

Imports `store`, `diff`, `formats` and the room.
"""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path, Query

from controller.diff.between import Recorded, between
from controller.formats.plans import PlanReport, plan_listing
from controller.store import AttemptEntry, RecordedRevision, Store
from controller.web.api.deeds import Deeds, named
from controller.web.api.packs import PROBLEMS, Pack
from controller.web.api.past_shapes import (
    AttemptShape,
    Diagnostics,
    PlacedDiagnostic,
    RecordedShape,
    RevisionShape,
    attempt_of,
    recorded_of,
    revision_of,
)
from controller.web.api.seen import Seen
from controller.web.api.shapes import Answer
from controller.web.auth import Who

_INTEGER = 2**31 - 1
_BIG = 2**63 - 1
Limit = Annotated[int, Query(ge=1, le=1000, description="Entries at most.")]


def past_routes(deeds: Deeds) -> APIRouter:
    """The routes, for the public socket."""
    desk = deeds.desk
    routes = APIRouter(prefix="/api/v1", tags=["history"], responses=PROBLEMS)
    store = desk.store

    @routes.get("/packs/{ref}/revisions")
    def revisions(
        caller: Who,
        pack: Pack,
        limit: Limit = 20,
        before: Annotated[int | None, Query(ge=1, le=_INTEGER, description="Older ones.")] = None,
    ) -> Answer[list[RevisionShape]]:
        """The applied revisions that are kept of a pack, the newest first."""
        is_there = desk.find(caller, pack).row
        found = store.history(pack.ref, limit=limit, before=before) if is_there else ()
        return Answer(data=[revision_of(one) for one in found])

    @routes.get("/packs/{ref}/revisions/{number}")
    def revision(
        caller: Who,
        pack: Pack,
        number: Annotated[int, Path(ge=1, le=_INTEGER, description="Its number.")],
    ) -> Answer[RecordedShape]:
        """One applied revision with its workflows, without their texts."""
        found = store.revision(pack.ref, number) if desk.find(caller, pack).row else None
        if found is None:
            raise HTTPException(404, f"No revision {number} of this pack is kept.")
        return Answer(data=recorded_of(found))

    @routes.get("/packs/{ref}/attempts")
    def attempts(
        caller: Who,
        pack: Pack,
        limit: Limit = 20,
        before: Annotated[int | None, Query(ge=1, le=_BIG, description="Older ones.")] = None,
    ) -> Answer[list[AttemptShape]]:
        """What was tried with a pack and came out in another way than before, the newest first."""
        found = _attempts(store, desk.find(caller, pack), limit, before)
        return Answer(data=[attempt_of(one) for one in found])

    @routes.get("/packs/{ref}/diagnostics")
    def diagnostics(
        caller: Who,
        pack: Pack,
        around: Annotated[
            int | None, Query(ge=0, le=10, description="With so many lines before and after.")
        ] = None,
    ) -> Answer[Diagnostics]:
        """What validation found last, errors first. Lines are there as long as the Pack's
        repository can be read and has not moved on."""
        one = desk.find(caller, pack)
        found = _diagnostics(store, one)
        return Answer(data=found if around is None else deeds.beside(one, found, around))

    @routes.get("/packs/{ref}/diff")
    def diff(
        caller: Who,
        pack: Pack,
        older: Annotated[str, Query(alias="from", max_length=256)] = "~1",
        newer: Annotated[str, Query(alias="to", max_length=256)] = "latest",
    ) -> Answer[dict[str, Any]]:
        """What two applied revisions differ in: numbers, or names such as `latest`, `~1` and
        `main@1f3a`. The answer is the JSON of `packctl diff` (docs/diff.md)."""
        one = desk.find(caller, pack)
        old, new = (_complete(store, one, name) for name in (older, newer))
        plan = between(pack.ref, _recorded(old), _recorded(new))
        numbers = old.entry.number, new.entry.number
        report = PlanReport(pack.ref, plan, numbers=numbers)
        return Answer(data=json.loads(plan_listing(report)))

    return routes


def _attempts(store: Store, one: Seen, limit: int, before: int | None) -> tuple[AttemptEntry, ...]:
    """Those of the resource, or of the pack where none follows it."""
    whose = one.owner or one.told.ref
    return store.attempts(whose, limit=limit, before=before)


def _diagnostics(store: Store, one: Seen) -> Diagnostics:
    """The status tells them; where it had to be cut, the history may have more."""
    known = one.resource.status().validation if one.resource else None
    if known and not known.truncated:
        return Diagnostics.model_validate(known.model_dump())
    last = next(iter(_attempts(store, one, 1, None)), None)
    if known and (last is None or last.errors + last.warnings != known.total_count):
        return Diagnostics.model_validate(known.model_dump())
    if last is None:
        return Diagnostics()
    found = [PlacedDiagnostic.model_validate(each) for each in last.diagnostics]
    total = last.errors + last.warnings
    return Diagnostics(
        validated_count=known.validated_count if known else None,
        error_count=last.errors,
        warning_count=last.warnings,
        total_count=total,
        truncated=total > len(found),
        diagnostics=found,
    )


def _complete(store: Store, one: Seen, revision: str) -> RecordedRevision:
    entry = named(store, one.told.ref, one, revision)
    found = store.revision(one.told.ref, entry.number)
    if found is None or found.manifest is None:
        raise HTTPException(404, f"The texts of revision {entry.number} are not kept.")
    return found


def _recorded(one: RecordedRevision) -> Recorded:
    manifest = json.loads(one.manifest.document) if one.manifest else None
    return Recorded(one.entry.revision, manifest, one.workflows, one.missing)
