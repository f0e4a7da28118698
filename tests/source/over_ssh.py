"""What the tests over ssh have in common: a key that opens the server, and sources that use it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from controller.errors import PackError
from controller.source.access import Access, Proxy, SshKey
from controller.source.git_source import GitSource
from controller.source.mirrors import Mirrors
from controller.source.target import GitReference, GitTarget
from hack.sshserver import KeyPair, SshServer, key_pair
from tests.source.repository import Repository

NAME = "team/packs.git"
SAFETY_NET = 20.0


@dataclass(frozen=True, slots=True)
class Site:
    """A server with one repository at `url`, and who may read it."""

    server: SshServer
    repository: Repository
    mirrors: Mirrors
    key: KeyPair

    @property
    def url(self) -> str:
        return self.server.url(NAME)

    def access(
        self,
        key: KeyPair | None = None,
        *,
        known_hosts: str = "",
        passphrase: str = "",
        proxy: Proxy | None = None,
    ) -> Access:
        private = (key or self.key).private
        login = SshKey(private, known_hosts or self.server.known_hosts, passphrase)
        return Access(login, proxy=proxy)

    def source(
        self,
        access: Access | None = None,
        reference: GitReference | None = None,
        *,
        url: str = "",
        timeout: float = SAFETY_NET,
    ) -> GitSource:
        target = GitTarget(
            url or self.url,
            reference or GitReference(),
            access=access or self.access(),
            timeout=timeout,
        )
        return GitSource(self.mirrors, target)

    def failure(
        self, access: Access | None = None, *, url: str = "", timeout: float = SAFETY_NET
    ) -> PackError:
        with pytest.raises(PackError) as failed:
            self.source(access, url=url, timeout=timeout).fetch()
        assert failed.value.hint
        assert str(failed.value).isprintable()
        return failed.value


def site(server: SshServer, root: Path, mirrors: Mirrors) -> Site:
    """A site whose repository has one commit."""
    (root / NAME).parent.mkdir(parents=True)
    repository = Repository(root / NAME)
    repository.push({"v": b"1"})
    key = key_pair()
    server.allow(key.public)
    return Site(server, repository, mirrors, key)


def content(source: GitSource) -> dict[str, bytes]:
    """The files of a pack, by path."""
    files = {entry.path: entry.oid for entry in source.fetch().entries if entry.size >= 0}
    found = source.read(list(files.values()))
    return {path: found[oid] for path, oid in files.items()}
