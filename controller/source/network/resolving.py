"""The addresses of a host, each of them checked. Asks the system's resolver, and waits no longer
than it may. Imports this package and `failures`."""

from __future__ import annotations

import socket
import threading
import time
from ipaddress import ip_address
from queue import Empty, SimpleQueue

from controller.source.commands import OverdueError
from controller.source.failures import FailedError, Failure
from controller.source.network.networks import Address, literal
from controller.source.network.policy import NetworkPolicy

_MOST = 16
"""Addresses of one name that are used; those that are refused count among all that it has."""


def resolve(host: str, policy: NetworkPolicy, deadline: float) -> tuple[str, ...]:
    """The addresses of `host`, in the order to try them; `host` is in a URL's form.

    A host with one refused address among good ones is refused as a whole: who owns the name would
    otherwise choose by its order what we reach. Raises `FailedError` (HOST_NOT_ALLOWED,
    UNREACHABLE) and `OverdueError` after `deadline` (in `time.monotonic` seconds).
    """
    if not policy.allows_host(host):
        raise FailedError(Failure.HOST_NOT_ALLOWED)
    address = literal(host)
    found = [address] if address else _addresses(host, deadline)
    if not all(policy.allows(host, one) for one in found):
        raise FailedError(Failure.HOST_NOT_ALLOWED)
    return tuple(map(str, found[:_MOST]))


def _addresses(host: str, deadline: float) -> list[Address]:
    """What the system's resolver says; it cannot be told to stop, so it works in a thread."""
    answer: SimpleQueue[list[Address]] = SimpleQueue()
    threading.Thread(target=lambda: answer.put(_look_up(host)), name="resolve", daemon=True).start()
    try:
        found = answer.get(timeout=max(0.0, deadline - time.monotonic()))
    except Empty:
        raise OverdueError from None
    if not found:
        raise FailedError(Failure.UNREACHABLE)
    return found


def _look_up(host: str) -> list[Address]:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    texts = dict.fromkeys(str(sockaddr[0]).partition("%")[0] for *_, sockaddr in found)
    return [ip_address(text) for text in texts]
