"""Files of trusted keys → keys. Pure, apart from what Sequoia parses.

What a file holds is told by its content, so any name will do: an OpenPGP key is armored or begins
with a byte above 127 (RFC 9580, 4.2), and all else are lines of ssh-keygen's ALLOWED SIGNERS.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pysequoia import Cert

from controller.pack.unverified import Unverified
from controller.source.signatures.openpgp import Keyring, NoKeysError, certificates

_ARMOR = b"-----BEGIN PGP "
_SIGNER = re.compile(rb"\S.*?\s(?:ssh|ecdsa|sk)-\S+\s+AAAA[A-Za-z0-9+/]+={0,2}(?:\s|\Z)")
_EXAMPLE = 'jane@example.com namespaces="git" ssh-ed25519 AAAA…'


@dataclass(frozen=True, slots=True)
class Trusted:
    """Whose signatures count; `allowed_signers` is such a file for ssh-keygen."""

    keyring: Keyring
    allowed_signers: bytes


def trusted(files: Mapping[str, bytes]) -> Trusted:
    """The keys in `files`; raises `Unverified` when one cannot be read, or all are empty."""
    found: list[Cert] = []
    signers: list[bytes] = []
    for name, content in sorted(files.items()):
        if b"PRIVATE KEY" in content:
            raise _private(name)
        if _is_openpgp(content):
            found += _certificates(name, content)
        else:
            signers += _signers(name, content)
    if not found and not signers:
        raise Unverified(
            "There are no keys to check signatures with.",
            hint="Put OpenPGP public keys, or SSH keys as allowed_signers, into the Secret of "
            "spec.git.verify.secretRef.",
        )
    return Trusted(Keyring.of(found), b"".join(line + b"\n" for line in signers))


def _is_openpgp(content: bytes) -> bool:
    return _ARMOR in content or content[:1] > b"\x7f"


def _private(name: str) -> Unverified:
    return Unverified(
        f"'{name}' among the trusted keys is a private key.",
        hint="Take it out, and put the public key there (gpg --armor --export, or a line of "
        "allowed_signers).",
    )


def _certificates(name: str, content: bytes) -> list[Cert]:
    try:
        return certificates(content)
    except NoKeysError:
        raise Unverified(
            f"'{name}' among the trusted keys is no OpenPGP public key.",
            hint="Put there what 'gpg --armor --export' prints.",
        ) from None


def _signers(name: str, content: bytes) -> list[bytes]:
    found = []
    for number, line in enumerate(content.splitlines(), start=1):
        text = line.strip()
        if not text or text.startswith(b"#"):
            continue
        if not _SIGNER.match(text):
            raise Unverified(
                f"Line {number} of '{name}' among the trusted keys is neither an OpenPGP key nor "
                "an allowed signer.",
                hint=f"Write a signer as ssh-keygen(1) has it: {_EXAMPLE}",
            )
        found.append(text)
    return found
