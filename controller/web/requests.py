"""A name for each request, in its answer and in every log line of it. Imports `asgi`.

One that the caller gives (`X-Request-Id`) is kept, so that a line can be found by what a proxy
before us has logged; what does not look like one is replaced.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import MutableMapping
from typing import Any

from structlog.contextvars import bind_contextvars

from controller.web.asgi import App, Receive, Scope, Send

HEADER = b"x-request-id"
_GOOD = re.compile(rb"[A-Za-z0-9._-]{1,64}")


class RequestIds:
    """ASGI middleware. A request is handled in a task of its own, so what is bound ends with it."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, with its name bound."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        name = _given(scope) or secrets.token_hex(8).encode()
        bind_contextvars(request_id=name.decode())

        async def with_name(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (HEADER, name)]
            await send(message)

        await self._app(scope, receive, with_name)


def _given(scope: Scope) -> bytes | None:
    """What the caller calls it, where that is fit to be logged."""
    given = next((value for name, value in scope["headers"] if name == HEADER), b"")
    return given if _GOOD.fullmatch(given) else None
