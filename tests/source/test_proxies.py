"""Repositories behind proxies: both the look and git go through them, and say so when they fail."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from controller.errors import PackError, Reason, Stalled, Transient
from controller.source.access import Access, HttpLogin, Proxy, Tls
from controller.source.mirrors import Mirrors
from controller.source.network import network_policy
from controller.source.urls import Scheme
from hack.authority import Authority, ServerTls
from hack.gitserver import Basic, GitServer
from hack.proxyserver import ProxyServer
from tests.source.repository import Repository
from tests.source.served import NAME, content, failure, source

HOST = "git.example.com"
HOSTS = {HOST: "127.0.0.1"}
LOGIN = ("proxy", "s3cret:with@odd%chars")
SCHEMES = ("http", "https", "socks5", "socks5h")


@contextmanager
def between(
    scheme: str, served: Repository, authority: Authority, *, secure: bool
) -> Iterator[tuple[ProxyServer, GitServer, str]]:
    """A proxy that wants a login, and a Git server that only it can find by its name."""
    tls = ServerTls(authority.issue())
    with ExitStack() as stack:
        own = tls if scheme == "https" else None
        proxy = stack.enter_context(ProxyServer(scheme, login=LOGIN, hosts=HOSTS, tls=own))
        root = served.path.parent.parent
        git = stack.enter_context(GitServer(root, tls if secure else None))
        # socks5 has us look the name up, which only an address needs nobody for.
        host = "127.0.0.1" if scheme == "socks5" else HOST
        yield proxy, git, git.url(NAME).replace("127.0.0.1", host)


def through(proxy: ProxyServer, authority: Authority, login: tuple[str, str] = LOGIN) -> Access:
    return Access(
        HttpLogin("robot", "hunter2"), Tls(authority.certificate), Proxy(proxy.address, *login)
    )


@pytest.mark.parametrize("secure", [False, True], ids=["to-http", "to-https"])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_look_and_fetch_go_through_the_proxy(
    served: Repository, mirrors: Mirrors, authority: Authority, scheme: str, secure: bool
) -> None:
    with between(scheme, served, authority, secure=secure) as (proxy, git, url):
        git.protect(NAME, Basic("robot", "hunter2"))
        followed = source(mirrors, url, through(proxy, authority))
        assert content(followed) == {"v": b"1"}
        served.push({"v": b"2"})
        assert content(followed) == {"v": b"2"}
        # Each git process makes its own connections, and our looks share one at most.
        assert len(proxy.asked) >= 3
        assert git.connections <= len(proxy.asked)
        if secure:
            assert "hunter2" not in "".join(proxy.heads)
            assert not [head for head in proxy.heads if "\nAuthorization" in head]


@pytest.mark.parametrize("secure", [False, True], ids=["to-http", "to-https"])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_wrong_login_for_the_proxy_is_the_proxys(
    served: Repository, mirrors: Mirrors, authority: Authority, scheme: str, secure: bool
) -> None:
    with between(scheme, served, authority, secure=secure) as (proxy, git, url):
        access = through(proxy, authority, ("proxy", "guess-secret"))
        failed = failure(source(mirrors, url, access))
        assert git.connections == 0
    assert (type(failed), failed.reason) == (Stalled, Reason.AUTHENTICATION_FAILED)
    assert f"The proxy {proxy.address}" in failed.message
    assert "spec.git.proxySecretRef" in failed.hint
    assert "guess-secret" not in str(failed)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_proxy_that_refuses_is_named(
    served: Repository, mirrors: Mirrors, authority: Authority, scheme: str
) -> None:
    with between(scheme, served, authority, secure=True) as (proxy, _, url):
        proxy.refusing = True
        failed = failure(source(mirrors, url, through(proxy, authority)))
    assert (type(failed), failed.reason) == (Transient, Reason.GIT_UNREACHABLE)
    assert f"The proxy {proxy.address} did not connect us" in failed.message


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_proxy_that_is_away_or_silent_is_named(
    mirrors: Mirrors, authority: Authority, scheme: str
) -> None:
    tls = ServerTls(authority.issue()) if scheme == "https" else None
    with ProxyServer(scheme, tls=tls) as proxy:
        proxy.silent = True
        access = through(proxy, authority)
        silent = failure(source(mirrors, "https://127.0.0.1:1/x", access, timeout=0.5))
    away = failure(source(mirrors, "https://127.0.0.1:1/x", access))
    assert (silent.reason, away.reason) == (Reason.GIT_TIMEOUT, Reason.GIT_UNREACHABLE)
    for failed in (silent, away):
        assert isinstance(failed, Transient)
        assert f"The proxy {proxy.address}" in failed.message
        assert LOGIN[1] not in str(failed)


def test_a_proxy_that_speaks_no_http_or_drips_is_named(mirrors: Mirrors) -> None:
    def garbage(connection: socket.socket) -> None:
        connection.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")

    def drip(connection: socket.socket) -> None:
        pause = threading.Event()
        while not pause.wait(0.05):
            connection.sendall(b"H")

    for answer, timeout, reason in [
        (garbage, 20.0, Reason.GIT_UNREACHABLE),
        (drip, 0.5, Reason.GIT_TIMEOUT),
    ]:
        with listening(answer) as port:
            access = Access(proxy=Proxy(f"http://127.0.0.1:{port}"))
            failed = failure(source(mirrors, f"https://{HOST}/x", access, timeout=timeout))
        assert failed.reason is reason
        assert f"The proxy http://127.0.0.1:{port}" in failed.message


@contextmanager
def listening(answer: object) -> Iterator[int]:
    """A port where each connection gets `answer`, a function of it."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
                with connection:
                    connection.recv(4096)
                    answer(connection)  # type: ignore[operator]
            except ConnectionError:
                continue
            except OSError:
                return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def test_the_controllers_own_proxy_is_not_used(
    served: Repository, mirrors: Mirrors, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ProxyServer() as proxy, GitServer(served.path.parent.parent) as git:
        for name in ("http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, proxy.address)
            monkeypatch.setenv(name.upper(), proxy.address)
        assert content(source(mirrors, git.url(NAME))) == {"v": b"1"}
        assert proxy.asked == []


def test_the_controllers_exceptions_do_not_count_for_a_packs_proxy(
    served: Repository, mirrors: Mirrors, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setenv("NO_PROXY", "*")
    with between("http", served, authority, secure=False) as (proxy, _, url):
        assert content(source(mirrors, url, through(proxy, authority))) == {"v": b"1"}


def test_logins_are_in_no_command_line(
    served: Repository,
    mirrors: Mirrors,
    authority: Authority,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    log = tmp_path / "arguments"
    shim = tmp_path / "bin/git"
    shim.parent.mkdir()
    shim.write_text(f'#!/bin/sh\necho "$0 $*" >> {log}\nexec /usr/bin/git "$@"\n')
    shim.chmod(0o755)
    monkeypatch.setenv("PATH", f"{shim.parent}:/usr/bin:/bin")
    with between("http", served, authority, secure=True) as (proxy, _, url):
        content(source(mirrors, url, through(proxy, authority)))
    said = log.read_text()
    assert "fetch" in said
    for secret in ("hunter2", "s3cret", "PRIVATE"):
        assert secret not in said
    kept = [path.read_bytes() for path in tmp_path.rglob("cache/**/*") if path.is_file()]
    assert kept
    assert not [one for one in kept if b"hunter2" in one or b"s3cret" in one]


def test_the_address_of_a_proxy_is_checked_and_the_name_behind_it(
    cache: Path, served: Repository, authority: Authority
) -> None:
    closed = network_policy(denied_hosts="*.svc", denied_networks="private,loopback")
    guarded = Mirrors(cache, frozenset({Scheme.HTTP}), network=closed)
    opened = network_policy("127.0.0.1", "*.svc", "127.0.0.1", "private")
    half = Mirrors(cache, frozenset({Scheme.HTTP}), network=opened)
    with between("http", served, authority, secure=False) as (proxy, _, url):
        access = through(proxy, authority)
        to_proxy = failure(source(guarded, url, access))
        to_host = failure(source(half, "http://gitea.forge.svc/x", access))
        to_address = failure(source(half, "http://10.0.0.1/x", access))
        assert proxy.asked == proxy.heads == []
        assert content(source(half, url, access)) == {"v": b"1"}
    assert f"the proxy {proxy.address}" in to_proxy.message
    for failed in (to_proxy, to_host, to_address):
        assert isinstance(failed, PackError)
        assert failed.reason is Reason.HOST_NOT_ALLOWED
