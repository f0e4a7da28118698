"""Private keys in every form that a Secret may hold, opened or refused before anything connects."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ed448, x25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from controller.errors import Reason, Stalled
from controller.source.access import SshKey
from controller.source.unlock import unlocked
from hack.sshserver import key_pair

KNOWN = "host ssh-ed25519 AAAA"
KINDS: dict[str, tuple[str, str, dict[str, int]]] = {
    "ed25519": ("ssh-ed25519", "openssh", {}),
    "ecdsa 256": ("ecdsa-sha2-nistp256", "openssh", {}),
    "ecdsa 521 in PEM": ("ecdsa-sha2-nistp521", "pkcs1-pem", {}),
    "ecdsa in PKCS#8": ("ecdsa-sha2-nistp384", "pkcs8-pem", {}),
    "ed25519 in PKCS#8": ("ssh-ed25519", "pkcs8-pem", {}),
    "rsa": ("ssh-rsa", "openssh", {"key_size": 2048}),
    "rsa in PEM": ("ssh-rsa", "pkcs1-pem", {"key_size": 2048}),
}
SPELLINGS: dict[str, Callable[[str], str]] = {
    "as it is": lambda text: text,
    "no final newline": lambda text: text.rstrip("\n"),
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "blank lines around": lambda text: f"\n\n{text}\n\n",
}


def public_half(private: str, folder: Path) -> str:
    """As OpenSSH itself reads the key."""
    (folder / "key").write_text(private)
    (folder / "key").chmod(0o600)
    read = subprocess.run(
        ["ssh-keygen", "-y", "-P", "", "-f", str(folder / "key")],
        capture_output=True,
        text=True,
        check=True,
    )
    return " ".join(read.stdout.split()[:2])


@pytest.mark.parametrize("passphrase", ["", "open sesame é"], ids=["open", "passphrase"])
@pytest.mark.parametrize(("kind", "form", "more"), KINDS.values(), ids=KINDS.keys())
def test_openssh_reads_what_was_opened(
    tmp_path: Path, kind: str, form: str, more: dict[str, int], passphrase: str
) -> None:
    pair = key_pair(kind, form=form, passphrase=passphrase, **more)
    opened = unlocked(SshKey(pair.private, KNOWN, passphrase))
    assert public_half(opened, tmp_path) == pair.public


@pytest.mark.parametrize("spelled", SPELLINGS.values(), ids=SPELLINGS.keys())
@pytest.mark.parametrize("form", ["openssh", "pkcs8-pem"])
def test_a_key_may_be_spelled_as_editors_leave_it(
    tmp_path: Path, spelled: Callable[[str], str], form: str
) -> None:
    pair = key_pair("ecdsa-sha2-nistp256", form=form)
    assert public_half(unlocked(SshKey(spelled(pair.private), KNOWN)), tmp_path) == pair.public


def test_a_passphrase_that_is_not_needed_does_no_harm(tmp_path: Path) -> None:
    pair = key_pair()
    assert public_half(unlocked(SshKey(pair.private, KNOWN, "odd")), tmp_path) == pair.public


def test_a_key_is_opened_once() -> None:
    """A passphrase costs a quarter of a second of work, and each look needs the key."""
    pair = key_pair(passphrase="a")
    assert unlocked(SshKey(pair.private, KNOWN, "a")) is unlocked(SshKey(pair.private, KNOWN, "a"))


def _pem(key: x25519.X25519PrivateKey | ed448.Ed448PrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


PLAIN = key_pair().private
REFUSED = {
    "no passphrase": (key_pair(passphrase="a").private, "", "but no passphrase in `password`"),
    "wrong passphrase": (key_pair(passphrase="a").private, "b", "`password` that does not open"),
    "wrong passphrase of PEM": (
        key_pair("ecdsa-sha2-nistp256", form="pkcs8-pem", passphrase="a").private,
        "b",
        "`password` that does not open",
    ),
    "cut": (PLAIN[:-60], "", "damaged key"),
    "cut inside": (PLAIN[:100] + PLAIN[150:], "", "damaged key"),
    "head alone": ("-----BEGIN OPENSSH PRIVATE KEY-----", "", "damaged key"),
    "rubbish in PEM": (
        "-----BEGIN PRIVATE KEY-----\nrubbish\n-----END PRIVATE KEY-----",
        "",
        "damaged key",
    ),
    "not for logins": (_pem(x25519.X25519PrivateKey.generate()), "", "kind of key"),
    "not of OpenSSH": (_pem(ed448.Ed448PrivateKey.generate()), "", "kind of key"),
}


@pytest.mark.parametrize(("private", "passphrase", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_each_key_that_cannot_be_used_has_its_own_words(
    private: str, passphrase: str, words: str
) -> None:
    with pytest.raises(Stalled, match=words) as refused:
        unlocked(SshKey(private, KNOWN, passphrase))
    assert refused.value.reason is Reason.AUTHENTICATION_FAILED
    assert "spec.git.secretRef" in refused.value.hint
    assert not [line for line in private.splitlines()[1:-1] if line in str(refused.value)]
