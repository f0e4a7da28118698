"""A Git server over smart HTTP on the loopback interface, with accounts, counters and faults.

It serves the bare repositories below a folder. Imports the standard library, `gitbackend`,
`authority` and the search for a port.
"""

from __future__ import annotations

import base64
import socket
import socketserver
import ssl
import threading
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, replace
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import unquote

from hack.authority import ServerTls
from hack.gitbackend import Answer, Request, Service, ask, identify
from hack.gitfaults import Fault, pieces
from hack.ports import free_port

__all__ = ["Basic", "Bearer", "Fault", "GitServer", "Service"]


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

    def __init__(self, root: Path, tls: ServerTls | None = None) -> None:
        self._root = root
        self._tls = tls.context() if tls else None
        self._port = free_port()
        self._lock = threading.Lock()
        self._let_go = 0
        self._counts: Counter[tuple[str, Service]] = Counter()
        self._accounts: dict[str, Basic | Bearer] = {}
        self._redirects: dict[str, str] = {}
        self._faults: dict[str, tuple[Fault, threading.Event]] = {}
        self._pauses: dict[str, int] = {}
        self.is_old = False
        """Whether it speaks no version 2 of the protocol, as servers of before 2018."""
        self.connections = 0
        """How many connections were taken: less than requests, since they are kept."""
        self._listener: _Listener | None = None

    def __enter__(self) -> Self:
        self.up()
        return self

    def __exit__(self, *exception: object) -> None:
        for name in list(self._faults):
            self.release(name)
        self.down()

    def url(self, name: str) -> str:
        """The address of a repository, whether it exists or not."""
        scheme = "https" if self._tls else "http"
        return f"{scheme}://127.0.0.1:{self._port}/{name}"

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
        self.spoil(name, Fault.HANG)

    def throttle(self, name: str, seconds: int) -> None:
        """Answer 429 with Retry-After for a repository until `release`."""
        self._pauses[name] = seconds
        self.spoil(name, Fault.THROTTLE)

    def spoil(self, name: str, fault: Fault) -> None:
        """Let each answer for a repository go wrong until `release`."""
        self._faults.setdefault(name, (fault, threading.Event()))

    @property
    def let_go_count(self) -> int:
        """How many requests that `hang` held have their answer by now, read or not."""
        with self._lock:
            return self._let_go

    def let_go(self) -> None:
        """Count an answer to a request that was held."""
        with self._lock:
            self._let_go += 1

    def release(self, name: str) -> None:
        """Answer the requests that hang, and all later ones."""
        _, released = self._faults.pop(name)
        released.set()

    def down(self) -> None:
        """Refuse connections and end those there are, as when the server is away. Nothing changes
        if it is down."""
        listener, self._listener = self._listener, None
        if listener:
            listener.shutdown()
            listener.server_close()
            listener.end_all()

    def up(self) -> None:
        """Listen, after `down()` at the same address as before. Nothing changes if it is up."""
        if self._listener:
            return
        self._listener = _Listener(self, self._port, self._tls)
        threading.Thread(
            target=self._listener.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        ).start()

    def answer(self, request: Request) -> Answer:
        """What the server says to a request, if nothing spoils it."""
        asked = identify(request)
        if asked is None:
            return Answer(HTTPStatus.NOT_FOUND, {})
        name, _ = asked
        if target := self._redirects.get(name):
            rest = request.path.strip("/").removeprefix(name)
            query = f"?{request.query}" if request.query else ""
            return Answer(HTTPStatus.FOUND, {"Location": f"{target}{rest}{query}"})
        account = self._accounts.get(name)
        if account and request.headers.get("authorization") != account.header:
            return Answer(HTTPStatus.UNAUTHORIZED, {"WWW-Authenticate": account.challenge})
        if self.is_old:
            kept = {key: value for key, value in request.headers.items() if key != "git-protocol"}
            request = replace(request, headers=kept)
        return ask(self._root, request)

    def fault(self, request: Request) -> tuple[Fault, threading.Event] | None:
        """What spoils the answer to a request, which is counted here."""
        asked = identify(request)
        if asked is None:
            return None
        with self._lock:
            self._counts[asked] += 1
        return self._faults.get(asked[0])

    def pause(self, request: Request) -> Answer:
        """The answer of a server that has had enough."""
        asked = identify(request)
        seconds = self._pauses.get(asked[0], 0) if asked else 0
        return Answer(HTTPStatus.TOO_MANY_REQUESTS, {"Retry-After": str(seconds)})


class _Listener(ThreadingHTTPServer):
    daemon_threads = True  # a request that hangs must not keep the process alive
    block_on_close = False
    request_queue_size = 128

    def __init__(self, server: GitServer, port: int, tls: ssl.SSLContext | None) -> None:
        self.git = server
        self.tls = tls
        self._open: set[socket.socket] = set()
        super().__init__(("127.0.0.1", port), _Handler)

    def server_bind(self) -> None:
        # As HTTPServer does, without its look-up of the host's name, which may ask a resolver.
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", int(self.server_address[1])

    def process_request(self, request: Any, client_address: Any) -> None:
        self.git.connections += 1
        self._open.add(request)
        super().process_request(request, client_address)

    def finish_request(self, request: Any, client_address: Any) -> None:
        # In the connection's own thread: a client may take its time for the handshake.
        if self.tls is None:
            super().finish_request(request, client_address)
            return
        self._open.discard(request)
        with self.tls.wrap_socket(request, server_side=True) as secured:
            self._open.add(secured)
            super().finish_request(secured, client_address)
            self._open.discard(secured)

    def shutdown_request(self, request: Any) -> None:
        self._open.discard(request)
        super().shutdown_request(request)

    def end_all(self) -> None:
        for request in tuple(self._open):
            with suppress(OSError):
                request.shutdown(socket.SHUT_RDWR)

    def handle_error(self, *_: object) -> None:
        """Say nothing: a client that hangs up early is what some tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"  # below it, clients may not send chunks
    disable_nagle_algorithm = True
    wbufsize = -1  # an answer leaves as a whole
    server: _Listener

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, unquote(path), query, headers, self._body())
        spoiled = self.server.git.fault(request)
        if spoiled is None:
            self._send(self.server.git.answer(request))
        elif spoiled[0] is Fault.THROTTLE:
            self._send(self.server.git.pause(request))
        else:
            self._spoil(self.server.git, request, *spoiled)

    do_POST = do_GET  # noqa: N815 - named by http.server

    def _send(self, answer: Answer) -> None:
        self.wfile.write(self._head(answer) + answer.body)

    def _head(self, answer: Answer) -> bytes:
        headers = {**answer.headers, "Content-Length": str(len(answer.body))}
        lines = [f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        return "\r\n".join([*lines, "", ""]).encode()

    def _spoil(
        self, git: GitServer, request: Request, fault: Fault, released: threading.Event
    ) -> None:
        """Send what `fault` leaves of an answer; the connection ends with it."""
        self.close_connection = True
        if fault is Fault.HANG:
            released.wait()
            self._send(git.answer(request))
            self.wfile.flush()
            git.let_go()
            return
        if fault is Fault.GARBAGE:
            self.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n" * 100)
            return
        answer = git.answer(request)
        for piece in pieces(self._head(answer), answer.body, fault, released):
            self.wfile.write(piece)
            self.wfile.flush()

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
