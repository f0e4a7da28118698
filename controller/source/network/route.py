"""Where the connection to a server goes: straight there, or through a proxy. Every address in it is
checked. Imports this package, `access` and `urls`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from controller.source.access import Proxy
from controller.source.failures import FailedError, Failure
from controller.source.network.policy import NetworkPolicy
from controller.source.network.resolving import resolve
from controller.source.urls import RemoteUrl, Scheme

_PORTS = {Scheme.HTTPS: 443, Scheme.SSH: 22, Scheme.HTTP: 80}


@dataclass(frozen=True, slots=True)
class Place:
    """A host in a URL's form, its port, and its addresses in the order to try them."""

    host: str
    port: int
    addresses: tuple[str, ...] = ()

    @property
    def pin(self) -> str:
        """What makes curl connect to these addresses (CURLOPT_RESOLVE)."""
        return f"{self.host.strip('[]')}:{self.port}:{','.join(self.addresses)}"


@dataclass(frozen=True, slots=True)
class Route:
    """`first` is what is connected to: `target`, or the proxy to it. The target has addresses only
    when it is we who look its name up."""

    first: Place
    target: Place

    @property
    def pins(self) -> Iterator[str]:
        """What keeps curl to the route."""
        places = dict.fromkeys((self.first, self.target))
        return (place.pin for place in places if place.addresses and not _is_literal(place))


def route(url: RemoteUrl, proxy: Proxy | None, policy: NetworkPolicy, deadline: float) -> Route:
    """The route to `url`, of http(s) or ssh. Raises `FailedError`, and `OverdueError` after
    `deadline` (in `time.monotonic` seconds)."""
    port = url.port or _PORTS[url.scheme]
    if proxy is None:
        target = Place(url.host, port, resolve(url.host, policy, deadline))
        return Route(target, target)
    first = _to_proxy(proxy, policy, deadline)
    if proxy.scheme == "socks5":
        return Route(first, Place(url.host, port, resolve(url.host, policy, deadline)))
    if not policy.allows_host(url.host):
        raise FailedError(Failure.HOST_NOT_ALLOWED)
    return Route(first, Place(url.host, port))


def _to_proxy(proxy: Proxy, policy: NetworkPolicy, deadline: float) -> Place:
    try:
        return Place(proxy.host, proxy.port, resolve(proxy.host, policy, deadline))
    except FailedError as failed:
        refused = failed.failure is Failure.HOST_NOT_ALLOWED
        raise FailedError(
            Failure.PROXY_NOT_ALLOWED if refused else Failure.PROXY_UNREACHABLE
        ) from None


def _is_literal(place: Place) -> bool:
    return place.addresses == (place.host.strip("[]"),)
