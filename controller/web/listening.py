"""Where the server listens: `host:port` → sockets. May import `errors`."""

from __future__ import annotations

import socket
from dataclasses import dataclass

from controller.errors import InvalidSpec, Reason

_BACKLOG = 512


@dataclass(frozen=True, slots=True)
class Address:
    """`host:port`, with `[…]` around an IPv6 address; port 0 is any that is free."""

    host: str
    port: int

    def __str__(self) -> str:
        """As it is written."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @classmethod
    def parse(cls, text: str) -> Address:
        """Raises `InvalidSpec` for anything but `host:port`."""
        host, colon, port = text.rpartition(":")
        bare = host[1:-1] if host.startswith("[") and host.endswith("]") else host
        is_port = port.isascii() and port.isdigit() and int(port) <= 65535
        if not colon or not bare or not is_port or (":" in bare and bare == host):
            raise InvalidSpec(
                Reason.INVALID_SPEC,
                f"{text!r} is no address to listen on.",
                hint="Write host:port, such as 127.0.0.1:8080, 0.0.0.0:8080 or [::]:8080.",
            )
        return cls(bare, int(port))


@dataclass(frozen=True, slots=True)
class Listening:
    """A socket that connections come to."""

    socket: socket.socket

    @property
    def address(self) -> Address:
        """Where it is, with the port that it got."""
        host, port = self.socket.getsockname()[:2]
        return Address(host, port)


def listen(text: str) -> Listening | None:
    """A socket at the address that `text` names, None where it is empty; raises `InvalidSpec`
    where the system gives none."""
    if not text:
        return None
    address = Address.parse(text)
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    try:
        made = socket.create_server((address.host, address.port), family=family, backlog=_BACKLOG)
        # Connections inherit it. asyncio sets it on its own sockets only, and an answer is written
        # in two pieces: without it the second waits 40 ms for the client's delayed ACK.
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except OSError as error:
        raise InvalidSpec(
            Reason.INVALID_SPEC,
            f"Cannot listen on {address}: {error.strerror}.",
            hint="Choose another address (PACKCTL_HTTP_LISTEN, PACKCTL_OPS_LISTEN).",
        ) from None
    return Listening(made)
