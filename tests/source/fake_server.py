"""An HTTP server that answers as a test says, to play every way a Git server can fail."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = Callable[[BaseHTTPRequestHandler], None]


class FakeServer:
    """A server on a free port of 127.0.0.1; `seen` holds the headers of every request."""

    def __init__(self, answer: Answer) -> None:
        self.seen: list[dict[str, str]] = []
        self.asked = threading.Event()
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.seen.append(dict(self.headers))
                server.asked.set()
                answer(self)

            def do_POST(self) -> None:
                self.do_GET()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._http.server_port}/team/packs.git"

    def run(self) -> None:
        self._http.serve_forever(poll_interval=0.01)

    def stop(self) -> None:
        self._http.shutdown()
        self._http.server_close()


@contextmanager
def serving(answer: Answer) -> Iterator[FakeServer]:
    server = FakeServer(answer)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join()


def reply(status: int, body: bytes = b"", **headers: str) -> Answer:
    """An answer with `status`; `content_type` as a keyword becomes `Content-Type`."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in headers.items():
            request.send_header(name.replace("_", "-"), value)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    return answer


def packet(text: bytes) -> bytes:
    """A pkt-line of the Git protocol (gitprotocol-common(5))."""
    return f"{len(text) + 4:04x}".encode() + text


ADVERTISEMENT = "application/x-git-upload-pack-advertisement"
