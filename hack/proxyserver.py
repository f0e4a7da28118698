"""A proxy on the loopback interface: HTTP (CONNECT, and plain requests), the same over TLS, and
SOCKS 5; with a login, counters and faults. Imports the standard library, `authority` and the
search for a port.
"""

from __future__ import annotations

import base64
import socket
import socketserver
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Self
from urllib.parse import urlsplit

from hack.authority import ServerTls
from hack.ports import free_port

_PIECE = 64 * 1024


class ProxyServer:
    """A context: a proxy at `address`, which is `scheme`://127.0.0.1:port.

    `login` is a user name and a password that it wants. It resolves names by `hosts` alone, as one
    in another network would; a name that is not in it cannot be reached. `refusing` and `silent`
    may be set at any time, and count from the next connection on.
    """

    def __init__(
        self,
        scheme: str = "http",
        *,
        login: tuple[str, str] | None = None,
        hosts: Mapping[str, str] | None = None,
        tls: ServerTls | None = None,
    ) -> None:
        port = free_port()
        self.address = f"{scheme}://127.0.0.1:{port}"
        self.refusing = False
        self.silent = False
        self.asked: list[str] = []
        """The host and port of each connection that it was asked for, refused ones too."""
        self.heads: list[str] = []
        """What an HTTP proxy was told in clear: request lines and headers."""
        self.login = login
        self.hosts = {"127.0.0.1": "127.0.0.1", **(hosts or {})}
        self.tls = tls.context() if tls else None
        self.stopping = threading.Event()
        handler = _Socks if scheme.startswith("socks") else _Http
        self._listener = _Listener(self, port, handler)

    def __enter__(self) -> Self:
        threading.Thread(
            target=self._listener.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        ).start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.stopping.set()
        self._listener.shutdown()
        self._listener.server_close()

    def dial(self, host: str, port: int) -> socket.socket | None:
        """A connection to where it was asked to go; None when it goes nowhere."""
        self.asked.append(f"{host}:{port}")
        address = self.hosts.get(host)
        if self.refusing or address is None:
            return None
        with suppress(OSError):
            return socket.create_connection((address, port))
        return None


class _Listener(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True

    def __init__(self, proxy: ProxyServer, port: int, handler: type[_Handler]) -> None:
        self.proxy = proxy
        super().__init__(("127.0.0.1", port), handler)

    def finish_request(self, request: Any, client_address: Any) -> None:
        if self.proxy.silent:
            self.proxy.stopping.wait()
            return
        if self.proxy.tls is None:
            super().finish_request(request, client_address)
            return
        with self.proxy.tls.wrap_socket(request, server_side=True) as secured:
            super().finish_request(secured, client_address)

    def handle_error(self, *_: object) -> None:
        """Say nothing: a client that hangs up early is what some tests are about."""


class _Handler(socketserver.StreamRequestHandler):
    rbufsize = 0  # what follows the head is for the target
    server: _Listener

    @property
    def proxy(self) -> ProxyServer:
        return self.server.proxy


class _Http(_Handler):
    def handle(self) -> None:
        head = self._head()
        self.proxy.heads.append(head)
        method, target, _ = head.split(" ", 2)
        if not self._is_welcome(head):
            self._say("407 Proxy Authentication Required", 'Proxy-Authenticate: Basic realm="p"')
            return
        host, port = self._place(target if method == "CONNECT" else urlsplit(target).netloc)
        there = self.proxy.dial(host, port)
        if there is None:
            self._say("403 Forbidden")
            return
        with there:
            if method == "CONNECT":
                self._say("200 Connection established")
            else:
                there.sendall(self._forwarded(head, target))
            relay(self.connection, there)

    def _head(self) -> str:
        lines = []
        while (line := self.rfile.readline().decode("latin-1")) not in ("\r\n", ""):
            lines.append(line)
        return "".join(lines)

    def _is_welcome(self, head: str) -> bool:
        if self.proxy.login is None:
            return True
        pair = base64.b64encode(":".join(self.proxy.login).encode()).decode()
        return f"Proxy-Authorization: Basic {pair}\r\n" in head

    def _place(self, netloc: str) -> tuple[str, int]:
        parts = urlsplit(f"//{netloc}")
        return parts.hostname or "", parts.port or 80

    def _say(self, status: str, *headers: str) -> None:
        length = () if status.startswith("200") else ("Content-Length: 0",)
        self.wfile.write("\r\n".join([f"HTTP/1.1 {status}", *headers, *length, "", ""]).encode())

    def _forwarded(self, head: str, target: str) -> bytes:
        parts = urlsplit(target)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        lines = head.replace(target, path, 1).splitlines()
        kept = [line for line in lines if not line.lower().startswith("proxy-")]
        return "\r\n".join([*kept, "Connection: close", "", ""]).encode()


class _Socks(_Handler):
    """RFC 1928, with the login of RFC 1929."""

    def handle(self) -> None:
        _, count = self._take(2)
        methods = self._take(count)
        wanted = 0 if self.proxy.login is None else 2
        if wanted not in methods:
            self.wfile.write(b"\x05\xff")
            return
        self.wfile.write(bytes([5, wanted]))
        if wanted and not self._is_welcome():
            return
        there = self.proxy.dial(*self._place())
        code = b"\x00" if there else b"\x02"
        self.wfile.write(b"\x05" + code + b"\x00\x01" + bytes(6))
        if there:
            with there:
                relay(self.connection, there)

    def _is_welcome(self) -> bool:
        name = self._take(self._take(2)[1])
        password = self._take(self._take(1)[0])
        good = (name.decode(), password.decode()) == self.proxy.login
        self.wfile.write(b"\x01\x00" if good else b"\x01\x01")
        return good

    def _place(self) -> tuple[str, int]:
        kind = self._take(4)[3]
        if kind == 3:
            host = self._take(self._take(1)[0]).decode()
        else:
            family = socket.AF_INET if kind == 1 else socket.AF_INET6
            host = socket.inet_ntop(family, self._take(4 if kind == 1 else 16))
        return host, int.from_bytes(self._take(2), "big")

    def _take(self, count: int) -> bytes:
        found = self.rfile.read(count)
        if len(found) < count:
            raise ConnectionError
        return found


def relay(one: socket.socket, other: socket.socket) -> None:
    """Carry bytes both ways until one side ends."""
    back = threading.Thread(target=_carry, args=(other, one), daemon=True)
    back.start()
    _carry(one, other)
    back.join()


def _carry(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError, ssl.SSLError):
        while piece := source.recv(_PIECE):
            target.sendall(piece)
    for end in (source, target):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
