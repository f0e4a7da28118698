"""Which hosts and addresses may be connected to. Pure; imports `errors`.

Deny lists close, allow lists open again:

    a host      is refused by `denied_hosts`, unless `allowed_hosts` names it
    an address  is refused by `denied_networks`, unless `allowed_networks` has it, or
                `allowed_hosts` names the host that leads there
    an address  of ALWAYS (link-local, metadata, …) is refused unless `allowed_networks` has it:
                a name that is allowed by a pattern such as *.example.com is in others' hands
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TypeVar

from controller.errors import InvalidSpec, Reason
from controller.redact import brief
from controller.source.network.networks import (
    NAMED,
    Address,
    Network,
    faces,
    literal,
    networks,
    within,
)
from controller.source.urls import is_disguised

ALWAYS: tuple[Network, ...] = tuple(
    network
    for name in ("link-local", "metadata", "unspecified", "multicast", "reserved")
    for network in NAMED[name]
)
"""Where no Git server is, and where no tenant shall send us."""

_PATTERN = re.compile(r"[a-z0-9*_-]+(?:\.[a-z0-9*_-]+)*\Z")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class NetworkPolicy:
    """`own` are addresses that only an allowed network opens: those of the API server.

    Patterns of hosts are in lower case and without a final dot; `*` stands for any characters.
    """

    allowed_hosts: tuple[str, ...] = ()
    denied_hosts: tuple[str, ...] = ()
    allowed_networks: tuple[Network, ...] = ()
    denied_networks: tuple[Network, ...] = ()
    own: tuple[Network, ...] = ()

    def allows_host(self, host: str) -> bool:
        """Whether `host` (a name, or an address in a URL's form) may be asked for at all."""
        address = literal(host)
        return self._is_open(host) if address is None else self.allows(host, address)

    def allows(self, host: str, address: Address) -> bool:
        """Whether a connection to `address`, to which `host` leads, may be made."""
        trusted = _named(host, self.allowed_hosts)
        return self._is_open(host) and all(
            self._allows(face, trusted=trusted) for face in faces(address)
        )

    def _is_open(self, host: str) -> bool:
        if is_disguised(host):
            return False
        return _named(host, self.allowed_hosts) or not _named(host, self.denied_hosts)

    def _allows(self, address: Address, *, trusted: bool) -> bool:
        if within(address, self.allowed_networks):
            return True
        if within(address, ALWAYS) or within(address, self.own):
            return False
        return trusted or not within(address, self.denied_networks)


OPEN_NETWORK = NetworkPolicy()
"""Nothing is closed but ALWAYS: for a person's own machine."""


def network_policy(
    allowed_hosts: str = "",
    denied_hosts: str = "",
    allowed_networks: str = "",
    denied_networks: str = "",
    api_server: str = "",
) -> NetworkPolicy:
    """The policy that settings tell, each a list separated by commas; `api_server` is an address.

    Raises `InvalidSpec` that names the setting.
    """
    return NetworkPolicy(
        _listed("PACKCTL_ALLOWED_HOSTS", allowed_hosts, _pattern),
        _listed("PACKCTL_DENIED_HOSTS", denied_hosts, _pattern),
        _flat(_listed("PACKCTL_ALLOWED_NETWORKS", allowed_networks, networks)),
        _flat(_listed("PACKCTL_DENIED_NETWORKS", denied_networks, networks)),
        networks(api_server) if literal(api_server) else (),
    )


def _named(host: str, patterns: tuple[str, ...]) -> bool:
    bare = host.lower().removesuffix(".")
    return any(fnmatchcase(bare, pattern) for pattern in patterns)


def _listed(setting: str, text: str, parse: Callable[[str], T]) -> tuple[T, ...]:
    words = [word.strip() for word in text.split(",")]
    try:
        return tuple(parse(word) for word in words if word)
    except ValueError as wrong:
        raise InvalidSpec(
            Reason.INVALID_SPEC,
            f"The setting {setting} has a wrong entry: {brief(str(wrong), limit=200)}.",
            hint="docs/configuration.md says what may be in it.",
        ) from None


def _pattern(word: str) -> str:
    pattern = word.lower().removesuffix(".")
    if not _PATTERN.match(pattern):
        raise ValueError(f"'{word}' is not a host name or a pattern like *.example.com")
    return pattern


def _flat(groups: Iterable[tuple[Network, ...]]) -> tuple[Network, ...]:
    return tuple(network for group in groups for network in group)
