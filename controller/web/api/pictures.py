"""A workflow's row → its picture. Imports `graph`, `load` and `workflow`."""

from __future__ import annotations

import json
from enum import StrEnum

from fastapi import HTTPException, Response

from controller.graph import TooLarge, graph_of, to_mermaid, to_svg
from controller.load.tree import parse
from controller.pack.content import Json
from controller.pack.report import Report
from controller.workflow.build import build

# What opens such a picture by its address gets a picture, whatever is in it.
_SVG_HEADERS = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox"}


class Picture(StrEnum):
    """The languages that a graph can be written in."""

    SVG = "svg"
    MERMAID = "mermaid"


def picture(ref: str, definition: Json, form: Picture) -> Response:
    """The graph of a workflow; raises `HTTPException` (422) where it cannot be drawn."""
    report = Report(ref)
    document = parse(json.dumps(definition), report)
    workflow = build(document, report) if document else None
    graph = graph_of(workflow, ref) if workflow else None
    if graph is None or not graph.nodes:
        raise HTTPException(422, f"The definition of {ref} in the database has no tasks to draw.")
    if form is Picture.MERMAID:
        return Response(to_mermaid(graph), media_type="text/vnd.mermaid; charset=utf-8")
    try:
        return Response(to_svg(graph), media_type="image/svg+xml", headers=_SVG_HEADERS)
    except TooLarge as error:
        raise HTTPException(422, str(error)) from None
