"""Whose OpenPGP signature is good, and what is said of one that is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from pysequoia import Profile, SignatureMode, Tsk, sign

from controller.pack.verdict import SignatureKind, Signer
from controller.source.signatures import openpgp
from controller.source.signatures.refused import RefusedError
from tests.signing.openpgp import DAY, EPOCH, Key

PAYLOAD = b"tree 1\n\nChange\n"
NOW = datetime.fromtimestamp(EPOCH + 10 * DAY, UTC)


def ring(*files: bytes) -> openpgp.Keyring:
    return openpgp.Keyring.of(one for file in files for one in openpgp.certificates(file))


def refused(payload: bytes, signature: bytes, *trusted: Key) -> str:
    keyring = ring(*(key.binary for key in trusted))
    with pytest.raises(RefusedError) as failed:
        openpgp.check(payload, signature, keyring, NOW)
    assert failed.value.hint
    return failed.value.message


@pytest.mark.parametrize("subkey", [None, Key()], ids=["primary key", "subkey"])
def test_a_trusted_key_signs(subkey: Key | None) -> None:
    jane, others = Key(subkey=subkey), [Key("Bob"), Key("Eve")]
    keyring = ring(others[0].armored, jane.armored + others[1].armored)
    signature = (subkey or jane).sign(PAYLOAD)
    assert openpgp.check(PAYLOAD, signature, keyring, NOW) == Signer(
        SignatureKind.OPENPGP,
        "Jane <jane@example.com>",
        jane.shown,
        datetime.fromtimestamp(EPOCH, UTC),
    )


def test_a_key_of_version_6_signs() -> None:
    key = Tsk.generate("Jane", profile=Profile.RFC9580)
    public = key.extract_certificate()
    armored = sign(key.signer(), PAYLOAD, mode=SignatureMode.DETACHED)
    found = openpgp.check(PAYLOAD, armored, ring(bytes(public)), datetime.now(UTC))
    assert found.key == f"0x{public.fingerprint[:16].upper()}"


def test_a_key_that_is_not_among_the_trusted_does_not() -> None:
    stranger = Key()
    told = refused(PAYLOAD, stranger.sign(PAYLOAD), Key("Bob"))
    assert told == f"is signed with the OpenPGP key {stranger.shown}, which is not trusted."


def test_a_signature_of_other_content_is_bad() -> None:
    jane = Key()
    told = refused(PAYLOAD + b"\n", jane.sign(PAYLOAD), jane)
    assert told.startswith("has a bad signature")
    assert jane.shown in told


ODD = {
    "expired key": (Key(lives=DAY), {}, "whose key expired on 2023-11-15."),
    "expired subkey": (Key(subkey=Key(lives=DAY)), {}, "whose key expired on 2023-11-15."),
    "revoked key": (Key(revoked=True), {}, "whose key is revoked."),
    "revoked subkey": (Key(subkey=Key(revoked=True)), {}, "whose key is revoked."),
    "weak key": (Key(self_hash=2), {}, "or its own signatures use SHA-1."),
    "expired signature": (Key(), {"lives": DAY}, "that expired on 2023-11-15."),
    "SHA-1": (Key(), {"algorithm": 2}, "that uses SHA1, which can be forged."),
    "MD5": (Key(), {"algorithm": 1}, "that uses MD5, which can be forged."),
    "future": (Key(), {"time": EPOCH + 11 * DAY}, "that is good only from 2023-11-25."),
    "before the key": (Key(), {"time": EPOCH - DAY}, "was made."),
    "text": (Key(), {"kind": 0x01}, "it is not of the kind that git makes."),
    "certification": (Key(), {"kind": 0x13}, "it is not of the kind that git makes."),
}


@pytest.mark.parametrize(("jane", "how", "words"), ODD.values(), ids=ODD.keys())
def test_each_fault_of_key_or_signature_is_told(jane: Key, how: dict[str, int], words: str) -> None:
    signature = (jane.subkey or jane).sign(PAYLOAD, **how)
    assert refused(PAYLOAD, signature, jane).endswith(words)


def test_what_two_files_say_of_one_key_counts_together() -> None:
    short = Key(lives=DAY)
    signature = short.sign(PAYLOAD)
    longer = replace(short, lives=20 * DAY, bound=EPOCH + DAY)
    revoked = replace(short, lives=20 * DAY, revoked=True)
    for files in ((short, longer), (longer, short)):
        keyring = ring(*(key.armored for key in files))
        assert openpgp.check(PAYLOAD, signature, keyring, NOW).key == short.shown
    for keys in ((longer, revoked), (revoked, longer)):
        assert refused(PAYLOAD, signature, *keys).endswith("whose key is revoked.")


def test_a_key_without_a_name_is_told_by_its_id() -> None:
    jane = Key(lives=DAY, self_hash=2)
    told = refused(PAYLOAD, jane.sign(PAYLOAD), jane)
    assert told.startswith(f"is signed by the OpenPGP key {jane.shown}, ")


def test_two_signatures_in_one_are_refused() -> None:
    jane = Key()
    first, second = jane.sign(PAYLOAD), jane.sign(b"other")
    body = [part.split(b"\n\n")[1].split(b"-----END")[0] for part in (first, second)]
    both = b"-----BEGIN PGP SIGNATURE-----\n\n" + b"".join(body) + b"-----END PGP SIGNATURE-----\n"
    assert refused(PAYLOAD, both, jane).endswith("it holds more than one signature.")


@pytest.mark.parametrize(
    "armored",
    [
        b"-----BEGIN PGP SIGNATURE-----\n\nAAAA\n-----END PGP SIGNATURE-----\n",
        b"-----BEGIN PGP SIGNATURE-----\n",
        Key().armored,
    ],
)
def test_what_is_no_signature_is_refused(armored: bytes) -> None:
    told = refused(PAYLOAD, armored, Key())
    assert told == (
        "has a signature that cannot be read: it is no OpenPGP signature that is known here."
    )


@pytest.mark.parametrize("content", [b"", b"\x99\x01", b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n"])
def test_what_holds_no_key_is_refused(content: bytes) -> None:
    with pytest.raises(openpgp.NoKeysError):
        openpgp.certificates(content)
