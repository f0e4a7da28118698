"""Against OpenSSH's own server: that what asyncssh shows in the other tests is so in the world."""

from __future__ import annotations

from pathlib import Path

import pytest

from controller.errors import PackError, Reason
from controller.source.access import Access, SshKey
from controller.source.git_source import GitSource
from controller.source.mirrors import Mirrors
from controller.source.target import GitTarget
from hack.openssh import OpenSshServer
from hack.sshserver import KeyPair, key_pair
from tests.source.over_ssh import content
from tests.source.repository import Repository

pytestmark = pytest.mark.integration


@pytest.fixture
def key() -> KeyPair:
    return key_pair(passphrase="open sesame")


def source(mirrors: Mirrors, url: str, key: KeyPair, known_hosts: str) -> GitSource:
    access = Access(SshKey(key.private, known_hosts, "open sesame"))
    return GitSource(mirrors, GitTarget(url, access=access))


def test_a_pack_is_followed(repository: Repository, mirrors: Mirrors, key: KeyPair) -> None:
    repository.push({"v": b"1"})
    with OpenSshServer(key.public) as server:
        followed = source(mirrors, server.url(repository.path), key, server.known_hosts)
        assert content(followed) == {"v": b"1"}
        repository.push({"v": b"2"})
        assert content(followed) == {"v": b"2"}


def test_its_refusals_are_told_apart(
    repository: Repository, mirrors: Mirrors, key: KeyPair
) -> None:
    reasons = []
    with OpenSshServer(key.public) as server, OpenSshServer(key.public) as other:
        url, known = server.url(repository.path), server.known_hosts
        strange = other.known_hosts.replace(str(other.port), str(server.port))
        away = server.url(repository.path / "away")
        for place, which, hosts in (
            (url, key_pair(), known),
            (url, key, strange),
            (away, key, known),
        ):
            with pytest.raises(PackError) as failed:
                source(mirrors, place, which, hosts).fetch()
            reasons.append(failed.value.reason)
    assert reasons == [
        Reason.AUTHENTICATION_FAILED,
        Reason.HOST_KEY_MISMATCH,
        Reason.REPOSITORY_NOT_FOUND,
    ]


def test_an_authority_vouches_for_it(
    repository: Repository, mirrors: Mirrors, key: KeyPair, tmp_path: Path
) -> None:
    repository.push({"v": b"1"})
    authority = key_pair()
    (tmp_path / "authority").write_text(authority.private)
    (tmp_path / "authority").chmod(0o600)
    with OpenSshServer(
        key.public, authority=tmp_path / "authority", names=("127.0.0.1",)
    ) as server:
        known = f"@cert-authority 127.0.0.1 {authority.public}"
        assert content(source(mirrors, server.url(repository.path), key, known)) == {"v": b"1"}
