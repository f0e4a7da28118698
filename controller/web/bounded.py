"""Reads the body of each request of the API within bounds, before anything else does.

FastAPI reads it before it asks who sends it, so nobody's body may be large. Imports the neighbours.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from fastapi import HTTPException, Request

from controller.web.answers import problem
from controller.web.asgi import App, Receive, Scope, Send
from controller.web.bodies import Bodies

_PREFIX = "/api/"


class Bounded:
    """ASGI middleware: a body that is too large, late or packed is refused."""

    def __init__(self, app: App, bodies: Bodies) -> None:
        self._app = app
        self._bodies = bodies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, its body read."""
        if scope["type"] == "http" and scope["path"].startswith(_PREFIX):
            try:
                body = await self._bodies.read(Request(scope, receive))
            except HTTPException as error:
                answer = problem(error.status_code, str(error.detail))
                answer.headers.update(error.headers or {})
                await answer(scope, receive, send)
                return
            receive = _again(body, receive)
        await self._app(scope, receive, send)


def _again(body: bytes, receive: Receive) -> Receive:
    """What tells of `body`, and then of what comes after it."""
    is_told = False

    async def told() -> MutableMapping[str, Any]:
        nonlocal is_told
        if is_told:
            return await receive()
        is_told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return told
