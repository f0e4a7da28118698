"""Addresses, the networks that have names here, and the addresses that hide in others. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# IANA's special-purpose registries (RFC 6890 and its updates), and what the clouds document.
_NAMED = {
    "any": "0.0.0.0/0 ::/0",
    "loopback": "127.0.0.0/8 ::1/128",
    "private": "10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 100.64.0.0/10 fc00::/7 fec0::/10",
    "link-local": "169.254.0.0/16 fe80::/10",
    # Azure and Oracle have theirs at public addresses, Alibaba in the shared space of carriers.
    "metadata": "169.254.169.254/32 169.254.170.2/32 168.63.129.16/32 192.0.0.192/32 "
    "100.100.100.200/32 fd00:ec2::254/128 fd00:ec2::23/128 fd20:ce::254/128",
    "unspecified": "0.0.0.0/8 ::/128",
    "multicast": "224.0.0.0/4 ff00::/8",
    "reserved": "240.0.0.0/4 192.0.0.0/24 192.0.2.0/24 198.18.0.0/15 198.51.100.0/24 "
    "203.0.113.0/24 100::/64 2001:db8::/32 64:ff9b:1::/48",
}

NAMED: Mapping[str, tuple[Network, ...]] = {
    name: tuple(map(ip_network, texts.split())) for name, texts in _NAMED.items()
}

_SIX_TO_FOUR = IPv6Network("2002::/16")
_NAT64 = IPv6Network("64:ff9b::/96")
_COMPATIBLE = IPv6Network("::/96")
_TEREDO = IPv6Network("2001::/32")
_ISATAP = (0x00005EFE, 0x02005EFE)


def networks(text: str) -> tuple[Network, ...]:
    """What one name, CIDR or address stands for; raises `ValueError` for anything else."""
    return NAMED.get(text) or (ip_network(text),)


def literal(host: str) -> Address | None:
    """The address that `host` is, in a URL's form; None for a name."""
    try:
        return ip_address(host.removesuffix(".").removeprefix("[").removesuffix("]"))
    except ValueError:
        return None


def faces(address: Address) -> tuple[Address, ...]:
    """`address`, and the IPv4 addresses that it may lead to by a way of transition."""
    if isinstance(address, IPv4Address):
        return (address,)
    if address.ipv4_mapped:
        return (address.ipv4_mapped,)
    number = int(address)
    hidden = []
    if address in _SIX_TO_FOUR:
        hidden.append(number >> 80)
    if address in _NAT64 or (address in _COMPATIBLE and number > 1):  # :: and ::1 hide none
        hidden.append(number)
    if address in _TEREDO:  # RFC 4380: the server, and the client with all its bits turned
        hidden += [number >> 64, ~number]
    if (number >> 32) & 0xFFFFFFFF in _ISATAP:
        hidden.append(number)
    return (address, *(IPv4Address(one & 0xFFFFFFFF) for one in hidden))


def within(address: Address, among: tuple[Network, ...]) -> bool:
    """Whether one of the networks holds `address`."""
    return any(address in network for network in among)
