"""Logins as a GitHub App: an API that checks them, and a Git server that takes its tokens."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from controller.errors import PackError, Reason, Stalled, Transient, Waiting
from controller.source.access import access_from
from controller.source.git_source import GitSource
from controller.source.mirrors import Mirrors
from controller.source.network import network_policy
from controller.source.target import GitReference, GitTarget, ReferenceKind
from controller.source.urls import Scheme
from hack.authority import Authority, ServerTls
from hack.githubapi import CLIENT, OWNER, GitHubApi, Reply, app_key, pem
from hack.gitserver import Basic, GitServer
from hack.packrepo import PackRepo, pack
from hack.proxyserver import ProxyServer
from tests.conftest import PackRepoFactory
from tests.source.fake_server import ADVERTISEMENT, packet, reply, serving

NAME = "acme/packs.git"
SAFETY_NET = 20.0
NOBODY = Basic("nobody", "yet")
HEAD = GitReference()

Secret = Mapping[str, str | None]
"""What to put over the right Secret; None takes a key out."""

NOTHING: Secret = {}


class Site:
    """A private repository that the newest token of `api` opens, and ways to follow it."""

    def __init__(self, api: GitHubApi, git: GitServer, mirrors: Mirrors, repo: PackRepo) -> None:
        self.api = api
        self.git = git
        self.mirrors = mirrors
        self.repo = repo
        self.head = repo.commit(pack("payments", workflows=1))

    def source(
        self,
        secret: Secret = NOTHING,
        *,
        url: str = "",
        reference: GitReference = HEAD,
        timeout: float = SAFETY_NET,
        proxy: Mapping[str, str] | None = None,
    ) -> GitSource:
        """The repository (or another one), opened with the API's Secret with `secret` over it."""
        values = {**self.api.secret, **secret}
        data = {key: value.encode() for key, value in values.items() if value is not None}
        way = None if proxy is None else {key: value.encode() for key, value in proxy.items()}
        access = access_from(data, way, ssh=False)
        place = url or self.git.url(NAME)
        target = GitTarget(place, reference, access=access, timeout=timeout)
        return GitSource(self.mirrors, target)

    def failure(self, secret: Secret = NOTHING, **place: Any) -> PackError:
        with pytest.raises(PackError) as failed:
            self.source(secret, **place).fetch()
        assert failed.value.hint
        return failed.value

    def secrets(self) -> list[str]:
        """What nobody may read: the key, what it signed, the tokens and how they are sent."""
        headers = [one.headers["authorization"].removeprefix("Bearer ") for one in self.api.asked]
        sent = [Basic("x-access-token", token).header[6:] for token in self.api.tokens]
        return [*headers, *self.api.tokens, *sent, *pem(app_key()).splitlines()[1:-1]]

    def revoke(self) -> None:
        """Let no token in that was issued until now."""
        self.git.protect(NAME, NOBODY)


@pytest.fixture
def site(git_server: GitServer, mirrors: Mirrors, pack_repo: PackRepoFactory) -> Iterator[Site]:
    git_server.protect(NAME, NOBODY)

    def issue(token: str) -> None:
        git_server.protect(NAME, Basic("x-access-token", token))

    with GitHubApi(issue) as api:
        yield Site(api, git_server, mirrors, pack_repo(NAME))


@pytest.mark.parametrize(
    "secret",
    [
        {},
        {"githubAppID": None, "githubAppClientID": CLIENT},
        {"githubAppInstallationID": None, "githubAppInstallationOwner": OWNER},
    ],
    ids=["ids", "client id", "owner"],
)
def test_a_token_opens_the_repository(site: Site, secret: Secret) -> None:
    assert site.source(secret).fetch().revision.commit == site.head
    assert len(site.api.tokens) == 1


def test_one_token_serves_all_looks_fetches_and_threads(site: Site) -> None:
    with ThreadPoolExecutor(8) as pool:
        sources = [site.source() for _ in range(8)]
        site.api.held.clear()
        looks = [pool.submit(source.fetch) for source in sources]
        site.api.held.set()
        assert {look.result(SAFETY_NET).revision.commit for look in looks} == {site.head}
    assert len(site.api.tokens) == 1


def test_a_token_that_is_over_is_not_used_again(site: Site) -> None:
    site.api.life = 0.0
    source = site.source()
    source.fetch()
    before = len(site.api.tokens)
    source.fetch()
    assert len(site.api.tokens) > before


def test_a_revoked_token_is_replaced_once(site: Site) -> None:
    source = site.source()
    source.fetch()
    site.revoke()
    source.fetch()
    assert len(site.api.tokens) == 2


def test_a_revoked_token_is_replaced_in_a_fetch_that_no_look_goes_before(site: Site) -> None:
    site.source().fetch()
    site.revoke()
    pinned = GitReference(ReferenceKind.COMMIT, site.repo.commit({"new": "file"}))
    assert site.source(reference=pinned).fetch().revision.commit == pinned.name
    assert len(site.api.tokens) == 2


