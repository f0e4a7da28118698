"""Where a Pack may not lead the controller: nothing is connected to, and nothing is learned."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from controller.errors import InvalidSpec, PackError, Reason, Stalled
from controller.source.access import OPEN, Access, Proxy, Tls
from controller.source.commands import OverdueError
from controller.source.lsremote import ls_remote
from controller.source.mirrors import Mirrors
from controller.source.network import NetworkPolicy, network_policy, resolve
from controller.source.remote import Remote
from controller.source.urls import Scheme, parse_url
from hack.authority import Authority, ServerTls
from hack.gitserver import GitServer
from hack.proxyserver import ProxyServer
from tests.source.repository import Repository
from tests.source.served import NAME, SAFETY_NET, content, failure, source

CLUSTER = network_policy(denied_hosts="*.svc", denied_networks="private,loopback")
PUBLIC = "203.0.114.9"  # nobody's, and open to every policy


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[list[str]]]:
    """What each name leads to, one list of addresses for each time that it is looked up; the last
    one stays. Names that are not in it do not exist."""
    known = {"127.0.0.1": [["127.0.0.1"]]}

    def getaddrinfo(host: str, port: int | None, *_: object, **__: object) -> list[Any]:
        answers = known.get(host)
        if not answers:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        found = answers.pop(0) if len(answers) > 1 else answers[0]
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port or 0)) for address in found
        ]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return known


@contextmanager
def listening() -> Iterator[tuple[int, list[object]]]:
    """A port of 127.0.0.1, and who connected to it."""
    seen: list[object] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        while True:
            try:
                connection, peer = listener.accept()
            except OSError:
                return
            seen.append(peer)
            connection.close()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1], seen
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def guarded(cache: Path, policy: NetworkPolicy = CLUSTER) -> Mirrors:
    return Mirrors(cache, frozenset({Scheme.HTTP}), network=policy)


def asked_by_git(url: str, policy: NetworkPolicy, access: Access = OPEN) -> PackError:
    """What git is told, that never went through our own look."""
    remote = Remote(parse_url(url, frozenset({Scheme.HTTP})), access, 1024, policy)
    with pytest.raises(PackError) as failed:
        ls_remote(remote, (), time.monotonic() + SAFETY_NET)
    return failed.value


@pytest.mark.parametrize(
    ("host", "addresses"),
    [
        ("127.0.0.1", []),
        ("[::ffff:7f00:1]", []),
        ("git.example.com", ["127.0.0.1"]),
        ("git.example.com", [PUBLIC, "127.0.0.1"]),
        ("git.example.com", ["127.0.0.1", PUBLIC]),
        ("git.example.com", ["::ffff:127.0.0.1"]),
        ("gitea.forge.svc", ["127.0.0.1"]),
    ],
    ids=["literal", "mapped", "by name", "second", "first", "mapped by name", "service"],
)
def test_a_refused_address_is_not_connected_to(
    cache: Path, names: dict[str, list[list[str]]], host: str, addresses: list[str]
) -> None:
    names[host] = [addresses]
    with listening() as (port, seen):
        url = f"http://{host}:{port}/x"
        ours = failure(source(guarded(cache), url))
        gits = asked_by_git(url, CLUSTER)
        assert seen == []
    for failed in (ours, gits):
        assert (type(failed), failed.reason) == (Stalled, Reason.HOST_NOT_ALLOWED)
        assert url in failed.message


def test_an_open_port_reads_like_a_closed_one(
    cache: Path, names: dict[str, list[list[str]]]
) -> None:
    names["git.example.com"] = [["127.0.0.1"]]
    with listening() as (port, _):
        opened = failure(source(guarded(cache), f"http://git.example.com:{port}/x"))
    closed = failure(source(guarded(cache), f"http://git.example.com:{port}/x"))
    assert str(opened) == str(closed)


def test_a_name_that_changes_its_mind_changes_nothing(
    cache: Path, served: Repository, names: dict[str, list[list[str]]]
) -> None:
    """DNS rebinding: good when it is checked, bad when it is used."""
    with GitServer(served.path.parent.parent) as git, listening() as (_, seen):
        open_loopback = network_policy(
            allowed_networks="127.0.0.1", denied_networks="private,loopback"
        )
        url = git.url(NAME).replace("127.0.0.1", "git.example.com")
        names["git.example.com"] = [["127.0.0.1"], ["127.0.0.1"], ["127.0.0.9"]]
        followed = source(guarded(cache, open_loopback), url)
        # One look-up for our look, one for git's fetch: both connect to what was checked.
        assert content(followed) == {"v": b"1"}
        assert names["git.example.com"] == [["127.0.0.9"]]
        served.push({"v": b"2"})
        assert failure(followed).reason is Reason.HOST_NOT_ALLOWED
        assert seen == []


def test_git_connects_to_the_address_that_was_checked(
    cache: Path, served: Repository, names: dict[str, list[list[str]]], authority: Authority
) -> None:
    """The system knows neither name: git could not even find them by itself."""
    names |= {"git.example.com": [["127.0.0.1"]], "proxy.example.com": [["127.0.0.1"]]}
    root = served.path.parent.parent
    with (
        GitServer(root, ServerTls(authority.issue())) as git,
        ProxyServer(hosts={"git.example.com": "127.0.0.1"}) as proxy,
    ):
        url = git.url(NAME).replace("127.0.0.1", "git.example.com")
        address = proxy.address.replace("127.0.0.1", "proxy.example.com")
        trusting = Access(tls=Tls(authority.certificate))
        assert content(source(guarded(cache / "a", network_policy()), url, trusting))
        behind = Access(tls=trusting.tls, proxy=Proxy(address))
        assert content(source(guarded(cache / "b", network_policy()), url, behind))
        assert len(proxy.asked) >= 2


@pytest.mark.parametrize(
    "host", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0x7f.1", "1.2.3", "01.2.3.4"]
)
def test_addresses_in_disguise_are_no_hosts(cache: Path, host: str) -> None:
    with pytest.raises(InvalidSpec) as refused:
        source(guarded(cache), f"http://{host}/x")
    assert refused.value.reason is Reason.INVALID_URL
    assert "four decimal numbers" in refused.value.message
    proxied = Access(proxy=Proxy(f"http://{host}:3128"))
    failed = failure(source(guarded(cache, network_policy()), "http://git.example.com/x", proxied))
    assert failed.reason is Reason.HOST_NOT_ALLOWED


def test_a_redirect_leads_nowhere_even_where_it_may_lead(cache: Path, served: Repository) -> None:
    with GitServer(served.path.parent.parent) as git, listening() as (port, seen):
        git.redirect(NAME, f"http://127.0.0.1:{port}/x")
        failed = failure(source(guarded(cache, network_policy()), git.url(NAME)))
        assert seen == []
    assert "redirects to another address" in failed.message
    assert str(port) not in failed.message


@pytest.fixture
def stuck(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """A resolver that does not answer until it is let go."""
    released = threading.Event()

    def getaddrinfo(*_: object, **__: object) -> list[Any]:
        released.wait()
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    yield released.set
    released.set()


def test_a_resolver_that_hangs_costs_the_timeout(cache: Path, stuck: Callable[[], None]) -> None:
    with pytest.raises(OverdueError):
        resolve("git.example.com", CLUSTER, time.monotonic() + 0.05)
    failed = failure(source(guarded(cache), "http://git.example.com/x", timeout=0.05))
    assert failed.reason is Reason.GIT_TIMEOUT
    stuck()
