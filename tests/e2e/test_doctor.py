"""`packctl doctor git`: what works, and each step failing in turn, against real servers."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import pytest

from controller.doctor import Step
from hack.authority import ServerTls
from hack.githubapi import GitHubApi, Reply
from hack.gitserver import Basic, Fault, GitServer
from hack.localcluster import ControlPlane
from hack.packrepo import pack
from hack.proxyserver import ProxyServer
from tests.e2e.clinic import NAME, PATH, Clinic, Json, Report, clinic, examine
from tests.e2e.site import Site
from tests.signing.signers import by_ssh, sign

LOGIN = {"username": "robot", "password": "hunter2-secret"}


@pytest.fixture(scope="module")
def ward(packs_served: ControlPlane, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    with clinic(packs_served, tmp_path_factory.mktemp("clinic")) as made:
        yield made


@dataclass(frozen=True, slots=True)
class Given:
    """What a Pack's spec.git says beside its path, and the environment of the command."""

    git: Json
    env: dict[str, str] = field(default_factory=dict)
    typed: tuple[str, ...] = ()


Arrange = Callable[[Clinic, ExitStack], Given]
"""Prepares the servers, and puts on the stack what undoes it."""


def protected(stack: ExitStack, server: GitServer) -> None:
    server.protect(NAME, Basic(**LOGIN))
    stack.callback(server.protect, NAME, None)


def named(ward: Clinic, **secret: str) -> Json:
    return {"secretRef": {"name": ward.secret(secret)}}


def plain(ward: Clinic, **git: Any) -> Json:
    return {"url": ward.http.url(NAME), **git}


def by_https(ward: Clinic, stack: ExitStack) -> Given:
    protected(stack, ward.https)
    secret = named(ward, **LOGIN, **{"ca.crt": ward.authority.certificate})
    return Given({"url": ward.https.url(NAME), **secret})


def by_http(ward: Clinic, _: ExitStack) -> Given:
    return Given(plain(ward, ref={"semver": "^1"}))


def over_ssh(ward: Clinic, _: ExitStack) -> Given:
    private = ward.key()
    secret = named(ward, identity=private, known_hosts=ward.ssh.known_hosts)
    return Given({"url": ward.ssh.url(NAME), **secret})


def through_proxy(ward: Clinic, stack: ExitStack, scheme: str = "http", **login: str) -> Given:
    hosts = {"git.example.com": "127.0.0.1"}
    own = ServerTls(ward.authority.issue()) if scheme == "https" else None
    made = ProxyServer(scheme, login=("proxy", "s3cret-word"), hosts=hosts, tls=own)
    proxy = stack.enter_context(made)
    right = {"username": "proxy", "password": "s3cret-word"}
    through = ward.secret({"address": proxy.address, **right, **login})
    url = ward.https.url(NAME).replace("127.0.0.1", "git.example.com")
    secret = named(ward, **{"ca.crt": ward.authority.certificate})
    return Given({"url": url, "proxySecretRef": {"name": through}, **secret})


def by_app(ward: Clinic, stack: ExitStack) -> tuple[Given, GitHubApi]:
    def issue(token: str) -> None:
        ward.http.protect(NAME, Basic("x-access-token", token))

    stack.callback(ward.http.protect, NAME, None)
    ward.http.protect(NAME, Basic("nobody", "yet"))
    api = stack.enter_context(GitHubApi(issue))
    return Given(plain(ward, **named(ward, **api.secret))), api


def signed(ward: Clinic, stack: ExitStack) -> Given:
    jane = by_ssh(ward.folder, "jane@example.com")
    head = ward.repo.head()
    ward.repo.force("work", head)
    sign(ward.repo, jane)
    stack.callback(ward.repo.force, "main", head)
    keys = ward.secret({jane.file: jane.public.decode()})
    return Given(plain(ward, verify={"mode": "HEAD", "secretRef": {"name": keys}}))


