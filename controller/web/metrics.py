"""`/metrics`, for Prometheus. May import `telemetry`."""

from __future__ import annotations

from fastapi import APIRouter, Response

from controller.telemetry import Meters
from controller.telemetry.meters import CONTENT_TYPE


def metrics_routes(meters: Meters) -> APIRouter:
    """The route, for the operators' socket."""
    routes = APIRouter(tags=["operations"])

    @routes.get("/metrics", response_class=Response)
    def metrics() -> Response:
        """Everything that the controller counts, in Prometheus' text format."""
        return Response(meters.page(), media_type=CONTENT_TYPE)

    return routes
