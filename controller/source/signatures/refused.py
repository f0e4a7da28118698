"""Why a signature is not good, in words for users. Pure.

Each message goes on after the name of what was to be signed: "The commit 1f3a9c2d" or "The tag v1".
"""

from __future__ import annotations


class RefusedError(Exception):
    """There is no signature, or not a good one; `hint` says what to do."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


_AGAIN = "Sign it again with a key that is trusted, and push."
_TRUST = (
    "If you trust it, add its public key to the others (spec.git.verify.secretRef, or "
    "--verify-keys); otherwise sign with one of those."
)


def unsigned() -> RefusedError:
    """Nothing is signed at all."""
    return RefusedError(
        "is not signed.",
        "Sign it (git commit -S, git tag -s, or git config commit.gpgSign true) and push.",
    )


def malformed(problem: str) -> RefusedError:
    """The object or its signature cannot be read."""
    return RefusedError(f"has a signature that cannot be read: {problem}.", _AGAIN)


def unsupported(kind: str) -> RefusedError:
    """A signature of a kind that is not checked here."""
    return RefusedError(
        f"is signed with {kind}, which is not supported.", "Sign it with OpenPGP or SSH."
    )


def unknown_key(kind: str, key: str) -> RefusedError:
    """The signature is of a key that is not among the trusted ones."""
    return RefusedError(f"is signed with the {kind} key {key}, which is not trusted.", _TRUST)


def bad(signer: str) -> RefusedError:
    """The signature is not of this content."""
    return RefusedError(
        f"has a bad signature: this content is not what {signer} signed.",
        "It was changed after it was signed, or the signature is damaged. Find out how it came "
        "there, sign it again and push.",
    )


def expired_key(signer: str, day: str) -> RefusedError:
    """The key was good once."""
    return RefusedError(
        f"is signed by {signer}, whose key expired on {day}.",
        "Extend the key and put its new public key into the Secret, or sign with another key.",
    )


def revoked_key(signer: str) -> RefusedError:
    """The key's owner took it back."""
    return RefusedError(f"is signed by {signer}, whose key is revoked.", _AGAIN)


def unusable_key(signer: str) -> RefusedError:
    """The key breaks today's rules."""
    return RefusedError(
        f"is signed by {signer}, whose key is not safe today: it is too short, or its own "
        "signatures use SHA-1.",
        "Renew its signatures (gpg: cert-digest-algo SHA512) and put the new public key into the "
        "Secret, or sign with another key.",
    )


def expired_signature(signer: str, day: str) -> RefusedError:
    """The signature itself was made for a limited time."""
    return RefusedError(f"has a signature of {signer} that expired on {day}.", _AGAIN)


def weak(signer: str, algorithm: str) -> RefusedError:
    """The signature can be forged."""
    return RefusedError(
        f"has a signature of {signer} that uses {algorithm}, which can be forged.",
        "Sign it again with SHA-256 or better (gpg: digest-algo SHA512), and push.",
    )


def early(signer: str, day: str) -> RefusedError:
    """The signature is dated after now, or the key is good only later."""
    return RefusedError(
        f"has a signature of {signer} that is good only from {day}.",
        "Check the clocks of the machine that signed and of this one.",
    )
