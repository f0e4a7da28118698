"""The way to a server: its name, a connection, the proxy, TLS. One function a step.

Imports `source`'s network and HTTP, which are what the controller goes by. Each raises `PackError`.
"""

from __future__ import annotations

import ssl
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from urllib3.util.ssltransport import SSLTransport

from controller.doctor.case import told
from controller.doctor.finding import Fact, Noted, Skipped
from controller.errors import PackError, Reason
from controller.source.commands import OverdueError
from controller.source.failures import FailedError, Failure
from controller.source.http import trust
from controller.source.http.dialling import is_forwarded
from controller.source.http.proxying import through
from controller.source.http.timed import TimedTls, until
from controller.source.http.wires import Wire, connected, lost, secured
from controller.source.network import OPEN_NETWORK, Route, route
from controller.source.remote import Remote
from controller.source.urls import Scheme

if TYPE_CHECKING:
    from controller.doctor.certificate import Certificate

Secured = TimedTls | SSLTransport


def allowed(remote: Remote) -> Noted:
    """Whether the policy lets us ask for the hosts at all; `looked_up` judges their addresses."""
    proxy = remote.access.proxy
    hosts = [remote.url.host, *([proxy.host] if proxy else [])]
    for host, failure in zip(
        hosts, (Failure.HOST_NOT_ALLOWED, Failure.PROXY_NOT_ALLOWED), strict=False
    ):
        if not remote.network.allows_host(host):
            raise remote.told(FailedError(failure))
    settings = "only the usual limits" if remote.network == OPEN_NETWORK else "by the settings here"
    return Noted(f"{' and '.join(hosts)}: allowed, {settings}", {"hosts": hosts})


def looked_up(remote: Remote, deadline: float) -> tuple[Route, Noted]:
    """The addresses of what is connected to first: the server, or the proxy."""
    with told(remote):
        found = route(remote.url, remote.access.proxy, remote.network, deadline)
    first = found.first
    shown = f"{first.host} → {', '.join(first.addresses)}"
    if first.host.strip("[]") in first.addresses:
        shown = f"{first.host} is an address"
    if found.target is not first and not found.target.addresses:
        shown = f"{shown}; the proxy looks {found.target.host} up"
    return found, Noted(shown, {"host": first.host, "addresses": list(first.addresses)})


def connects(remote: Remote, found: Route, deadline: float) -> Noted:
    """A connection to the server, or to the proxy."""
    failure = Failure.PROXY_UNREACHABLE if remote.access.proxy else Failure.UNREACHABLE
    with told(remote), until(deadline):
        wire = connected(found.first, failure)
    with wire:
        address, port = wire.getpeername()[:2]
    shown = f"[{address}]" if ":" in address else address
    return Noted(f"{shown}:{port}", {"address": address, "port": port})


def proxied(remote: Remote, found: Route, deadline: float) -> Noted | Skipped:
    """A connection through the proxy."""
    proxy = remote.access.proxy
    if proxy is None:
        return Skipped("none: the way is straight")
    forwards = is_forwarded(remote)
    with told(remote), until(deadline):
        through(proxy, found, remote.access.tls, forwards=forwards).close()
    login = "with a login" if proxy.username else "without a login"
    what = "passes requests on" if forwards else "connects us"
    place = f"{found.target.host}:{found.target.port}"
    facts: dict[str, Fact] = {"proxy": proxy.address, "login": bool(proxy.username)}
    return Noted(f"{proxy.address} {what} to {place}, {login}", facts)


def secure(remote: Remote, found: Route, deadline: float) -> Noted | Skipped:
    """TLS with the server: what it shows, and who vouches for it."""
    if remote.url.scheme is not Scheme.HTTPS:
        ssh = remote.url.scheme is Scheme.SSH
        return Skipped("none: ssh encrypts by itself" if ssh else "none: http:// is not encrypted")
    tls = remote.access.tls
    with until(deadline):
        try:
            with told(remote):
                wire = _secured(remote, found, trust.context(tls))
        except PackError as error:
            raise _with_certificate(error, remote, found) from None
    shown = _certificate(wire)
    version = str(wire.version()).replace("v", " ")
    wire.close()
    vouches = "ca.crt" if tls and tls.ca else "the system's authorities"
    client = ", our client certificate is offered" if tls and tls.certificate else ""
    facts: dict[str, Fact] = {"version": version, "trustedBy": vouches, **_facts(shown)}
    words = shown.told(datetime.now(UTC)) if shown else "a certificate that cannot be read"
    return Noted(f"{version}, {words}, trusted by {vouches}{client}", facts)


def _secured(remote: Remote, found: Route, context: ssl.SSLContext) -> Secured:
    proxy = remote.access.proxy
    wire: Wire = (
        through(proxy, found, remote.access.tls, forwards=False)
        if proxy
        else connected(found.first, Failure.UNREACHABLE)
    )
    try:
        return cast("Secured", secured(wire, context, found.target.host))
    except ssl.SSLError as error:
        raise trust.failed(error, remote.access.tls) from None
    except OSError as error:
        raise lost(error, Failure.UNREACHABLE) from None


def _with_certificate(error: PackError, remote: Remote, found: Route) -> PackError:
    """`error`, with what the server shows when nobody checks it: nothing is said over that."""
    if error.reason is not Reason.CERTIFICATE_INVALID:
        return error
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.sslsocket_class = TimedTls
    try:
        with _secured(remote, found, context) as wire:
            shown = _certificate(wire)
    except (FailedError, OverdueError):
        return error
    words = f" It shows a {shown.told(datetime.now(UTC))}." if shown else ""
    return type(error)(error.reason, f"{error.message}{words}", hint=error.hint)


def _certificate(wire: Secured) -> Certificate | None:
    # With cryptography, whose memory no other command shall pay for.
    from controller.doctor.certificate import parse

    return parse(wire.getpeercert(binary_form=True) or b"")


def _facts(shown: Certificate | None) -> dict[str, Fact]:
    if shown is None:
        return {}
    return {
        "names": list(shown.names),
        "issuer": shown.issuer,
        "notAfter": f"{shown.ends:%Y-%m-%dT%H:%M:%SZ}",
        "daysLeft": shown.days(datetime.now(UTC)),
    }
