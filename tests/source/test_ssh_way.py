"""How ssh gets to a server: by addresses that were checked, through proxies, and by what name it
knows the server then."""

from __future__ import annotations

import socket
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from controller.errors import Reason, Stalled, Transient
from controller.source.access import Proxy
from controller.source.mirrors import Mirrors
from controller.source.network import Place, Route, network_policy
from controller.source.ssh import connection_options
from hack.ports import free_port
from hack.proxyserver import ProxyServer, relay
from hack.sshserver import SshServer, key_pair
from tests.source.over_ssh import Site, content, site

HOST = "git.example.com"
LOGIN = ("proxy", "s3cret:with@odd%chars")
SCHEMES = ("http", "socks5", "socks5h")


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """What each name leads to; others do not exist."""
    known = {HOST: ["127.0.0.1"], "127.0.0.1": ["127.0.0.1"]}

    def getaddrinfo(host: str, port: int | None, *_: object, **__: object) -> list[Any]:
        if host not in known:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        place = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
        return [(*place, (address, port or 0)) for address in known[host]]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return known


@pytest.fixture
def here(ssh_server: SshServer, tmp_path: Path, mirrors: Mirrors) -> Site:
    return site(ssh_server, tmp_path / "repositories", mirrors)


def named(here: Site) -> tuple[str, str]:
    """The URL by the server's name, and known hosts that have it by that name alone."""
    return here.url.replace("127.0.0.1", HOST), here.server.known_hosts.replace("127.0.0.1", HOST)


@pytest.mark.usefixtures("names")
def test_the_server_is_known_by_its_name_at_the_address_that_was_checked(here: Site) -> None:
    url, known = named(here)
    assert content(here.source(here.access(known_hosts=known), url=url)) == {"v": b"1"}
    by_address = here.failure(here.access(), url=url)
    assert by_address.reason is Reason.HOST_KEY_MISMATCH


@pytest.mark.usefixtures("names")
def test_an_authority_vouches_for_the_name(here: Site) -> None:
    authority = key_pair()
    here.server.rekey(authority=authority.private, names=(HOST,))
    url, _ = named(here)
    trusted = here.access(known_hosts=f"@cert-authority *.example.com {authority.public}")
    assert content(here.source(trusted, url=url)) == {"v": b"1"}


def test_an_address_that_is_away_gives_way_to_the_next(
    here: Site, names: dict[str, list[str]]
) -> None:
    names[HOST] = ["127.0.0.2", "127.0.0.1"]
    url, known = named(here)
    assert content(here.source(here.access(known_hosts=known), url=url)) == {"v": b"1"}


@pytest.mark.parametrize("addresses", [["127.0.0.2"], ["127.0.0.2", "127.0.0.3"]])
def test_a_server_that_is_away_at_its_addresses_reads_as_any(
    here: Site, names: dict[str, list[str]], addresses: list[str]
) -> None:
    names[HOST] = addresses
    url, known = named(here)
    failed = here.failure(here.access(known_hosts=known), url=url)
    assert (type(failed), failed.reason) == (Transient, Reason.GIT_UNREACHABLE)
    assert failed.message == f"{url} cannot be reached."


def test_no_connection_is_made_to_what_the_policy_refuses(
    here: Site, cache: Path, names: dict[str, list[str]]
) -> None:
    inside = network_policy(denied_networks="loopback")
    mirrors = Mirrors(cache, network=inside)
    guarded = Site(here.server, here.repository, mirrors, here.key)
    url, known = named(here)
    names[HOST] = ["203.0.114.9", "127.0.0.1"]
    for place in (url, here.url):
        failed = guarded.failure(here.access(known_hosts=known), url=place)
        assert (type(failed), failed.reason) == (Stalled, Reason.HOST_NOT_ALLOWED)
    assert here.server.connections == 0


USUAL = Place(HOST, 22, ("192.0.2.1",))
OPTIONS: dict[str, tuple[Route, Mapping[str, str]]] = {
    "a name at the usual port": (
        Route(USUAL, USUAL),
        {"ProxyCommand": "none", "HostName": "192.0.2.1", "HostKeyAlias": HOST},
    ),
    "an address": (
        Route(Place("192.0.2.1", 2222, ("192.0.2.1",)), Place("192.0.2.1", 2222, ("192.0.2.1",))),
        {"ProxyCommand": "none"},
    ),
    "an address of IPv6": (
        Route(Place("[::1]", 22, ("::1",)), Place("[::1]", 22, ("::1",))),
        {"ProxyCommand": "none"},
    ),
}


