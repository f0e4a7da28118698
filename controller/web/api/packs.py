"""`GET /api/v1/packs…`: what there is. Imports the room and `graph`."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Path, Query, Response

from controller.pack.content import Json
from controller.store import StoredWorkflow
from controller.web.answers import Problem
from controller.web.api.desk import Desk, Wanted, may
from controller.web.api.detail import detail
from controller.web.api.listing import Filter, Part
from controller.web.api.pictures import Picture, picture
from controller.web.api.seen import permitted
from controller.web.api.shapes import (
    Answer,
    ListedPack,
    ListedWorkflow,
    Me,
    PackDetail,
    Page,
    WorkflowDetail,
)
from controller.web.auth import Target, Verb, Who

PROBLEMS: dict[int | str, dict[str, object]] = {
    401: {"model": Problem, "description": "No token, or a wrong one."},
    404: {"model": Problem, "description": "There is none that the caller may see."},
    422: {"model": Problem, "description": "The request is not valid."},
    429: {"model": Problem, "description": "Too many wrong tokens."},
    503: {"model": Problem, "description": "Something that is needed is away."},
}

REF = r"^[a-z][a-z0-9_.-]*$"
Ref = Annotated[str, Path(pattern=REF, max_length=255, description="The pack's ref.")]


def wanted(
    ref: Ref,
    namespace: Annotated[
        str, Query(max_length=253, description="Of its resource, where several want the ref.")
    ] = "",
    name: Annotated[str, Query(max_length=253, description="The resource's name.")] = "",
) -> Wanted:
    """The pack that a path names."""
    return Wanted(ref, namespace, name)


Pack = Annotated[Wanted, Depends(wanted)]
Filtered = Annotated[Filter, Depends()]
Paged = Annotated[Part, Depends()]


def pack_routes(desk: Desk) -> APIRouter:
    """The routes, for the public socket."""
    routes = APIRouter(prefix="/api/v1", tags=["packs"], responses=PROBLEMS)

    @routes.get("/packs")
    def list_packs(caller: Who, narrowed: Filtered, part: Paged) -> Page[ListedPack]:
        """All packs that the caller may see, by ref."""
        chosen = [one for one in desk.every(caller) if narrowed.fits(one)]
        found, where = part.of(chosen)
        return Page(data=[permitted(one, may=may(caller, one)) for one in found], pagination=where)

    @routes.get("/packs/{ref}")
    def get_pack(caller: Who, pack: Pack) -> Answer[PackDetail]:
        """One pack, with all that is known of it."""
        one = desk.find(caller, pack)
        row = desk.store.pack_row(pack.ref) if one.row else None
        return Answer(data=detail(one, row, may(caller, one)))

    @routes.get("/packs/{ref}/workflows")
    def list_workflows(caller: Who, pack: Pack, part: Paged) -> Page[ListedWorkflow]:
        """The workflows of a pack that the database has, by ref."""
        one = desk.find(caller, pack)
        found, where = part.of(desk.store.workflows(pack.ref) if one.row else ())
        return Page(data=[_listed(each) for each in found], pagination=where)

    @routes.get("/me")
    def me(caller: Who) -> Answer[Me]:
        """Who the caller is, and what they may do."""
        can = {_name(one.target): may(caller, one) for one in desk.every(caller)}
        everything = [verb for verb in Verb if caller.may(verb, Target())]
        return Answer(data=Me(user=caller.name, can={**can, "*": everything}))

    return routes


def workflow_routes(desk: Desk) -> APIRouter:
    """The routes of workflows that are known by their own ref."""
    routes = APIRouter(prefix="/api/v1", tags=["workflows"], responses=PROBLEMS)

    @routes.get(
        "/workflows/{ref}",
        response_model=Answer[WorkflowDetail],
        responses={200: {"content": {"image/svg+xml": {}, "text/vnd.mermaid": {}}}},
    )
    def get_workflow(
        caller: Who,
        ref: Annotated[str, Path(max_length=255, pattern=REF, description="Its ref.")],
        graph: Annotated[
            Picture | None, Query(description="A picture of it in place of the rest.")
        ] = None,
    ) -> Answer[WorkflowDetail] | Response:
        """A workflow with its definition, or its tasks as a picture."""
        desk.store.prepare()
        found = desk.store.workflow(ref)
        missing = HTTPException(404, f"There is no workflow {ref!r}, or you may not see it.")
        if found is None:
            raise missing
        try:
            one = desk.find(caller, Wanted(found.pack_ref))
        except HTTPException as error:
            raise (missing if error.status_code == 404 else error) from None
        if one.row is None:
            raise missing
        if graph:
            return picture(ref, found.definition, graph)
        return Answer(data=_detailed(found))

    return routes


def _name(target: Target) -> str:
    return f"{target.namespace}/{target.name}" if target.name else target.ref


def _listed(found: StoredWorkflow) -> ListedWorkflow:
    return ListedWorkflow.model_validate(_fields(found))


def _detailed(found: StoredWorkflow) -> WorkflowDetail:
    return WorkflowDetail.model_validate(_fields(found))


def _fields(found: StoredWorkflow) -> dict[str, Json]:
    names = (one for one in StoredWorkflow.__slots__)
    return {name: getattr(found, name) for name in names} | {"tags": list(found.tags or ())}
