"""Which commit a Pack follows, and how it opens a private repository."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from hack.authority import Authority, ServerTls
from hack.githubapi import GitHubApi, Reply
from hack.gitserver import Basic, Bearer, GitServer
from hack.packrepo import pack, workflow_yaml
from hack.proxyserver import ProxyServer
from tests.e2e.site import Site


@pytest.mark.parametrize("kind", ["branch", "tag", "annotated tag"])
def test_a_name_is_followed_wherever_it_moves(site: Site, ref: str, kind: str) -> None:
    repo = site.repo(ref)
    first = repo.commit(pack(ref, workflows=1), branch="release")
    message = "Release" if kind == "annotated tag" else None
    repo.tag("v1", first, message=message)
    wanted = {"branch": "release"} if kind == "branch" else {"tag": "v1"}
    name = next(iter(wanted.values()))
    followed = site.follow(ref, git={"ref": wanted})
    assert followed.wait().status.last_applied_revision == f"{name}@sha1:{first}"

    second = repo.commit(
        {"workflows/workflow_002.yaml": workflow_yaml(f"{ref}.workflow_002")}, branch="release"
    )
    repo.tag("v1", second, message=message)
    moved = followed.reconcile()

    assert moved.status.last_applied_revision == f"{name}@sha1:{second}"
    assert moved.status.source
    assert moved.status.source.ref == name
    assert len(site.definitions(ref)) == 2


def test_at_a_commit_it_stays(site: Site, ref: str) -> None:
    repo = site.repo(ref)
    first = repo.commit(pack(ref, workflows=1))
    repo.commit(pack(ref, workflows=2))

    followed = site.follow(ref, git={"ref": {"commit": first}})

    assert followed.wait().status.last_applied_revision == f"sha1:{first}"
    assert list(site.definitions(ref)) == [f"{ref}.workflow_001"]


@dataclass(frozen=True, slots=True)
class Login:
    """An account of the Git server, the Secret that opens it, and one that does not."""

    account: Basic | Bearer
    right: dict[str, str]
    wrong: dict[str, str]


GOOD = dict.fromkeys(
    ("Ready", "Fetched", "Validated", "Synced", "DriftFree"), ("True", "Succeeded")
)

LOGINS = {
    "basic": Login(
        Basic("reader", "s3cret/with:odd@signs"),
        {"username": "reader", "password": "s3cret/with:odd@signs"},
        {"username": "reader", "password": "wr0ng/with:odd@signs"},
    ),
    "bearer": Login(
        Bearer("good-token-0123456789"),
        {"bearerToken": "good-token-0123456789"},
        {"bearerToken": "wrong-token-9876543210"},
    ),
}


@pytest.mark.parametrize("login", LOGINS.values(), ids=LOGINS.keys())
def test_a_private_repository_opens_with_the_right_secret(
    site: Site, ref: str, login: Login
) -> None:
    site.repo(ref).commit(pack(ref, workflows=1))
    site.git.protect(ref, login.account)
    followed = site.follow(ref, git={"secretRef": {"name": ref}})
    missing = followed.wait("Ready", "False", "SecretNotFound")
    assert missing.message() == (
        f"There is no Secret {ref} in the namespace {site.namespace}. "
        "Create it with the login for the repository: docs/pack.md lists its keys."
    )

    site.secret(ref, **login.wrong)
    refused = followed.wait("Ready", "False", "AuthenticationFailed")
    assert refused.summary() == {
        "Ready": ("False", "AuthenticationFailed"),
        "Stalled": ("True", "AuthenticationFailed"),
        "Fetched": ("False", "AuthenticationFailed"),
    }
    assert "spec.git.secretRef" in refused.message()
    assert site.everything(ref) == (None, {}, {})

    site.secret(ref, **login.right)
    followed.wait()
    assert len(site.definitions(ref)) == 1


@pytest.mark.parametrize("login", LOGINS.values(), ids=LOGINS.keys())
def test_no_secret_is_told_to_anybody(site: Site, ref: str, login: Login) -> None:
    site.repo(ref).commit(pack(ref, workflows=1))
    site.git.protect(ref, login.account)
    site.secret(ref, **login.wrong)

    followed = site.follow(ref, git={"secretRef": {"name": ref}})
    refused = followed.wait("Ready", "False", "AuthenticationFailed")

    told = f"{refused.body} {followed.events()} {site.controller.text()}"
    assert "AuthenticationFailed" in site.controller.text()
    assert not [value for value in _secrets(login) if value in told]


def _secrets(login: Login) -> list[str]:
    """What nobody may read: the password or token, and how it stands in the request's header."""
    wrong = login.wrong
    if "bearerToken" in wrong:
        return [wrong["bearerToken"]]
    header = Basic(wrong["username"], wrong["password"]).header
    return [wrong["password"], header.removeprefix("Basic ")]