WORKS: dict[str, tuple[Arrange, dict[Step, str]]] = {
    "https, a login and an own authority": (
        by_https,
        {
            Step.URL: "https, host 127.0.0.1, port",
            Step.SECRET: "the user robot with a password, an own authority",
            Step.DNS: "127.0.0.1 is an address",
            Step.TLS: "TLS 1.3, certificate for ",
            Step.ANSWER: "HTTP 401, wants a login (Basic)",
            Step.LOGIN: "as the user robot with a password",
            Step.FETCH: "without history and large files",
            Step.PATH: f"'{PATH}': pack.yaml, 3 workflow files, 0 actions",
        },
    ),
    "http and a range of versions": (
        by_http,
        {
            Step.SECRET: "none",
            Step.TLS: "http:// is not encrypted",
            Step.ANSWER: "HTTP 200, Git protocol version 2",
            Step.LOGIN: "none, and none is needed",
            Step.REFERENCE: "the newest in the range '^1' is the tag 'v1.2.0', at ",
        },
    ),
    "ssh": (
        over_ssh,
        {
            Step.URL: "ssh, host 127.0.0.1",
            Step.SECRET: "an ssh key",
            Step.TLS: "ssh encrypts by itself",
            Step.ANSWER: "AsyncSSH_",
            Step.LOGIN: "as git with the key ED25519 SHA256:",
            Step.FETCH: "main@",
        },
    ),
    "a proxy that looks the name up": (
        through_proxy,
        {
            Step.DNS: "the proxy looks git.example.com up",
            Step.PROXY: "connects us to git.example.com:",
            Step.TLS: "git.example.com",
        },
    ),
    "a proxy that is reached by TLS": (
        lambda ward, stack: through_proxy(ward, stack, "https"),
        {Step.PROXY: "https://127.0.0.1:", Step.TLS: "TLS 1.3, certificate for "},
    ),
    "a SOCKS proxy": (
        lambda ward, stack: through_proxy(ward, stack, "socks5h"),
        {Step.PROXY: "socks5h://127.0.0.1:", Step.TLS: "TLS 1.3, certificate for "},
    ),
    "a GitHub App": (
        lambda ward, stack: by_app(ward, stack)[0],
        {
            Step.SECRET: "the GitHub App 424242, installation ",
            Step.LOGIN: "as the GitHub App 424242, installation ",
        },
    ),
    "a signature": (
        signed,
        {Step.SIGNATURE: "the commit is signed by jane@example.com (SSH SHA256:"},
    ),
}


@pytest.mark.parametrize("case", WORKS)
def test_what_works_is_told_step_by_step(ward: Clinic, case: str) -> None:
    arrange, says = WORKS[case]
    seen = arranged(ward, arrange)
    assert seen.failed == ["status"], seen.text
    assert list(seen.steps) == [step.value for step in Step]
    for step, words in says.items():
        assert words in seen.steps[step]["detail"]


def arranged(ward: Clinic, arrange: Arrange) -> Report:
    with ExitStack() as stack:
        given = arrange(ward, stack)
        seen = ward.examine(ward.pack(given.git), *given.typed, env=given.env)
    for secret in ("hunter2-secret", "s3cret-word", "PRIVATE KEY", "ghs_"):
        assert secret not in seen.text
    return seen


@dataclass(frozen=True, slots=True)
class Fails:
    """A step that fails, with the reason that a Pack would have, and words of what is said."""

    arrange: Arrange
    step: Step
    reason: str
    says: str


def wrong_key(ward: Clinic, stack: ExitStack) -> Given:
    given = over_ssh(ward, stack)
    ward.ssh.allow()
    return given


def rekeyed(ward: Clinic, stack: ExitStack) -> Given:
    given = over_ssh(ward, stack)
    ward.ssh.rekey()
    return given


def expired(ward: Clinic, stack: ExitStack) -> Given:
    tls = ServerTls(ward.authority.issue(expired=True))
    server = stack.enter_context(GitServer(ward.folder / "repositories", tls))
    secret = named(ward, **{"ca.crt": ward.authority.certificate})
    return Given({"url": server.url(NAME), **secret})


def closed(_ward: Clinic, _stack: ExitStack) -> Given:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return Given({"url": f"http://127.0.0.1:{unused.getsockname()[1]}/x.git"})


