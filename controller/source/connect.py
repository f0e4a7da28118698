"""A program for ssh's ProxyCommand: make the connection, hand it to ssh, end (ProxyUseFdpass).

    connect.py SECONDS ADDRESS,… PORT [HOST PORT]

The addresses are those of the server or, where HOST and PORT are given, of the proxy to it, whose
URL is PACKCTL_SSH_PROXY in the environment. It starts for each connection and imports nothing of
ours for that; what it says on standard error is read by `ssh_faults`.
"""

from __future__ import annotations

import base64
import os
import socket
import sys
import time
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

_LONGEST_ANSWER = 16 * 1024
_LONGEST_TRY = 5.0  # seconds that one address is tried when there are others


class _Refused(Exception):
    """What the proxy says."""


def main(seconds: float, addresses: list[str], port: int, target: tuple[str, int] | None) -> str:
    """Connect and hand over; gives what went wrong, in ssh's own words where it has some."""
    try:
        connection = _connected(addresses, port, time.monotonic() + seconds)
    except OSError as failure:
        kind = "proxy" if target else "server"
        return f"{kind} cannot be reached: {failure.strerror or failure}"
    try:
        if target:
            _ask(connection, urlsplit(os.environ["PACKCTL_SSH_PROXY"]), *target)
    except (_Refused, OSError) as refusal:
        return f"proxy refused: {refusal}"
    connection.settimeout(None)
    with connection, socket.socket(fileno=sys.stdout.fileno()) as ssh:
        socket.send_fds(ssh, [b"\0"], [connection.fileno()])
    return ""


def _connected(addresses: list[str], port: int, deadline: float) -> socket.socket:
    for address in addresses[:-1]:
        left = deadline - time.monotonic()
        try:
            return socket.create_connection((address, port), min(max(left, 0.1), _LONGEST_TRY))
        except OSError:
            continue
    return socket.create_connection((addresses[-1], port), max(deadline - time.monotonic(), 0.1))


def _ask(proxy: socket.socket, url: SplitResult, host: str, port: int) -> None:
    login = unquote(url.username or ""), unquote(url.password or "")
    (_ask_http if url.scheme == "http" else _ask_socks)(proxy, login, host, port)


def _ask_http(proxy: socket.socket, login: tuple[str, str], host: str, port: int) -> None:
    """CONNECT (RFC 9110), reading the proxy's answer and not a byte more: over ssh the server
    speaks first, so its words may come right behind."""
    place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    head = [f"CONNECT {place} HTTP/1.1", f"Host: {place}"]
    if login[0]:
        head.append(
            f"Proxy-Authorization: Basic {base64.b64encode(':'.join(login).encode()).decode()}"
        )
    proxy.sendall("\r\n".join([*head, "", ""]).encode())
    answer = b""
    while not answer.endswith(b"\r\n\r\n"):
        byte = proxy.recv(1)
        if not byte or len(answer) > _LONGEST_ANSWER:
            raise _Refused("it does not speak HTTP")
        answer += byte
    status = [*answer.split(), b"", b""][1].decode(errors="replace")
    if status == "407":
        raise _Refused("login")
    if not status.startswith("2"):
        raise _Refused(f"HTTP {status}")


def _ask_socks(proxy: socket.socket, login: tuple[str, str], host: str, port: int) -> None:
    from python_socks import ProxyError, ProxyType
    from python_socks.sync import Proxy

    class Connected:
        """Stands for the way to the proxy, which the library would else go by itself."""

        def connect(self, **_: Any) -> socket.socket:
            return proxy

    way: Any = Connected()
    try:
        Proxy(ProxyType.SOCKS5, "", 0, *login, rdns=True, forward=way).connect(host, port)
    except ProxyError as refusal:
        word = "login" if "authentication" in str(refusal).lower() else str(refusal)
        raise _Refused(word) from None


if __name__ == "__main__":
    _seconds, _addresses, _port, *_target = sys.argv[1:]
    _behind = (_target[0], int(_target[1])) if _target else None
    _said = main(float(_seconds), _addresses.split(","), int(_port), _behind)
    if _said:
        sys.exit(f"connect: {_said}")
