"""Whom to trust over TLS, and who we are there. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from controller.source.access.values import digest, unusable


@dataclass(frozen=True, slots=True, repr=False)
class Tls:
    """PEM texts: `ca` instead of the machine's authorities, `certificate` and `key` of a client.

    Empty is none. Raises `Stalled` (AuthenticationFailed) for a half of a pair, or no PEM.
    """

    ca: str = ""
    certificate: str = ""
    key: str = ""

    def __post_init__(self) -> None:
        if bool(self.certificate) != bool(self.key):
            raise unusable("must hold both tls.crt and tls.key, or neither")
        if any(pem and "-----BEGIN CERTIFICATE-----" not in pem for pem in self._certificates):
            raise unusable("has no PEM certificate in ca.crt or tls.crt")
        if self.key and "PRIVATE KEY-----" not in self.key:
            raise unusable("has no PEM private key in tls.key")

    def __repr__(self) -> str:
        return "Tls(***)"

    @property
    def _certificates(self) -> tuple[str, str]:
        return self.ca, self.certificate

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never turn up in a text: the lines of the key."""
        lines = (line.strip() for line in self.key.splitlines())
        return tuple(line for line in lines if line and "-----" not in line)

    @property
    def identity(self) -> str:
        """A hash that tells two of them apart and gives nothing away."""
        return digest(self.ca, self.certificate, self.key)