@pytest.fixture
def api(site: Site, ref: str) -> Iterator[GitHubApi]:
    """GitHub's API; the repository `ref` opens with the newest token of its App alone."""
    site.git.protect(ref, Basic("nobody", "yet"))
    with GitHubApi(lambda token: site.git.protect(ref, Basic("x-access-token", token))) as served:
        yield served


def test_a_github_app_opens_a_repository_for_all_packs_that_name_it(
    site: Site, ref: str, api: GitHubApi
) -> None:
    other = f"{ref}b"
    inside = {f"b/{path}": text for path, text in pack(other, workflows=1).items()}
    site.repo(ref).commit(pack(ref, workflows=1) | inside)
    site.secret(ref, **api.secret)
    login = {"secretRef": {"name": ref}}

    followed = [
        site.follow(ref, git=login),
        site.follow(other, repo=ref, git={**login, "path": "b"}),
    ]
    assert {one.wait().summary()["Ready"] for one in followed} == {("True", "Succeeded")}
    assert len(api.tokens) == 1

    site.git.protect(ref, Basic("nobody", "yet"))  # as when the token was revoked
    seen = followed[0].reconcile()
    assert seen.summary()["Ready"] == ("True", "Succeeded")
    assert len(api.tokens) == 2

    told = f"{seen.body} {followed[0].events()} {site.controller.text()}"
    assert not [secret for secret in _told_to_nobody(api) if secret in told]


def test_an_app_that_is_suspended_says_so_until_it_is_not(
    site: Site, ref: str, api: GitHubApi
) -> None:
    site.repo(ref).commit(pack(ref, workflows=1))
    site.secret(ref, **api.secret)
    api.reply = Reply(403, {"message": "This installation has been suspended"})
    followed = site.follow(ref, git={"secretRef": {"name": ref}})
    refused = followed.wait("Ready", "False", "AuthenticationFailed")
    assert f"The installation {api.installation} of the GitHub App" in refused.message()
    assert "is suspended" in refused.message()

    api.reply = None
    assert followed.reconcile().summary()["Ready"] == ("True", "Succeeded")


def _told_to_nobody(api: GitHubApi) -> list[str]:
    """The App's key, what it signed, and the tokens in every form that they are sent in."""
    headers = [one.headers["authorization"].removeprefix("Bearer ") for one in api.asked]
    sent = [Basic("x-access-token", token).header.removeprefix("Basic ") for token in api.tokens]
    return [*headers, *sent, *api.tokens, *api.secret["githubAppPrivateKey"].splitlines()[1:-1]]


def test_a_server_of_the_companys_own_opens_with_its_authority_and_our_certificate(
    site: Site, ref: str
) -> None:
    authority = Authority()
    client = authority.issue("attune@example.com")
    repo = site.repo(ref)
    repo.commit(pack(ref, workflows=1))
    tls = ServerTls(authority.issue(), authority.certificate)
    with GitServer(site.repositories, tls) as server:
        place = {"url": server.url(ref), "secretRef": {"name": ref}}
        site.secret(ref, **{"ca.crt": Authority().certificate})
        followed = site.follow(ref, git=place)
        assert "authority" in followed.wait("Ready", "False", "CertificateInvalid").message()

        site.secret(ref, **{"ca.crt": authority.certificate})
        assert followed.reconcile().summary()["Ready"] == ("False", "AuthenticationFailed")

        pair = {"tls.crt": client.certificate, "tls.key": client.key}
        site.secret(ref, **{"ca.crt": authority.certificate, **pair})
        assert followed.reconcile().summary() == GOOD

        commit = repo.commit({"workflows/b.yaml": workflow_yaml(f"{ref}.b")})
        moved = followed.reconcile()
        assert moved.status.last_applied_revision == f"main@sha1:{commit}"
        assert len(site.definitions(ref)) == 2
        key = client.key.splitlines()[1]
        assert key not in str(moved.body)
        assert key not in site.controller.text()


def test_a_proxy_that_refuses_is_named_and_one_that_connects_is_gone_through(
    site: Site, ref: str
) -> None:
    site.repo(ref).commit(pack(ref, workflows=1))
    with ProxyServer(login=("robot", "s3cret/with:odd@signs")) as proxy:
        login = {"address": proxy.address, "username": "robot"}
        site.secret(ref, **login, password="wr0ng")
        followed = site.follow(ref, git={"proxySecretRef": {"name": ref}})
        refused = followed.wait("Ready", "False", "AuthenticationFailed")
        assert refused.message().startswith(f"The proxy {proxy.address} does not let us in.")

        site.secret(ref, **login, password="s3cret/with:odd@signs")
        assert followed.reconcile().summary() == GOOD
        assert proxy.asked
    for secret in ("s3cret", "wr0ng"):
        assert secret not in str(refused.body)
        assert secret not in site.controller.text()
