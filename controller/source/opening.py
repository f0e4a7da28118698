"""A remote, opened for git: the environment of a process that may speak to it, as long as it may.

What a program wants as a file (an authority, a client's key) is one that no disk sees, and that
goes with the context. Imports this room's values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from tempfile import TemporaryDirectory

from controller.source.access import Tls
from controller.source.environment import Setting, remote_environment
from controller.source.failures import FailedError
from controller.source.network import route
from controller.source.private import private_file
from controller.source.remote import Remote
from controller.source.ssh import ssh_environment
from controller.source.urls import Scheme


@contextmanager
def opened(remote: Remote, deadline: float) -> Iterator[Mapping[str, str]]:
    """The environment for git processes that speak to `remote`; raises `PackError` when the way
    there cannot be opened before `deadline` (in `time.monotonic` seconds), and `OverdueError`. An
    App's login must be `login.resolved` by now."""
    with ExitStack() as stack:
        more: tuple[Setting, ...] = ()
        if remote.url.scheme in (Scheme.HTTPS, Scheme.HTTP):
            more = (*_way(remote, deadline), *_trust(remote.access.tls, stack))
        environment = remote_environment(
            remote.url, remote.access, max_file_size=remote.max_file_size, more=more
        )
        if remote.url.scheme is Scheme.SSH:
            over_ssh = stack.enter_context(ssh_environment(remote, deadline))
            environment = {**environment, **over_ssh}
        yield environment


def _way(remote: Remote, deadline: float) -> Iterator[Setting]:
    """The proxy, and the addresses that were checked: git shall not look the names up again."""
    proxy = remote.access.proxy
    try:
        found = route(remote.url, proxy, remote.network, deadline)
    except FailedError as failed:
        raise remote.told(failed) from None
    for pin in found.pins:
        yield "http.curloptResolve", pin
    if proxy:
        yield "http.proxy", proxy.url


def _trust(tls: Tls | None, stack: ExitStack) -> Iterator[Setting]:
    if tls and tls.ca:
        authorities = stack.enter_context(private_file(tls.ca))
        yield "http.sslCAInfo", authorities
        # curl looks into the system's folder of authorities, too, unless it is given an empty one.
        yield "http.sslCAPath", stack.enter_context(TemporaryDirectory(prefix="no-authorities-"))
        yield "http.proxySSLCAInfo", authorities
    if tls and tls.certificate:
        yield "http.sslCert", stack.enter_context(private_file(tls.certificate))
        yield "http.sslKey", stack.enter_context(private_file(tls.key))
