"""What a Secret may hold to trust signers by, and what is said of what it may not."""

from __future__ import annotations

import pytest

from controller.pack.spec import VerificationMode
from controller.pack.unverified import Unverified
from controller.source.signatures.keys import trusted
from controller.source.signatures.policy import Policy
from tests.signing.openpgp import Key

JANE, BOB = Key("Jane"), Key("Bob")
LINE = b'jane@example.com namespaces="git" ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIO+x jane\n'


def names(files: dict[str, bytes]) -> set[str]:
    keys = trusted(files).keyring.keys
    return {str(key.certificate.user_ids[0]) for key in keys}


@pytest.mark.parametrize(
    "files",
    [
        {"jane.asc": JANE.armored, "bob.gpg": BOB.binary},
        {"all": JANE.armored + b"\nBob's:\n\n" + BOB.armored},
        {"all": JANE.binary + BOB.binary},
        {"all": (JANE.armored + BOB.armored).replace(b"\n", b"\r\n")},
    ],
)
def test_keys_are_read_in_every_form(files: dict[str, bytes]) -> None:
    assert names(files) == {"Jane", "Bob"}


def test_allowed_signers_may_stand_under_any_name_and_beside_keys() -> None:
    comment = b"# who may sign\n\n"
    found = trusted({"a": comment + LINE, "b": LINE.rstrip(), "jane.asc": JANE.armored})
    assert found.allowed_signers == LINE * 2
    assert len(found.keyring.keys) == 1


@pytest.mark.parametrize(
    "line",
    [
        b'* cert-authority,namespaces="git" ssh-rsa AAAAB3NzaC1yc2E=',
        b'"a b",c sk-ssh-ed25519@openssh.com AAAAGnNr',
        b'jane valid-before="20300101Z" ecdsa-sha2-nistp256 AAAAE2Vj',
    ],
)
def test_what_ssh_keygen_takes_is_an_allowed_signer(line: bytes) -> None:
    assert trusted({"allowed_signers": line}).allowed_signers == line + b"\n"


NEITHER = "among the trusted keys is neither an OpenPGP key nor an allowed signer."
BAD = {
    "nothing": ({}, "There are no keys to check signatures with."),
    "only comments": ({"a": b"# nobody\n"}, "There are no keys to check signatures with."),
    "private key": (
        {"jane.asc": JANE.armored.replace(b"PUBLIC", b"PRIVATE")},
        "'jane.asc' among the trusted keys is a private key.",
    ),
    "private SSH key": (
        {"jane": b"-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n"},
        "'jane' among the trusted keys is a private key.",
    ),
    "cut key": (
        {"jane.asc": JANE.armored[:60]},
        "'jane.asc' among the trusted keys is no OpenPGP public key.",
    ),
    "signature": (
        {"jane.asc": JANE.sign(b"")},
        "'jane.asc' among the trusted keys is no OpenPGP public key.",
    ),
    "public key file": (
        {"allowed_signers": LINE + b"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIO+x jane@example.com\n"},
        f"Line 2 of 'allowed_signers' {NEITHER}",
    ),
    "something else": (
        {"password": b"hunter2"},
        f"Line 1 of 'password' {NEITHER}",
    ),
}


@pytest.mark.parametrize(("files", "message"), BAD.values(), ids=BAD.keys())
def test_what_cannot_be_trusted_is_told_by_its_name_alone(
    files: dict[str, bytes], message: str
) -> None:
    with pytest.raises(Unverified) as failed:
        trusted(files)
    assert failed.value.message == message
    assert failed.value.hint
    assert "hunter2" not in str(failed.value)


def test_policies_differ_by_all_that_decides() -> None:
    policies = [
        Policy(VerificationMode.HEAD, {"a": b"1", "b": b"2"}),
        Policy(VerificationMode.TAG, {"a": b"1", "b": b"2"}),
        Policy(VerificationMode.HEAD, {"a": b"1", "b": b"3"}),
        Policy(VerificationMode.HEAD, {"a": b"1"}),
        Policy(VerificationMode.HEAD, {"a": b"1b2"}),
        Policy(VerificationMode.HEAD, {"a1": b"", "b": b"2"}),
    ]
    assert len({policy.identity for policy in policies}) == len(policies)
    turned = Policy(VerificationMode.HEAD, {"b": b"2", "a": b"1"})
    assert turned.identity == policies[0].identity
