"""Which routes answer on which socket. Imports `asgi`.

The operators' socket has health and numbers, which nobody outside should read; the public one has
the rest. Both belong to one app, so that one process has one list of routes.
"""

from __future__ import annotations

from controller.web.asgi import App, Receive, Scope, Send

OPERATIONS = frozenset({"/healthz", "/readyz", "/metrics"})
_NOWHERE = "/nothing-here"


class Split:
    """ASGI middleware: a path on the wrong socket is not found. `ops_port` is the operators'."""

    def __init__(self, app: App, ops_port: int | None) -> None:
        self._app = app
        self._ops_port = ops_port

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or one for a path that does not exist."""
        if scope["type"] == "http":
            is_ops = scope["server"][1] == self._ops_port
            if is_ops != (scope["path"] in OPERATIONS):
                scope = {**scope, "path": _NOWHERE, "raw_path": _NOWHERE.encode()}
        await self._app(scope, receive, send)