def spoilt(fault: Fault) -> Arrange:
    def arrange(ward: Clinic, stack: ExitStack) -> Given:
        ward.http.spoil(NAME, fault)
        stack.callback(ward.http.release, NAME)
        return Given(plain(ward), typed=("--timeout", "500ms"))

    return arrange


def redirected(ward: Clinic, _: ExitStack) -> Given:
    ward.http.redirect("old.git", ward.http.url(NAME))
    return Given({"url": ward.http.url("old.git")})


def without_login(ward: Clinic, stack: ExitStack) -> Given:
    protected(stack, ward.http)
    return Given(plain(ward))


def refused(ward: Clinic, stack: ExitStack) -> Given:
    protected(stack, ward.http)
    return Given(plain(ward, **named(ward, username="robot", password="hunter2-secret-old")))


def suspended(ward: Clinic, stack: ExitStack) -> Given:
    given, api = by_app(ward, stack)
    api.reply = Reply(403, {"message": "This installation has been suspended"})
    return given


def unsigned(ward: Clinic, _: ExitStack) -> Given:
    jane = by_ssh(ward.folder, "joe@example.com")
    keys = ward.secret({jane.file: jane.public.decode()})
    return Given(plain(ward, verify={"mode": "HEAD", "secretRef": {"name": keys}}))


def too_large(ward: Clinic, _: ExitStack) -> Given:
    return Given(plain(ward), env={"PACKCTL_MAX_REPOSITORY_SIZE": "1"})


def simply(given: Callable[[Clinic], Given]) -> Arrange:
    return lambda ward, _: given(ward)


FAILS = {
    "http is not allowed": Fails(
        simply(lambda ward: Given(plain(ward), env={"PACKCTL_ALLOW_HTTP": "false"})),
        *(Step.URL, "InvalidURL", "uses http, which this controller does not allow"),
    ),
    "no Secret": Fails(
        simply(lambda ward: Given(plain(ward, secretRef={"name": "nowhere"}))),
        *(Step.SECRET, "SecretNotFound", "There is no Secret nowhere in the namespace doctor-"),
    ),
    "two logins": Fails(
        simply(lambda ward: Given(plain(ward, **named(ward, **LOGIN, bearerToken="t")))),
        *(Step.SECRET, "AuthenticationFailed", "must hold exactly one login"),
    ),
    "a host that is not allowed": Fails(
        simply(lambda ward: Given(plain(ward), env={"PACKCTL_DENIED_NETWORKS": "loopback"})),
        *(Step.NETWORK, "HostNotAllowed", "may not connect to the host"),
    ),
    "a name that leads where it may not": Fails(
        simply(
            lambda ward: Given(
                {"url": ward.http.url(NAME).replace("127.0.0.1", "localhost")},
                env={"PACKCTL_DENIED_NETWORKS": "loopback"},
            )
        ),
        *(Step.DNS, "HostNotAllowed", "may not connect to the host"),
    ),
    "a name that nobody knows": Fails(
        simply(lambda _: Given({"url": "https://no-such-host.invalid/x.git"})),
        *(Step.DNS, "GitUnreachable", "cannot be reached"),
    ),
    "a closed port": Fails(closed, Step.CONNECT, "GitUnreachable", "cannot be reached"),
    "a wrong login for the proxy": Fails(
        lambda ward, stack: through_proxy(ward, stack, password="s3cret-word-old"),
        *(Step.PROXY, "AuthenticationFailed", "does not let us in"),
    ),
    "an authority that nobody trusts": Fails(
        simply(lambda ward: Given({"url": ward.https.url(NAME)})),
        *(Step.TLS, "CertificateInvalid", "is not trusted. It shows a certificate for localhost"),
    ),
    "a certificate that has expired": Fails(
        expired, Step.TLS, "CertificateInvalid", "expired 1 day ago"
    ),
    "no repository": Fails(
        simply(lambda ward: Given({"url": ward.http.url("none.git")})),
        *(Step.ANSWER, "RepositoryNotFound", "There is no repository"),
    ),
    "a redirect": Fails(redirected, Step.ANSWER, "RepositoryNotFound", "redirects to another"),
    "too many requests": Fails(
        spoilt(Fault.THROTTLE), Step.ANSWER, "RateLimited", "too many requests"
    ),
    "a server that hangs": Fails(
        spoilt(Fault.HANG), Step.ANSWER, "GitTimeout", "did not answer in time"
    ),
    "another host key": Fails(rekeyed, Step.ANSWER, "HostKeyMismatch", "shows another host key"),
    "no login where one is wanted": Fails(
        without_login,
        *(Step.LOGIN, "AuthenticationFailed", "does not let us in"),
    ),
    "a wrong login": Fails(refused, Step.LOGIN, "AuthenticationFailed", "does not let us in"),
    "an ssh key that the server does not know": Fails(
        wrong_key, Step.LOGIN, "AuthenticationFailed", "refuses the key in the Secret"
    ),
    "an App that is suspended": Fails(
        suspended, Step.LOGIN, "AuthenticationFailed", "is suspended"
    ),
    "no branch of that name": Fails(
        simply(lambda ward: Given(plain(ward, ref={"branch": "mian"}))),
        *(Step.REFERENCE, "RefNotFound", "There is no branch 'mian'"),
    ),
    "no commit of that id": Fails(
        simply(lambda ward: Given(plain(ward, ref={"commit": "1" * 40}))),
        *(Step.FETCH, "RefNotFound", "There is no commit 1111"),
    ),
    "a repository that is too large": Fails(
        too_large, Step.FETCH, "LimitExceeded", "takes more than 1 bytes"
    ),
    "no folder of that name": Fails(
        simply(lambda ward: Given(plain(ward, path="packs/nowhere"))),
        *(Step.PATH, "PathNotFound", "packs/nowhere"),
    ),
    "a folder without a pack": Fails(
        simply(lambda ward: Given(plain(ward, path="packs"))),
        *(Step.PATH, "PackInvalid", "There is no pack.yaml in 'packs'"),
    ),
    "no signature": Fails(unsigned, Step.SIGNATURE, "VerificationFailed", "is not signed"),
}


