"""A connection to a server: to addresses that were checked, through the proxy if there is one, with
TLS where the URL has it. Imports this package, `network` and this room's values.
"""

from __future__ import annotations

import ssl

from controller.source.failures import Failure
from controller.source.http import trust
from controller.source.http.proxying import through
from controller.source.http.wires import Wire, connected, lost, secured
from controller.source.network import route
from controller.source.remote import Remote
from controller.source.urls import Scheme


def dial(remote: Remote, deadline: float) -> Wire:
    """A new connection to the server of `remote`, ready for a request; called within `until`.

    Raises `FailedError`, `Stalled` for certificates that cannot be used, and `OverdueError`.
    """
    proxy, tls = remote.access.proxy, remote.access.tls
    context = trust.context(tls) if remote.url.scheme is Scheme.HTTPS else None
    found = route(remote.url, proxy, remote.network, deadline)
    wire: Wire = (
        through(proxy, found, tls, forwards=is_forwarded(remote))
        if proxy
        else connected(found.first, Failure.UNREACHABLE)
    )
    if context is None:
        return wire
    try:
        return secured(wire, context, found.target.host)
    except ssl.SSLError as error:
        raise trust.failed(error, tls) from None
    except OSError as error:
        raise lost(error, Failure.UNREACHABLE) from None


def is_forwarded(remote: Remote) -> bool:
    """Whether a proxy takes the request itself, instead of a connection through it."""
    proxy = remote.access.proxy
    plain = remote.url.scheme is Scheme.HTTP
    return plain and proxy is not None and proxy.scheme in ("http", "https")
