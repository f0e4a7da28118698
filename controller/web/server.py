"""The HTTP server: one app on several sockets, in a thread with a loop of its own.

May import `listening`. uvicorn lives here only.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Sequence
from functools import partial
from typing import Any, cast

import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.h11_impl import H11Protocol

_CONNECTIONS = 512
_GRACE_SECONDS = 3


class HttpServer:
    """`start` returns when requests are answered; `stop` lets the running ones end. A connection
    is closed when its next request has not begun to be answered `head_seconds` after it could."""

    def __init__(
        self, app: FastAPI, sockets: Sequence[socket.socket], *, head_seconds: float = 10.0
    ) -> None:
        self._sockets = list(sockets)
        self._started = threading.Event()
        self._server = _Server(self._started, _config(app, head_seconds))
        self._thread = threading.Thread(target=self._run, name="http", daemon=True)

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()
        self._started.wait()

    def stop(self) -> None:
        """Answer nothing new, and wait for what runs, three seconds at most."""
        self._server.should_exit = True
        self._thread.join(_GRACE_SECONDS + 2)

    def _run(self) -> None:
        try:
            self._server.run(sockets=self._sockets)
        finally:
            self._started.set()


def _config(app: FastAPI, head_seconds: float) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=cast("type[asyncio.Protocol]", partial(_Deadline, head_seconds)),
        ws="none",
        lifespan="off",
        loop="asyncio",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=_CONNECTIONS,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )


class _Server(uvicorn.Server):
    def __init__(self, started: threading.Event, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._on_start = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_start.set()


class _Deadline(H11Protocol):
    """Closes a connection whose request does not come: uvicorn only bounds the silence between
    two requests, so a byte now and then would hold a place for ever."""

    def __init__(self, head_seconds: float, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._head_seconds = head_seconds
        self._timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._arm()

    def connection_lost(self, exc: Exception | None) -> None:
        self._disarm()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._arm()

    def _arm(self) -> None:
        self._disarm()
        self._timer = self.loop.call_later(self._head_seconds, self._expire)

    def _disarm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _expire(self) -> None:
        if self.cycle is None or self.cycle.response_complete:
            self.transport.close()
