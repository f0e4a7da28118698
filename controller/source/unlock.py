"""A private key as a Secret holds it → the one that ssh reads, without its passphrase. Pure.

ssh itself would not tell a wrong passphrase from a key that the server refuses, and would ask for
it through a program; here the key is opened before anything connects.
"""

from __future__ import annotations

from functools import lru_cache

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    load_ssh_private_key,
)

from controller.errors import Stalled
from controller.source.access import SshKey
from controller.source.access.values import unusable

_OPENSSH = "BEGIN OPENSSH PRIVATE KEY-----"


# A passphrase is made to cost a quarter of a second, and a look needs the key each time.
@lru_cache(maxsize=256)
def unlocked(login: SshKey) -> str:
    """The private key of `login` in OpenSSH's own form, open.

    Raises `Stalled` (AuthenticationFailed) when it is damaged, of a kind that ssh does not take,
    or when the passphrase is missing or wrong.
    """
    try:
        return _opened(login, None)
    except TypeError:
        if not login.passphrase:
            raise unusable(
                "has a key with a passphrase in `identity`, but no passphrase in `password`"
            ) from None
    try:
        return _opened(login, login.passphrase.encode())
    except ValueError:
        raise unusable("has a `password` that does not open the key in `identity`") from None


def _opened(login: SshKey, passphrase: bytes | None) -> str:
    """Raises `TypeError` where a passphrase is needed, `ValueError` where it is wrong."""
    load = load_ssh_private_key if _OPENSSH in login.identity_file else load_pem_private_key
    try:
        key = load(login.identity_file.encode(), passphrase)
    except UnsupportedAlgorithm:
        raise _unsupported() from None
    except ValueError:
        if passphrase is not None:
            raise
        raise unusable(
            "has a damaged key in `identity`: put the whole file in, with its first and last line"
        ) from None
    try:
        return key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()).decode()
    except ValueError:
        raise _unsupported() from None


def _unsupported() -> Stalled:
    return unusable(
        "has a kind of key in `identity` that cannot be used: make one with "
        "`ssh-keygen -t ed25519 -f identity`"
    )