def test_a_server_that_takes_no_token_is_not_asked_for_ever(site: Site) -> None:
    with serving(reply(401, www_authenticate='Basic realm="x"')) as server:
        source = site.source(url=server.url)
        for looks in (1, 2):
            with pytest.raises(Stalled) as failed:
                source.fetch()
            assert failed.value.reason is Reason.AUTHENTICATION_FAILED
            assert len(site.api.tokens) == looks


@pytest.mark.parametrize("ahead", [-240, 240])
def test_a_clock_may_be_some_minutes_wrong(site: Site, ahead: float) -> None:
    site.api.ahead = ahead
    assert site.source().fetch().revision.commit == site.head


@pytest.mark.parametrize(("ahead", "word"), [(-900, "ahead of"), (900, "behind")])
def test_a_clock_that_is_far_off_is_named(site: Site, ahead: float, word: str) -> None:
    site.api.ahead = ahead
    failed = site.failure()
    assert failed.reason is Reason.AUTHENTICATION_FAILED
    assert f"s {word} its" in failed.message
    assert "NTP" in failed.hint


def made(bits: int) -> str:
    return pem(rsa.generate_private_key(65537, bits))


def encrypted() -> str:
    form = (Encoding.PEM, PrivateFormat.TraditionalOpenSSL, BestAvailableEncryption(b"pass"))
    return app_key().private_bytes(*form).decode()


