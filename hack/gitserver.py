"""A Git server over smart HTTP on the loopback interface, with accounts, counters and faults.

It serves the bare repositories below a folder. Imports the standard library, `gitbackend`
and the search for a port.
"""

from __future__ import annotations

import base64
import socketserver
import threading
from collections import Counter
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self
from urllib.parse import unquote

from hack.gitbackend import Answer, Request, Service, ask, identify
from hack.ports import free_port

__all__ = ["Basic", "Bearer", "GitServer", "Service"]


@dataclass(frozen=True, slots=True)
class Basic:
    """A user name and a password (RFC 7617), as forges take them for Git."""

    username: str
    password: str

    challenge = 'Basic realm="git"'

    @property
    def header(self) -> str:
        """The value of the Authorization header that opens the repository."""
        pair = f"{self.username}:{self.password}"
        return f"Basic {base64.b64encode(pair.encode()).decode()}"


@dataclass(frozen=True, slots=True)
class Bearer:
    """A token (RFC 6750)."""

    token: str

    challenge = 'Bearer realm="git"'

    @property
    def header(self) -> str:
        """The value of the Authorization header that opens the repository."""
        return f"Bearer {self.token}"


class GitServer:
    """A context: the repositories below `root`, at `url(name)`, until it ends.

    Names are paths below `root`, such as `team/packs.git`. Faults and accounts may be changed at
    any time; they count from the next request on.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._port = free_port()
        self._lock = threading.Lock()
        self._counts: Counter[tuple[str, Service]] = Counter()
        self._accounts: dict[str, Basic | Bearer] = {}
        self._redirects: dict[str, str] = {}
        self._held: dict[str, threading.Event] = {}
        self._listener: _Listener | None = None

    def __enter__(self) -> Self:
        self.up()
        return self

    def __exit__(self, *exception: object) -> None:
        for name in list(self._held):
            self.release(name)
        self.down()

    def url(self, name: str) -> str:
        """The address of a repository, whether it exists or not."""
        return f"http://127.0.0.1:{self._port}/{name}"

    def count(self, name: str, service: Service | None = None) -> int:
        """How many requests came for a repository, of one service or of all, answered or not."""
        with self._lock:
            wanted = Service if service is None else (service,)
            return sum(self._counts[name, each] for each in wanted)

    def protect(self, name: str, account: Basic | Bearer | None) -> None:
        """Answer 401 to who does not come with this account; None lets everybody in again."""
        if account is None:
            self._accounts.pop(name, None)
        else:
            self._accounts[name] = account

    def redirect(self, name: str, url: str) -> None:
        """Send who asks for a repository to another address (302), as after a rename."""
        self._redirects[name] = url

    def hang(self, name: str) -> None:
        """Take requests for a repository and leave them without an answer until `release`."""
        self._held.setdefault(name, threading.Event())

    def release(self, name: str) -> None:
        """Answer the requests that `hang` holds, and all later ones."""
        self._held.pop(name).set()

    def down(self) -> None:
        """Refuse connections, as when the server is away. Nothing changes if it is down."""
        listener, self._listener = self._listener, None
        if listener:
            listener.shutdown()
            listener.server_close()

    def up(self) -> None:
        """Listen, after `down()` at the same address as before. Nothing changes if it is up."""
        if self._listener:
            return
        self._listener = _Listener(self, self._port)
        threading.Thread(
            target=self._listener.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        ).start()

    def answer(self, request: Request) -> Answer:
        """What the server says to a request; waits while the repository hangs."""
        asked = identify(request)
        if asked is None:
            return Answer(HTTPStatus.NOT_FOUND, {})
        name, _ = asked
        with self._lock:
            self._counts[asked] += 1
        if held := self._held.get(name):
            held.wait()
        if target := self._redirects.get(name):
            rest = request.path.strip("/").removeprefix(name)
            query = f"?{request.query}" if request.query else ""
            return Answer(HTTPStatus.FOUND, {"Location": f"{target}{rest}{query}"})
        account = self._accounts.get(name)
        if account and request.headers.get("authorization") != account.header:
            return Answer(HTTPStatus.UNAUTHORIZED, {"WWW-Authenticate": account.challenge})
        return ask(self._root, request)


class _Listener(ThreadingHTTPServer):
    daemon_threads = True  # a request that hangs must not keep the process alive
    block_on_close = False
    request_queue_size = 128

    def __init__(self, server: GitServer, port: int) -> None:
        self.git = server
        super().__init__(("127.0.0.1", port), _Handler)

    def server_bind(self) -> None:
        # As HTTPServer does, without its look-up of the host's name, which may ask a resolver.
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", int(self.server_address[1])

    def handle_error(self, *_: object) -> None:
        """Say nothing: a client that hangs up early is what some tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # below it, clients may not send chunks
    server: _Listener

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, unquote(path), query, headers, self._body())
        answer = self.server.git.answer(request)
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.send_header("Connection", "close")  # so that down() leaves no connection behind
        self.end_headers()
        self.wfile.write(answer.body)

    do_POST = do_GET  # noqa: N815 - named by http.server

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", "0")))
        chunks = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(chunks)

    def log_message(self, *_: object) -> None:
        """Say nothing; `count` tells what was asked."""
