"""Loopback ports that a server can keep while it is stopped. Imports the standard library."""

from __future__ import annotations

import random
import socket

# Below the range that systems take for outgoing connections (32768 and up on Linux): none of
# those can sit on the port of a server that a test has stopped and is about to start again.
_RANGE = range(20000, 32000)


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on, and that is given to nobody else meanwhile."""
    while True:
        port = random.choice(_RANGE)  # noqa: S311 - not a secret
        if _is_free(port) and _hold(port):
            return port


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _hold(port: int) -> bool:
    """Keep the port for this process: its server binds it only a moment later.

    A name in Linux's abstract namespace has one holder, and is let go by the kernel at its end.
    """
    holder = socket.socket(socket.AF_UNIX)
    try:
        holder.bind(f"\0attune-pack-controller-port-{port}")
    except OSError:
        holder.close()
        return False
    holder.detach()
    return True
