"""`/api/v1`: packs and workflows over HTTP. May import `store`, `reconcile`, `pack` and `auth`."""

from fastapi import APIRouter

from controller.web.api.desk import Desk, NoCluster
from controller.web.api.followed import Directory
from controller.web.api.packs import pack_routes, workflow_routes

__all__ = ["Desk", "Directory", "NoCluster", "api_routes"]


def api_routes(desk: Desk) -> APIRouter:
    """All routes of the API."""
    routes = APIRouter()
    routes.include_router(pack_routes(desk))
    routes.include_router(workflow_routes(desk))
    return routes
