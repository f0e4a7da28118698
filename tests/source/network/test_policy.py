"""Which hosts and addresses may be connected to."""

from __future__ import annotations

from ipaddress import IPv4Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.errors import InvalidSpec
from controller.source.network import OPEN_NETWORK, NetworkPolicy, network_policy
from controller.source.network.networks import NAMED, faces, within

CLUSTER = network_policy(denied_hosts="*.svc,*.cluster.local", denied_networks="loopback,private")

ALWAYS_CLOSED = [
    "169.254.169.254",
    "169.254.0.1",
    "168.63.129.16",
    "100.100.100.200",
    "0.0.0.0",  # noqa: S104 - nothing is bound to it
    "224.0.0.1",
    "255.255.255.255",
    "192.0.2.1",
    "fe80::1",
    "fd00:ec2::254",
    "::",
    "ff02::1",
    # The address above, in the forms that IPv6 has for it.
    "::ffff:169.254.169.254",
    "::169.254.169.254",
    "2002:a9fe:a9fe::1",
    "64:ff9b::169.254.169.254",
    "64:ff9b:1::1",
    "fe80::200:5efe:169.254.169.254",
    "2001:db8:1:1:0:5efe:169.254.169.254",
    "2606:4700::5efe:a9fe:a9fe",
]

CLOSED_IN_A_CLUSTER = [
    "127.0.0.1",
    "127.8.9.10",
    "::1",
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "100.64.0.1",
    "fd12::1",
    "fec0::1",
    "::ffff:10.0.0.1",
    "::ffff:127.0.0.1",
    "2002:7f00:1::",
    "64:ff9b::10.0.0.1",
    "2001:0:8cb1:2b03::f5ff:fffe",  # Teredo: 10.0.0.1 with all its bits turned
]

PUBLIC = ["140.82.121.4", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "64:ff9b::140.82.121.4"]


@pytest.mark.parametrize("address", ALWAYS_CLOSED)
def test_closed_by_whatever_policy(address: str) -> None:
    everything = network_policy(allowed_hosts="*")
    for policy in (OPEN_NETWORK, CLUSTER, everything):
        assert not policy.allows("git.example.com", ip_address(address))


@pytest.mark.parametrize("address", CLOSED_IN_A_CLUSTER)
def test_closed_by_the_chart_and_opened_by_name_or_network(address: str) -> None:
    where = ip_address(address)
    assert OPEN_NETWORK.allows("git.example.com", where)
    assert not CLUSTER.allows("git.example.com", where)
    by_name = network_policy("*.example.com", denied_networks="loopback,private")
    assert by_name.allows("git.example.com", where)
    assert not by_name.allows("example.com", where)
    by_network = network_policy(allowed_networks="any", denied_networks="loopback,private")
    assert by_network.allows("git.example.com", where)


@pytest.mark.parametrize("address", PUBLIC)
def test_the_public_internet_is_open(address: str) -> None:
    assert CLUSTER.allows("git.example.com", ip_address(address))


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        ("git.example.com", True),
        ("gitea.forge.svc", False),
        ("GITEA.forge.SVC.", False),
        ("gitea.forge.svc.cluster.local", False),
        ("svc", True),
        ("127.0.0.1", False),
        ("[::1]", False),
        ("[::ffff:10.0.0.1]", False),
        ("140.82.121.4", True),
        ("2130706433", False),
        ("0x7f000001", False),
        ("0177.0.0.1", False),
        ("127.1", False),
        ("127.0.0.1.", False),
    ],
)
def test_hosts(host: str, allowed: bool) -> None:
    assert CLUSTER.allows_host(host) is allowed


def test_only_an_allowed_network_opens_what_is_always_closed() -> None:
    metadata = ip_address("169.254.169.254")
    assert network_policy(allowed_networks="169.254.169.254").allows("m.example.com", metadata)
    own = network_policy(api_server="203.0.114.7")
    api = ip_address("203.0.114.7")
    assert not own.allows("kubernetes.default.svc", api)
    assert not own.allows_host("203.0.114.7")
    opened = network_policy(allowed_networks="203.0.114.0/24", api_server="203.0.114.7")
    assert opened.allows("kubernetes.default.svc", api)


def test_a_few_hosts_and_nothing_else() -> None:
    policy = network_policy("github.com, *.example.com", "*")
    assert policy.allows_host("github.com")
    assert policy.allows_host("a.b.example.com")
    assert not policy.allows_host("example.com")
    assert not policy.allows_host("github.com.evil.org")
    assert not policy.allows("evil.org", ip_address("140.82.121.4"))
    assert not policy.allows_host("140.82.121.4")
    assert not policy.allows_host("[2606:4700::1111]")
    assert network_policy("140.82.121.4", "*").allows_host("140.82.121.4")


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("allowed_hosts", "https://github.com"),
        ("denied_hosts", "a b"),
        ("denied_hosts", "[::1]"),
        ("allowed_networks", "10.0.0.0/33"),
        ("denied_networks", "home"),
        ("denied_networks", "10.0.0.1/8"),
    ],
)
def test_a_wrong_entry_is_named(setting: str, value: str) -> None:
    with pytest.raises(InvalidSpec) as failed:
        network_policy(**{setting: value})
    assert f"PACKCTL_{setting.upper()}" in failed.value.message
    assert value in failed.value.message


@given(st.ip_addresses(v=4))
def test_no_form_of_a_closed_address_gets_through(address: IPv4Address) -> None:
    forms = [f"::ffff:{address}", f"64:ff9b::{address}", f"::2:0:5efe:{address}"]
    forms.append(f"2002:{int(address) >> 16:x}:{int(address) & 0xFFFF:x}::9")
    for form in forms:
        assert address in faces(ip_address(form))
        if not CLUSTER.allows("h.example.com", address):
            assert not CLUSTER.allows("h.example.com", ip_address(form))


@given(st.ip_addresses())
def test_loopback_itself_hides_nothing(address: IPv4Address) -> None:
    assert faces(address)
    assert faces(ip_address("::1")) == (ip_address("::1"),)
    assert within(ip_address("::1"), NAMED["loopback"])


def test_policies_are_values() -> None:
    assert network_policy() == OPEN_NETWORK == NetworkPolicy()
