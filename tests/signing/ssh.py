"""SSH keys, certificates and signatures, all by ssh-keygen."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class SshKey:
    """A private key in a file. Its public key, or its certificate, is beside it."""

    path: Path
    signs_as: Path

    @classmethod
    def new(cls, folder: Path, name: str, kind: str = "ed25519") -> SshKey:
        """A new key that is called `name`, with its file in `folder`."""
        path = folder / name
        keygen("-q", "-t", kind, "-N", "", "-C", "", "-f", str(path))
        return cls(path, path)

    @property
    def public(self) -> str:
        """Type and key, as a line of allowed_signers has them."""
        return self.path.with_name(f"{self.path.name}.pub").read_text().strip()

    @property
    def other(self) -> str:
        """A public key that is not this one."""
        kind, key = self.public.split()
        return f"{kind} {key[:-2]}{'AB' if key[-2:] != 'AB' else 'CD'}"

    @property
    def fingerprint(self) -> str:
        """As ssh-keygen shows it: `SHA256:…`."""
        return keygen("-l", "-f", str(self.path)).decode().split()[1]

    def sign(self, payload: bytes, namespace: str = "git") -> bytes:
        """An armored signature."""
        return keygen("-Y", "sign", "-n", namespace, "-f", str(self.signs_as), stdin=payload)

    def certified(
        self, authority: Authority, *principals: str, valid: str = "always:forever"
    ) -> SshKey:
        """The same key, signing with a certificate that `authority` gives it."""
        path = self.path.with_name(f"{self.path.name}-{'-'.join(principals)}")
        path.write_bytes(self.path.read_bytes())
        path.chmod(0o600)
        path.with_name(f"{path.name}.pub").write_text(self.public)
        keygen(
            *("-q", "-s", str(authority.key.path), "-I", "test", "-n", ",".join(principals)),
            *("-V", valid, str(path.with_name(f"{path.name}.pub"))),
        )
        return SshKey(path, path.with_name(f"{path.name}-cert.pub"))


@dataclass(frozen=True, slots=True)
class Authority:
    """One who gives certificates."""

    key: SshKey

    @classmethod
    def new(cls, folder: Path, name: str) -> Authority:
        """A new authority that is called `name`, with its key in `folder`."""
        return cls(SshKey.new(folder, name))

    @property
    def public(self) -> str:
        """Type and key, as a line of allowed_signers has them."""
        return self.key.public


def keygen(*arguments: str, stdin: bytes = b"") -> bytes:
    """The output of ssh-keygen, which must succeed."""
    command = ["ssh-keygen", *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, check=True).stdout
