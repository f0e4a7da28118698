"""Packs over ssh: the Secret, pushes, a new key on either side, and what is told to nobody."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hack.packrepo import pack, workflow_yaml
from hack.sshserver import KeyPair, SshServer, key_pair
from tests.e2e.pack import Pack
from tests.e2e.site import Site

PASSPHRASE = "open-sesame-4711"


@pytest.fixture
def server(site: Site) -> Iterator[SshServer]:
    """The repositories of the site over ssh."""
    with SshServer(site.repositories) as made:
        yield made


@pytest.fixture
def key() -> KeyPair:
    return key_pair(passphrase=PASSPHRASE)


def give(site: Site, name: str, server: SshServer, key: KeyPair, **other: str) -> None:
    """Put the Secret in place that opens the server; `other` values lie over the right ones."""
    right = {"identity": key.private, "known_hosts": server.known_hosts, "password": PASSPHRASE}
    site.secret(name, **(right | other))


def follow(site: Site, ref: str, server: SshServer) -> Pack:
    return site.follow(ref, git={"url": server.url(ref), "secretRef": {"name": ref}})


def test_a_pack_is_followed_with_the_key_in_its_secret(
    site: Site, ref: str, server: SshServer, key: KeyPair
) -> None:
    repo = site.repo(ref)
    first = repo.commit(pack(ref, workflows=1))
    server.allow(key.public)
    give(site, ref, server, key)

    followed = follow(site, ref, server)
    synced = followed.wait(revision=first)
    assert synced.status.source
    assert synced.status.source.url == server.url(ref)
    assert len(site.definitions(ref)) == 1

    second = repo.commit({"workflows/more.yaml": workflow_yaml(f"{ref}.more")})
    followed.request()
    followed.wait(revision=second)
    assert len(site.definitions(ref)) == 2


def test_a_new_key_in_the_secret_counts_at_once(
    site: Site, ref: str, server: SshServer, key: KeyPair
) -> None:
    site.repo(ref).commit(pack(ref, workflows=1))
    server.allow(key.public)
    give(site, ref, server, key)
    followed = follow(site, ref, server)
    followed.wait()
    rows = site.everything(ref)

    rotated = key_pair(passphrase=PASSPHRASE)
    server.allow(rotated.public)
    refused = followed.reconcile()
    assert refused.summary()["Ready"] == ("False", "AuthenticationFailed")
    assert site.everything(ref) == rows

    give(site, ref, server, rotated)
    assert followed.reconcile().summary()["Ready"] == ("True", "Succeeded")


def test_another_host_key_stops_the_pack_and_keeps_its_rows(
    site: Site, ref: str, server: SshServer, key: KeyPair
) -> None:
    repo = site.repo(ref)
    repo.commit(pack(ref, workflows=1))
    server.allow(key.public)
    give(site, ref, server, key)
    followed = follow(site, ref, server)
    followed.wait()
    rows = site.everything(ref)

    server.rekey()
    repo.commit(pack(ref, workflows=2))
    mismatch = followed.reconcile()
    assert mismatch.summary()["Ready"] == ("False", "HostKeyMismatch")
    assert mismatch.summary()["Stalled"] == ("True", "HostKeyMismatch")
    assert "shows another host key (ED25519 SHA256:" in mismatch.message()
    assert site.everything(ref) == rows

    give(site, ref, server, key)
    assert followed.reconcile().summary()["Ready"] == ("True", "Succeeded")
    assert len(site.definitions(ref)) == 2


WRONG = {
    "no known hosts": ({"known_hosts": ""}, "has no `known_hosts`"),
    "no key": ({"identity": "none"}, "has no private key in `identity`"),
    "wrong passphrase": ({"password": "shut-sesame"}, "does not open the key"),
}


@pytest.mark.parametrize(("other", "words"), WRONG.values(), ids=WRONG.keys())
def test_a_secret_that_cannot_work_connects_to_nothing_and_is_told_to_nobody(
    site: Site, ref: str, server: SshServer, key: KeyPair, other: dict[str, str], words: str
) -> None:
    site.repo(ref).commit(pack(ref, workflows=1))
    server.allow(key.public)
    give(site, ref, server, key, **other)

    followed = follow(site, ref, server)
    refused = followed.wait("Ready", "False", "AuthenticationFailed")

    assert words in refused.message()
    assert server.connections == 0
    told = f"{refused.body} {followed.events()} {site.controller.text()}"
    secrets = [PASSPHRASE, "shut-sesame", *key.private.splitlines()[1:-2]]
    assert not [secret for secret in secrets if secret in told]


def test_without_a_secret_the_pack_says_what_it_needs(
    site: Site, ref: str, server: SshServer
) -> None:
    followed = site.follow(ref, git={"url": server.url(ref)})
    refused = followed.wait("Ready", "False", "AuthenticationFailed")
    assert "identity (a private key) and known_hosts" in refused.message()
    assert server.connections == 0
