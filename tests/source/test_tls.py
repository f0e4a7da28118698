"""Repositories over https: whom we trust, who we are, and what a user is told when it fails."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from controller.errors import PackError, Reason, Stalled, Transient
from controller.source.access import Access, HttpLogin, Tls
from controller.source.lsremote import ls_remote
from controller.source.mirrors import Mirrors
from controller.source.opening import opened
from controller.source.remote import Remote
from controller.source.urls import parse_url
from hack.authority import Authority, Identity, ServerTls
from hack.gitserver import Basic, GitServer
from tests.source.repository import Repository
from tests.source.served import NAME, SAFETY_NET, content, failure, source

STRANGER = Authority()


@contextmanager
def serving(repository: Repository, tls: ServerTls) -> Iterator[GitServer]:
    with GitServer(repository.path.parent.parent, tls) as server:
        yield server


def trusting(authority: Authority, client: Identity | None = None) -> Access:
    pair = (client.certificate, client.key) if client else ("", "")
    return Access(tls=Tls(authority.certificate, *pair))


def test_an_own_authority_opens_and_a_login_goes_with_it(
    served: Repository, mirrors: Mirrors, authority: Authority
) -> None:
    access = Access(HttpLogin("robot", "hunter2"), Tls(authority.certificate))
    with serving(served, ServerTls(authority.issue())) as server:
        server.protect(NAME, Basic("robot", "hunter2"))
        followed = source(mirrors, server.url(NAME), access)
        assert content(followed) == {"v": b"1"}
        served.push({"v": b"2"})
        assert content(followed) == {"v": b"2"}


@pytest.mark.parametrize("trusted", ["root", "intermediate"])
def test_an_authority_below_another_opens_by_either(
    served: Repository, mirrors: Mirrors, authority: Authority, trusted: str
) -> None:
    below = Authority(authority)
    with serving(served, ServerTls(below.issue())) as server:
        access = trusting(authority if trusted == "root" else below)
        assert content(source(mirrors, server.url(NAME), access)) == {"v": b"1"}


def test_a_client_certificate_opens(
    served: Repository, mirrors: Mirrors, authority: Authority
) -> None:
    client = authority.issue("robot@example.com")
    with serving(served, ServerTls(authority.issue(), authority.certificate)) as server:
        access = trusting(authority, client)
        assert content(source(mirrors, server.url(NAME), access)) == {"v": b"1"}


Served = Callable[[Authority], ServerTls]
FAULTS: dict[str, tuple[Served, Authority | None, type[PackError], Reason, str]] = {
    "no authority given": (
        lambda own: ServerTls(own.issue()),
        None,
        Transient,
        Reason.CERTIFICATE_INVALID,
        "authority that is not trusted",
    ),
    "another authority": (
        lambda own: ServerTls(own.issue()),
        STRANGER,
        Transient,
        Reason.CERTIFICATE_INVALID,
        "authority that is not trusted",
    ),
    "expired": (
        lambda own: ServerTls(own.issue(expired=True)),
        Authority(),
        Transient,
        Reason.CERTIFICATE_INVALID,
        "has expired",
    ),
    "wrong host": (
        lambda own: ServerTls(own.issue("elsewhere.example.com")),
        Authority(),
        Transient,
        Reason.CERTIFICATE_INVALID,
        "for another host",
    ),
    "client wanted": (
        lambda own: ServerTls(own.issue(), STRANGER.certificate),
        Authority(),
        Stalled,
        Reason.AUTHENTICATION_FAILED,
        "wants the certificate of a client",
    ),
}


@pytest.mark.parametrize(
    ("tls", "trusted", "error", "reason", "words"), FAULTS.values(), ids=FAULTS
)
def test_each_fault_has_its_name(
    served: Repository,
    mirrors: Mirrors,
    tls: Served,
    trusted: Authority | None,
    error: type[PackError],
    reason: Reason,
    words: str,
) -> None:
    own = Authority() if trusted in (None, STRANGER) else trusted
    access = trusting(trusted) if trusted else Access()
    with serving(served, tls(own)) as server:
        failed = failure(source(mirrors, server.url(NAME), access))
        assert server.count(NAME) == 0
    assert (type(failed), failed.reason) == (error, reason)
    assert words in failed.message
    assert server.url(NAME) in failed.message


def test_a_client_that_is_not_known_is_told_so(
    served: Repository, mirrors: Mirrors, authority: Authority
) -> None:
    client = STRANGER.issue("robot@example.com")
    with serving(served, ServerTls(authority.issue(), authority.certificate)) as server:
        failed = failure(source(mirrors, server.url(NAME), trusting(authority, client)))
    assert failed.reason is Reason.AUTHENTICATION_FAILED
    assert "does not take our certificate" in failed.message


@pytest.mark.parametrize(
    ("tls", "words"),
    [
        (
            lambda own, other: Tls(own.certificate, other[0].certificate, other[1].key),
            "do not belong together",
        ),
        (
            lambda own, other: Tls(
                own.certificate, other[0].certificate, "-----BEGIN PRIVATE KEY-----\nrubbish"
            ),
            "cannot be read",
        ),
        (lambda *_: Tls("-----BEGIN CERTIFICATE-----\nrubbish"), "a ca.crt that cannot"),
    ],
    ids=["pair", "key", "authority"],
)
def test_a_secret_that_cannot_be_used_is_told_before_anybody_is_asked(
    mirrors: Mirrors,
    authority: Authority,
    tls: Callable[[Authority, list[Identity]], Tls],
    words: str,
) -> None:
    issued = [authority.issue("one@example.com"), authority.issue("other@example.com")]
    access = Access(tls=tls(authority, issued))
    failed = failure(source(mirrors, "https://127.0.0.1:1/x", access))
    assert (type(failed), failed.reason) == (Stalled, Reason.AUTHENTICATION_FAILED)
    assert words in failed.message
    assert "spec.git.secretRef" in failed.hint


def test_the_systems_authorities_do_not_count_beside_an_own_one(authority: Authority) -> None:
    remote = Remote(parse_url("https://127.0.0.1/x", frozenset()), trusting(authority), 1024)
    with opened(remote, time.monotonic() + SAFETY_NET) as environment:
        named = settings(environment)
        assert Path(named["http.sslCAInfo"]).read_text() == authority.certificate
        assert not list(Path(named["http.sslCAPath"]).iterdir())
    assert not Path(named["http.sslCAPath"]).exists()


def test_keys_are_in_files_that_nobody_else_reads_and_that_go(
    authority: Authority,
) -> None:
    client = authority.issue("robot@example.com")
    remote = Remote(
        parse_url("https://127.0.0.1/x", frozenset()), trusting(authority, client), 1024
    )
    with opened(remote, time.monotonic() + SAFETY_NET) as environment:
        file = Path(settings(environment)["http.sslKey"])
        assert file.read_text() == client.key
        assert file.stat().st_mode & 0o777 == 0o600
        assert not file.stat().st_nlink  # no folder has it
        assert client.key not in "".join(environment.values())
    assert not file.exists()


def settings(environment: object) -> dict[str, str]:
    """The settings of git that an environment carries."""
    assert isinstance(environment, dict)
    count = int(environment["GIT_CONFIG_COUNT"])
    return {
        environment[f"GIT_CONFIG_KEY_{number}"]: environment[f"GIT_CONFIG_VALUE_{number}"]
        for number in range(count)
    }


def test_no_certificate_is_checked_by_a_variable_of_ours(
    served: Repository, mirrors: Mirrors, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_SSL_NO_VERIFY", "1")
    with serving(served, ServerTls(authority.issue())) as server:
        failed = failure(source(mirrors, server.url(NAME)))
        remote = Remote(parse_url(server.url(NAME), frozenset()), Access(), 1024)
        with pytest.raises(PackError) as refused:
            ls_remote(remote, (), time.monotonic() + SAFETY_NET)
    for one in (failed, refused.value):
        assert one.reason is Reason.CERTIFICATE_INVALID