@pytest.mark.parametrize(("found", "options"), OPTIONS.values(), ids=OPTIONS.keys())
def test_no_program_is_started_where_ssh_needs_none(
    found: Route, options: Mapping[str, str]
) -> None:
    assert connection_options(found, 10) == options


def proxy_url(here: Site, scheme: str) -> str:
    # socks5 has us look the name up, which only an address needs nobody for.
    return here.url if scheme == "socks5" else named(here)[0]


def through(here: Site, proxy: ProxyServer, login: tuple[str, str] = LOGIN) -> Any:
    known = "".join((here.server.known_hosts, named(here)[1]))
    return here.access(known_hosts=known, proxy=Proxy(proxy.address, *login))


@pytest.mark.parametrize("scheme", SCHEMES)
def test_ssh_goes_through_the_proxy(here: Site, scheme: str) -> None:
    url = proxy_url(here, scheme)
    with ProxyServer(scheme, login=LOGIN, hosts={HOST: "127.0.0.1"}) as proxy:
        assert content(here.source(through(here, proxy), url=url)) == {"v": b"1"}
        assert set(proxy.asked) == {url.split("@")[1].split("/")[0]}
        assert len(proxy.asked) == here.server.connections == 2


def test_the_words_of_a_server_that_come_with_the_answer_of_the_proxy_are_not_lost(
    here: Site,
) -> None:
    """Over ssh the server speaks first: a client that reads more than the answer has taken them."""

    def serve(listener: socket.socket) -> None:
        for _ in range(2):  # the look, and the fetch
            client, _ = listener.accept()
            with client, socket.create_connection(("127.0.0.1", here.server.port)) as server:
                asked = client.recv(4096)
                assert asked.startswith(b"CONNECT ")
                client.sendall(b"HTTP/1.1 200 OK\r\nServer: x\r\n\r\n" + server.recv(4096))
                relay(client, server)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, args=(listener,), daemon=True).start()
        proxy = Proxy(f"http://127.0.0.1:{listener.getsockname()[1]}")
        assert content(here.source(here.access(proxy=proxy))) == {"v": b"1"}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_proxy_that_wants_another_login(here: Site, scheme: str) -> None:
    with ProxyServer(scheme, login=LOGIN) as proxy:
        failed = here.failure(through(here, proxy, ("proxy", "wrong")))
        assert (type(failed), failed.reason) == (Stalled, Reason.AUTHENTICATION_FAILED)
        assert failed.message == f"The proxy {proxy.address} does not let us in."
        without = here.failure(through(here, proxy, ("", "")))
        assert without.message == failed.message


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_proxy_that_refuses_the_place(here: Site, scheme: str) -> None:
    with ProxyServer(scheme, login=LOGIN) as proxy:
        proxy.refusing = True
        failed = here.failure(through(here, proxy))
        assert (type(failed), failed.reason) == (Transient, Reason.GIT_UNREACHABLE)
        assert f"The proxy {proxy.address} did not connect us to 127.0.0.1 (" in failed.message


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_proxy_that_says_nothing(here: Site, scheme: str) -> None:
    with ProxyServer(scheme) as proxy:
        proxy.silent = True
        failed = here.failure(through(here, proxy), timeout=1.0)
        assert (type(failed), failed.reason) == (Transient, Reason.GIT_TIMEOUT)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_proxy_that_is_away(here: Site, scheme: str) -> None:
    address = f"{scheme}://127.0.0.1:{free_port()}"
    failed = here.failure(here.access(proxy=Proxy(address)))
    assert (type(failed), failed.reason) == (Transient, Reason.GIT_UNREACHABLE)
    assert failed.message == f"The proxy {address} cannot be reached."


def test_a_proxy_in_the_environment_does_not_count(
    here: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "ALL_PROXY", "PACKCTL_SSH_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert content(here.source()) == {"v": b"1"}
