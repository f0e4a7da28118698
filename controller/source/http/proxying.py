"""A connection through a proxy; whatever goes wrong here is the proxy's, and says so.

Imports the sockets of this package, `network`, `access` and `failures`.
"""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Mapping
from typing import Any, cast

from python_socks import ProxyError, ProxyType
from python_socks.sync import Proxy as SocksProxy

from controller.source.access import Proxy, Tls
from controller.source.commands import OverdueError
from controller.source.failures import FailedError, Failure
from controller.source.http import trust
from controller.source.http.wires import Wire, connected, secured
from controller.source.network import Place, Route


def through(proxy: Proxy, found: Route, tls: Tls | None, *, forwards: bool) -> Wire:
    """A connection to the target of `found`; with `forwards` one to the proxy, which takes the
    request itself. Called within `until`; raises `FailedError`."""
    try:
        wire: Wire = connected(found.first, Failure.PROXY_UNREACHABLE)
    except OverdueError:
        raise FailedError(Failure.PROXY_SILENT) from None
    try:
        if proxy.scheme == "https":
            wire = secured(wire, trust.context(tls), found.first.host)
        if proxy.scheme in ("socks5", "socks5h"):
            _socks(wire, found.target, proxy)
        elif not forwards:
            _tunnel(wire, found.target, proxy)
    except (OverdueError, FailedError, OSError, http.client.HTTPException) as error:
        wire.close()
        raise _named(error) from None
    return wire


def login(proxy: Proxy) -> Mapping[str, str]:
    """The header with the login for an HTTP proxy; empty when there is none."""
    return {"Proxy-Authorization": f"Basic {proxy.basic}"} if proxy.username else {}


def _named(error: Exception) -> Exception:
    if isinstance(error, (OverdueError, TimeoutError)):
        return FailedError(Failure.PROXY_SILENT)
    if isinstance(error, ssl.SSLError):
        reason = (error.reason or "its TLS failed").replace("_", " ").lower()
        return FailedError(Failure.PROXY_REFUSED, reason)
    if isinstance(error, http.client.HTTPException):
        return FailedError(Failure.PROXY_REFUSED, "it does not speak HTTP")
    if isinstance(error, OSError):
        return FailedError(Failure.PROXY_REFUSED, "it closed the connection")
    return error


def _tunnel(wire: Wire, target: Place, proxy: Proxy) -> None:
    """Ask an HTTP proxy for a connection (RFC 9110, section 9.3.6)."""
    place = f"{target.host}:{target.port}"
    headers = {"Host": place, **login(proxy)}
    lines = [f"CONNECT {place} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    wire.sendall("\r\n".join([*lines, "", ""]).encode())
    # The answer to HEAD ends with its headers, as that to CONNECT does when it is good.
    answer = http.client.HTTPResponse(cast("socket.socket", wire), method="HEAD")
    try:
        answer.begin()
    finally:
        answer.close()
    if answer.status == 407:
        raise FailedError(Failure.PROXY_LOGIN)
    if not 200 <= answer.status < 300:
        raise FailedError(Failure.PROXY_REFUSED, f"HTTP {answer.status}")


class _Connected:
    """Stands for the way to the proxy, which the library would else look up and go by itself."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def connect(self, **_: Any) -> Wire:
        return self._wire


def _socks(wire: Wire, target: Place, proxy: Proxy) -> None:
    asking = SocksProxy(
        ProxyType.SOCKS5,
        proxy.host,
        proxy.port,
        proxy.username or None,
        proxy.password if proxy.username else None,
        rdns=True,
        forward=cast("SocksProxy", _Connected(wire)),
    )
    host = target.addresses[0] if target.addresses else target.host.strip("[]")
    try:
        asking.connect(host, target.port)
    except ProxyError as refusal:
        if "authentication" in str(refusal).lower():
            raise FailedError(Failure.PROXY_LOGIN) from None
        raise FailedError(Failure.PROXY_REFUSED, str(refusal)) from None
