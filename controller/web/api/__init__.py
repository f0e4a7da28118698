"""`/api/v1`: packs and workflows over HTTP. May import `store`, `reconcile`, `pack` and `auth`."""

from fastapi import APIRouter

from controller.web.api.deeds import Deeds
from controller.web.api.desk import Desk, NoCluster
from controller.web.api.doing import deed_routes
from controller.web.api.events import event_routes
from controller.web.api.folders import Folders
from controller.web.api.followed import Directory
from controller.web.api.packs import pack_routes, workflow_routes
from controller.web.api.packs_by_hand import by_hand_routes
from controller.web.api.past import past_routes

__all__ = ["Deeds", "Desk", "Directory", "Folders", "NoCluster", "api_routes"]


def api_routes(deeds: Deeds) -> APIRouter:
    """All routes of the API."""
    routes, desk = APIRouter(), deeds.desk
    routes.include_router(pack_routes(desk))
    routes.include_router(by_hand_routes(deeds))
    routes.include_router(deed_routes(deeds))
    routes.include_router(past_routes(deeds))
    routes.include_router(event_routes(desk))
    routes.include_router(workflow_routes(desk))
    return routes