@pytest.mark.parametrize("case", FAILS.values(), ids=FAILS.keys())
def test_the_first_step_that_fails_says_why_and_what_to_do(ward: Clinic, case: Fails) -> None:
    seen = arranged(ward, case.arrange)
    assert seen.code == 1
    assert seen.failed[:1] == [case.step], seen.text
    told = seen.steps[case.step]
    assert told["reason"] == case.reason
    assert case.says in told["detail"]
    assert told["hint"]
    later = [step for step in list(Step)[list(Step).index(case.step) + 1 :] if step != Step.STATUS]
    assert {seen.steps[step]["detail"] for step in later} <= {f"not tried: {case.step} failed"}


def test_every_step_has_a_case_in_which_it_fails() -> None:
    assert {case.step for case in FAILS.values()} == set(Step) - {Step.STATUS}


def test_the_status_is_told_beside_what_is_found(site: Site, ref: str) -> None:
    commit = site.repo(ref).commit(pack(ref, workflows=1))
    followed = site.follow(ref)
    followed.wait()
    seen = beside(site, ref)
    assert (seen.code, seen.failed) == (0, [])
    assert seen.steps["status"]["detail"] == f"main@{commit[:8]}, Ready is True: Succeeded"

    # Nobody looks within the hour: the controller does not know of it yet.
    site.git.protect(ref, Basic(**LOGIN))
    seen = beside(site, ref)
    assert seen.failed == ["login", "status"]
    assert seen.steps["status"]["detail"] == f"It has main@{commit[:8]}, and no failure."

    followed.reconcile()
    seen = beside(site, ref)
    assert seen.failed == ["login"]
    assert "the same: Fetched is False since" in seen.steps["status"]["detail"]

    site.git.protect(ref, None)
    seen = beside(site, ref)
    assert seen.failed == ["status"]
    assert "AuthenticationFailed, but here it works" in seen.steps["status"]["detail"]


def beside(site: Site, ref: str) -> Report:
    kubeconfig = str(site.control_plane.kubeconfig)
    return examine(ref, "-n", site.namespace, "--kubeconfig", kubeconfig)
