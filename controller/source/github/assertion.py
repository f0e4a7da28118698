"""What an App says of itself to GitHub: a JSON Web Token, signed with its key. Pure.

May import this room's values. PyJWT and cryptography are imported on use: they take a third of a
second and 25 MiB, which only those who have an App shall pay.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from controller.errors import Stalled
from controller.source.access import GitHubApp, unusable

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

SKEW = 300
"""Seconds that our clock may be wrong: GitHub takes nothing that is from its future or that lives
longer than 600 s from its now."""

_SMALLEST_KEY = 2048


def assertion(app: GitHubApp, now: float) -> str:
    """The token, for the time `now` (in seconds since the epoch), as GitHub documents it for Apps.

    Raises `Stalled` (AuthenticationFailed) for a key that cannot sign it.
    """
    import jwt

    claims = {"iat": int(now) - SKEW, "exp": int(now) + SKEW, "iss": app.app_id}
    return jwt.encode(claims, _key(app), algorithm="RS256")


def _key(app: GitHubApp) -> RSAPrivateKey:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(app.private_key.encode(), password=None)
    except TypeError:
        raise _wrong("a private key with a passphrase") from None
    except (ValueError, UnsupportedAlgorithm):
        raise _wrong("a private key that cannot be read") from None
    if not isinstance(key, RSAPrivateKey):
        raise _wrong("a private key that is not RSA")
    if key.key_size < _SMALLEST_KEY:
        raise _wrong(f"an RSA key of less than {_SMALLEST_KEY} bits")
    return key


def _wrong(found: str) -> Stalled:
    return unusable(
        f"has {found} in `githubAppPrivateKey`, where the App's key must be: the .pem file that "
        "GitHub made for it, as it is"
    )
