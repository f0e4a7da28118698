"""What the controller says and hears over HTTP: its health, its numbers.

May import `telemetry`, `reconcile`, `status`, `store`, `pack` and below, never `operator`: what
a request wants of the cluster is a callable that `app.py` gives.
"""

from controller.web.api import Deeds, Desk, Folders, NoCluster
from controller.web.auth import ClusterUsers, Gate, Known, TokenFile
from controller.web.health import Check, Readiness
from controller.web.hooks import Doors
from controller.web.listening import listen
from controller.web.server import HttpServer
from controller.web.site import Api, site

__all__ = [
    "Api",
    "Check",
    "ClusterUsers",
    "Deeds",
    "Desk",
    "Doors",
    "Folders",
    "Gate",
    "HttpServer",
    "Known",
    "NoCluster",
    "Readiness",
    "TokenFile",
    "listen",
    "site",
]