def elliptic() -> str:
    form = (Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return ec.generate_private_key(ec.SECP256R1()).private_bytes(*form).decode()


KEYS: dict[str, tuple[Callable[[], str], str]] = {
    "another": (lambda: made(2048), "does not know the GitHub App"),
    "short": (lambda: made(1024), "less than 2048 bits"),
    "encrypted": (encrypted, "passphrase"),
    "elliptic": (elliptic, "not RSA"),
    "rubbish": (
        lambda: "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n",
        "cannot be read",
    ),
}


@pytest.mark.parametrize("key", KEYS)
def test_a_key_that_is_not_the_apps_is_told_what_is_wrong_with_it(site: Site, key: str) -> None:
    make, says = KEYS[key]
    text = make()
    failed = site.failure({"githubAppPrivateKey": text})
    assert (type(failed), failed.reason) == (Stalled, Reason.AUTHENTICATION_FAILED)
    assert says in failed.message
    assert text.splitlines()[1] not in f"{failed} {failed!r} {failed.__context__!r}"


def test_who_is_not_installed_there_is_told(site: Site) -> None:
    elsewhere = site.failure({"githubAppInstallationID": "1"})
    assert "The installation 1 of the GitHub App 424242 is not" in elsewhere.message
    nobody = site.failure({"githubAppInstallationID": None, "githubAppInstallationOwner": "nobody"})
    assert "The installation in nobody of the GitHub App 424242 is not" in nobody.message


def test_a_rate_limit_is_waited_out_without_asking(site: Site) -> None:
    site.api.reply = Reply(429, headers={"Retry-After": "600"})
    waiting = site.failure()
    site.api.reply = None
    again = site.failure()
    assert isinstance(waiting, Waiting)
    assert waiting.retry_after == 600
    assert isinstance(again, Waiting)
    assert 590 < again.retry_after <= 600
    assert len(site.api.asked) == 1


def test_a_redirect_gets_nothing(site: Site) -> None:
    with serving(reply(200)) as other:
        site.api.reply = Reply(307, headers={"Location": other.url})
        failed = site.failure()
        assert other.seen == []
    assert "Redirects are not followed" in failed.hint


def test_an_api_that_is_not_there(site: Site) -> None:
    failed = site.failure({"githubAppBaseURL": "http://127.0.0.1:1/api/v3"})
    assert (type(failed), failed.reason) == (Transient, Reason.GIT_UNREACHABLE)
    assert "http://127.0.0.1:1/api/v3" in failed.message


def test_an_api_that_does_not_answer_costs_the_timeout_and_is_named(site: Site) -> None:
    site.api.held.clear()
    failed = site.failure(timeout=0.5)
    assert (type(failed), failed.reason) == (Transient, Reason.GIT_TIMEOUT)
    assert f"{site.api.url} did not give the GitHub App a token in time" in failed.message


@pytest.mark.parametrize("body", [b"<html>", b"[" * 300_000], ids=["page", "endless"])
def test_a_server_that_is_no_api(site: Site, body: bytes) -> None:
    site.api.reply = Reply(201, body)
    failed = site.failure()
    assert failed.reason is Reason.AUTHENTICATION_FAILED
    assert f"{site.api.url} answers, but not as GitHub's API does" in failed.message


def test_no_token_is_asked_for_in_the_clear_for_a_repository_that_is_not(site: Site) -> None:
    failed = site.failure(url="https://127.0.0.1:1/acme/packs.git")
    assert "no https:// address" in failed.message
    assert site.api.asked == []


def command_lines() -> Iterator[bytes]:
    """Those of all processes that run now."""
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            yield process.read_bytes()


def test_nothing_of_it_is_in_a_command_line_file_or_message(site: Site, cache: Path) -> None:
    lines: list[bytes] = []

    def echo(request: BaseHTTPRequestHandler) -> None:
        lines.extend(command_lines())
        header = request.headers["Authorization"].removeprefix("Basic ")
        words = f"ERR {site.api.tokens[-1]} {header}".encode()
        body = packet(b"# service=git-upload-pack\n") + b"0000" + packet(words)
        reply(200, body, content_type=ADVERTISEMENT)(request)

    site.source().fetch()
    pinned = GitReference(ReferenceKind.COMMIT, "1" * 40)
    with serving(echo) as server:
        failed = [site.failure(url=server.url), site.failure(url=server.url, reference=pinned)]
    said = [f"{one} {one!r} {one.__context__!r} {one.__cause__!r}".encode() for one in failed]
    files = [path.read_bytes() for path in cache.rglob("*") if path.is_file()]
    assert any(b"fetch" in line for line in lines)
    for secret in site.secrets():
        assert not [text for text in (*lines, *files, *said) if secret.encode() in text]


def test_who_has_no_app_pays_nothing_for_it() -> None:
    script = "import sys, controller.app, controller.cli; sys.exit('cryptography' in sys.modules)"
    subprocess.run([sys.executable, "-c", script], check=True)


@pytest.fixture
def secured(authority: Authority, tmp_path: Path) -> Iterator[tuple[GitHubApi, GitServer]]:
    """The API and the repository behind certificates of an own authority."""
    tls = ServerTls(authority.issue())
    with GitServer(tmp_path / "repositories", tls) as git:
        git.protect(NAME, NOBODY)

        def issue(token: str) -> None:
            git.protect(NAME, Basic("x-access-token", token))

        with GitHubApi(issue, tls) as api:
            yield api, git


def test_the_api_is_trusted_by_the_same_authority(
    site: Site, secured: tuple[GitHubApi, GitServer], authority: Authority
) -> None:
    api, git = secured
    without = site.failure(api.secret, url=git.url(NAME))
    assert without.reason is Reason.CERTIFICATE_INVALID
    assert "That is GitHub's API" in without.hint
    assert api.asked == []
    trusted = {**api.secret, "ca.crt": authority.certificate}
    assert site.source(trusted, url=git.url(NAME)).fetch().revision.commit == site.head


def test_the_api_is_asked_through_the_proxy(
    site: Site, secured: tuple[GitHubApi, GitServer], authority: Authority
) -> None:
    api, git = secured
    trusted = {**api.secret, "ca.crt": authority.certificate}
    with ProxyServer(login=("proxy", "s3cret-word")) as proxy:
        way = {"address": proxy.address, "username": "proxy", "password": "s3cret-word"}
        opened = site.source(trusted, url=git.url(NAME), proxy=way)
        assert opened.fetch().revision.commit == site.head
        hosts = {url.partition("://")[2].partition("/")[0] for url in (api.url, git.url(""))}
        assert hosts == set(proxy.asked)


def test_the_api_must_be_where_the_controller_may_connect_to(site: Site, cache: Path) -> None:
    network = network_policy(denied_hosts="api.internal")
    site.mirrors = Mirrors(cache, frozenset({Scheme.HTTP}), network=network)
    failed = site.failure({"githubAppBaseURL": "http://api.internal/api/v3"})
    assert failed.reason is Reason.HOST_NOT_ALLOWED
    assert "http://api.internal/" in failed.message


def test_a_certificate_of_ours_is_for_the_host_of_the_repository(
    site: Site, secured: tuple[GitHubApi, GitServer], authority: Authority
) -> None:
    """An API elsewhere that asks for one gets none, and says so."""
    _, git = secured
    own = authority.issue("robot@example.com")
    files = {"ca.crt": authority.certificate, "tls.crt": own.certificate, "tls.key": own.key}
    with GitHubApi(tls=ServerTls(authority.issue(), authority.certificate)) as api:
        failed = site.failure({**api.secret, **files}, url=git.url(NAME))
    assert failed.reason is Reason.AUTHENTICATION_FAILED
    assert "wants the certificate of a client" in failed.message


def test_what_cannot_be_a_login_is_refused_before_anything_is_asked(site: Site) -> None:
    wrong: list[Secret] = [
        {"githubAppID": "12 34"},
        {"githubAppInstallationID": "../7"},
        {"githubAppInstallationID": None},
        {"githubAppInstallationOwner": OWNER},
        {"githubAppInstallationID": None, "githubAppInstallationOwner": "a/b"},
        {"githubAppPrivateKey": "key"},
        {"githubAppBaseURL": "ftp://x"},
        {"githubAppBaseURL": "https://user@x"},
        {"bearerToken": "x"},
        {"username": "x", "password": "y"},
    ]
    for secret in wrong:
        with pytest.raises(Stalled) as refused:
            site.source(secret)
        assert refused.value.reason is Reason.AUTHENTICATION_FAILED
    assert site.api.asked == []
