"""Repositories served by the real `git http-backend`; a test can hold up or change its answers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import unquote

from hack.gitbackend import Answer as Reply
from hack.gitbackend import Request, Service, ask, identify
from tests.source.fake_server import FakeServer, serving

Change = Callable[[Request, Reply], Reply]

SAFETY_NET = 30.0


class Backend:
    """The repositories below a folder, at `url(name)`.

    `requests` counts all requests, `fetches` and `sent` those for objects and the bytes of the
    answers. After `hold(size)` an answer with objects stops after so many bytes and waits for
    `release`.
    """

    def __init__(self, server: FakeServer) -> None:
        self._server = server
        self.requests = 0
        self.fetches = 0
        self.sent = 0
        self.held = threading.Event()
        self.released = threading.Event()
        self.size: int | None = None

    def url(self, name: str) -> str:
        return self._server.url.replace("/team/packs.git", f"/{name}")

    def hold(self, size: int) -> None:
        self.held.clear()
        self.released.clear()
        self.size = size

    def release(self) -> None:
        self.size = None
        self.released.set()


@contextmanager
def backend(
    root: Path,
    *,
    change: Change = lambda _, reply: reply,
    headers: Callable[[Mapping[str, str]], Mapping[str, str]] = lambda headers: headers,
) -> Iterator[Backend]:
    """A server of what is below `root`; `headers` are what Git gets to see of a request's, and
    `change` is what becomes of its answer."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        request = _request(handler, headers)
        reply = change(request, ask(root, request))
        asked = identify(request)
        is_fetch = asked is not None and asked[1] is Service.FETCH
        server.requests += 1
        server.fetches += is_fetch
        server.sent += is_fetch * len(reply.body)
        handler.send_response(reply.status)
        for name, value in reply.headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(reply.body)))
        handler.end_headers()
        size = len(reply.body) if server.size is None or not is_fetch else server.size
        with suppress(ConnectionError):  # the client may have been killed
            handler.wfile.write(reply.body[:size])
            if size < len(reply.body):
                server.held.set()
                server.released.wait(SAFETY_NET)
                handler.wfile.write(reply.body[size:])

    with serving(answer) as fake:
        server = Backend(fake)
        try:
            yield server
        finally:
            server.release()


def _request(
    handler: BaseHTTPRequestHandler,
    seen: Callable[[Mapping[str, str]], Mapping[str, str]],
) -> Request:
    path, _, query = handler.path.partition("?")
    headers = {name.lower(): value for name, value in handler.headers.items()}
    body = handler.rfile.read(int(headers.get("content-length", "0")))
    return Request(handler.command, unquote(path), query, seen(headers), body)
