"""A login over SSH: a private key, and the keys that the server may have. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from controller.source.access.values import digest, unusable


@dataclass(frozen=True, slots=True, repr=False)
class SshKey:
    """`identity` is a private key in PEM or OpenSSH form, `passphrase` opens it; `known_hosts` is
    what ssh-keyscan prints of the server (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT).

    Raises `Stalled` (AuthenticationFailed) when the key or the known hosts are missing: a server
    that nobody vouched for is never trusted.
    """

    identity_file: str
    known_hosts: str
    passphrase: str = ""

    def __post_init__(self) -> None:
        if "PRIVATE KEY-----" not in self.identity_file:
            raise unusable("has no private key in `identity`")
        if not self.known_hosts.strip():
            raise unusable("has no `known_hosts`, without which no ssh server is trusted")

    def __repr__(self) -> str:
        return "SshKey(***)"

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never turn up in a text: the lines of the key, and what opens it."""
        lines = (line.strip() for line in self.identity_file.splitlines())
        return (self.passphrase, *(line for line in lines if line and "-----" not in line))

    @property
    def identity(self) -> str:
        """A hash that tells two logins apart and gives none away."""
        return digest(self.identity_file, self.known_hosts, self.passphrase)
