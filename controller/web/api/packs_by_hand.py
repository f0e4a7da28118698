"""`POST`, `PUT` and `DELETE /api/v1/packs…`: packs that no Pack resource follows.

Imports `store` and the room.
"""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from controller.pack.spec import OnInvalid
from controller.status.words import plural
from controller.store.by_hand import PackFields
from controller.web.api.deeds import Deeds
from controller.web.api.desk import Wanted, check, may
from controller.web.api.detail import detail
from controller.web.api.doing import PROBLEMS_OF_DEEDS
from controller.web.api.packs import Pack
from controller.web.api.shapes import Answer, PackDetail
from controller.web.auth import Caller, Target, Verb, Who

_REF = r"^[a-z][a-z0-9_-]+$"
_PART = r"[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*"
_VERSION = rf"^[0-9]+\.[0-9]+\.[0-9]+(-{_PART})?(\+{_PART})?$"


def _storable(value: Any) -> Any:
    """`value`, if PostgreSQL can keep it: it has no NUL, and knows numbers and characters only."""
    try:
        text = json.dumps(value, allow_nan=False, ensure_ascii=False)
        text.encode()
    except ValueError:
        raise ValueError("it has a number or a character that cannot be stored") from None
    if "\\u0000" in text:
        raise ValueError("it has a character that cannot be stored (NUL)")
    return value


Text = Annotated[str, Field(max_length=255), AfterValidator(_storable)]
Long = Annotated[str, Field(max_length=10_000), AfterValidator(_storable)]
Document = Annotated[dict[str, Any], AfterValidator(_storable)]
Words = Annotated[tuple[Text, ...], Field(max_length=1000)]
Version = Annotated[str, Field(pattern=_VERSION, max_length=255)]


class _Said(BaseModel):
    model_config = ConfigDict(extra="ignore")

    description: Long | None = Field(None, description="What it is for.")
    conf_schema: Document | None = Field(None, description="What can be configured.")
    config: Document | None = Field(None, description="How it is configured.")
    meta: Document | None = Field(None, description="Whatever else there is to say.")
    tags: Words | None = Field(None, description="Words to find it by.")
    runtime_deps: Words | None = Field(None, description="Runtimes that it needs.")
    dependencies: Words | None = Field(None, description="Packs that it needs.")


class NewPack(_Said):
    """A pack to be made. What is not known of it is ignored, as the original service does."""

    ref: Annotated[str, Field(pattern=_REF, max_length=255, description="Its ref.")]
    label: Text = Field(description="Its name for people.")
    version: Version = Field("0.1.0", description="Its version.")


class ChangedPack(_Said):
    """What is to be another of a pack; what is left out or null stays."""

    label: Text | None = Field(None, description="Its name for people.")
    version: Version | None = Field(None, description="Its version.")


def by_hand_routes(deeds: Deeds) -> APIRouter:
    """The routes, for the public socket."""
    routes = APIRouter(prefix="/api/v1", tags=["packs"], responses=PROBLEMS_OF_DEEDS)
    desk, store = deeds.desk, deeds.desk.store

    def told(caller: Caller, ref: str, what: str) -> Answer[PackDetail]:
        """The pack as it is now, after its folder was synced."""
        said = _sync(deeds, ref)
        one = desk.find(caller, Wanted(ref))
        found = detail(one, store.pack_row(ref), may(caller, one))
        return Answer(data=found, message=f"{what} {ref}.{said}")

    @routes.post("/packs", status_code=201)
    def create(caller: Who, pack: NewPack) -> Answer[PackDetail]:
        """Make a pack that no Pack resource follows, and sync its folder if it has one. Workflows
        with errors are left out, and the message tells of them."""
        if not caller.may(Verb.GET, Target(pack.ref)):
            raise HTTPException(403, f"You may not make a pack {pack.ref!r}.")
        check(caller, Verb.UPDATE, Target(pack.ref))
        store.prepare()
        if not store.add_pack(pack.ref, _made(pack)):
            raise HTTPException(409, f"There is a pack {pack.ref!r} already.")
        return told(caller, pack.ref, "Made")

    @routes.put("/packs/{ref}")
    def change(caller: Who, pack: Pack, changed: ChangedPack) -> Answer[PackDetail]:
        """Change a pack that no Pack resource follows, and sync its folder if it has one: what its
        pack.yaml says goes before what is said here."""
        _own(deeds, caller, pack)
        store.change_pack(pack.ref, _fields(changed))
        return told(caller, pack.ref, "Changed")

    @routes.delete("/packs/{ref}", status_code=204)
    def delete(caller: Who, pack: Pack) -> None:
        """Delete a pack that no Pack resource follows, with the workflows of its folder. It is
        refused while executions are running, and where other rows of Attune belong to it."""
        _own(deeds, caller, pack)
        store.delete_pack(pack.ref)

    return routes


def _own(deeds: Deeds, caller: Caller, pack: Wanted) -> None:
    """Raise `HTTPException` unless the pack is there and no resource's."""
    if deeds.desk.find(caller, pack, Verb.UPDATE).resource:
        raise HTTPException(
            409, "A Pack resource follows this pack: change it in Git, or delete the resource."
        )


def _sync(deeds: Deeds, ref: str) -> str:
    if not deeds.folders.has(ref):
        return ""
    result = deeds.sync_quietly(ref, OnInvalid.SKIP)
    if result.errors:
        return f" {plural(len(result.errors), 'error')}, such as: {result.errors[0]}"
    return f" {plural(result.registered_count, 'workflow')} synced."


def _made(pack: NewPack) -> PackFields:
    found = _fields(pack)
    empty: dict[str, Any] = {}
    return PackFields(
        found.label,
        found.description,
        found.version,
        found.conf_schema or empty,
        found.config or empty,
        found.meta or empty,
        found.tags or (),
        found.runtime_deps or (),
        found.dependencies or (),
    )


def _fields(said: NewPack | ChangedPack) -> PackFields:
    return PackFields(**said.model_dump(exclude={"ref"}))
