"""The one FastAPI app: which routes it has. Imports the room's neighbours and `telemetry`."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import FastAPI

from controller import __version__
from controller.web.answers import SafeHeaders, Surprises, answer_errors
from controller.web.api import Deeds, api_routes
from controller.web.auth import Gate
from controller.web.bodies import Bodies
from controller.web.bounded import Bounded
from controller.web.docs import document
from controller.web.health import Readiness, health_routes
from controller.web.hooks import Doors, hook_routes
from controller.web.metrics import metrics_routes
from controller.web.page import page_routes
from controller.web.requests import RequestIds
from controller.web.split import Split


@dataclass(frozen=True, slots=True)
class Api:
    """What the API shows, and to whom."""

    deeds: Deeds
    gate: Gate


def site(
    readiness: Readiness, doors: Doors, *, ops_port: int | None, api: Api | None = None
) -> FastAPI:
    """All routes. Those of operations answer on `ops_port` only; None: nowhere."""
    app = FastAPI(
        title="Attune Pack Controller",
        version=__version__,
        docs_url=None,
        redoc_url=None,
    )
    answer_errors(app)
    document(app)
    app.include_router(health_routes(readiness))
    app.include_router(metrics_routes(doors.meters))
    bodies = Bodies()
    app.include_router(hook_routes(doors, bodies))
    if api is not None:
        app.state.gate = api.gate
        app.include_router(api_routes(api.deeds))
        app.include_router(page_routes())
    app.add_middleware(Bounded, bodies=bodies)
    app.add_middleware(Split, ops_port=ops_port)
    app.add_middleware(Surprises)
    app.add_middleware(SafeHeaders)
    app.add_middleware(RequestIds)
    return app
