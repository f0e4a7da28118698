"""Whose SSH signature is good, by the real ssh-keygen, and what is said of one that is not."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from controller.pack.verdict import SignatureKind
from controller.source.signatures import ssh
from controller.source.signatures.refused import RefusedError
from tests.signing.ssh import Authority, SshKey

PAYLOAD = b"tree 1\n\nChange\n"
THEN = datetime(2024, 6, 1, 12, 0, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys")


@pytest.fixture(scope="module")
def jane(folder: Path) -> SshKey:
    return SshKey.new(folder, "jane")


@pytest.fixture(scope="module")
def authority(folder: Path) -> Authority:
    return Authority.new(folder, "authority")


def refused(signature: bytes, allowed: str, payload: bytes = PAYLOAD) -> str:
    with pytest.raises(RefusedError) as failed:
        ssh.check(payload, signature, allowed.encode(), THEN)
    assert failed.value.hint
    assert "/" not in failed.value.message.replace("SHA256:", "").split("SSH key")[0]
    return failed.value.message


@pytest.mark.parametrize(
    ("before", "principal"),
    [
        ("jane@example.com", "jane@example.com"),
        ('jane@example.com namespaces="git"', "jane@example.com"),
        ('jane@example.com namespaces="file,g*"', "jane@example.com"),
        ("*@example.com", "*@example.com"),
        ("first,second", "first"),
        ('"two words"', "two words"),
        ('jane valid-after="20240601",valid-before="20240602"', "jane"),
        ('-oops,jane namespaces="git"', "-oops"),
    ],
)
def test_an_allowed_signer_signs(jane: SshKey, before: str, principal: str) -> None:
    allowed = f"bob {jane.other}\n{before} {jane.public}\n"
    found = ssh.check(PAYLOAD, jane.sign(PAYLOAD), allowed.encode(), THEN)
    assert (found.kind, found.name) == (SignatureKind.SSH, principal)
    assert (found.key, found.time) == (jane.fingerprint, THEN)


@pytest.mark.parametrize("kind", ["rsa", "ecdsa"])
def test_other_kinds_of_keys_sign_as_well(folder: Path, kind: str) -> None:
    key = SshKey.new(folder, kind, kind)
    found = ssh.check(PAYLOAD, key.sign(PAYLOAD), f"jane {key.public}".encode(), THEN)
    assert found.key == key.fingerprint


def test_a_signer_that_is_not_allowed_does_not(jane: SshKey) -> None:
    told = refused(jane.sign(PAYLOAD), f"bob {jane.other}")
    assert told == f"is signed with the SSH key {jane.fingerprint}, which is not trusted."


def test_a_signature_of_other_content_is_bad(jane: SshKey) -> None:
    told = refused(jane.sign(PAYLOAD), f"jane {jane.public}", PAYLOAD + b"\n")
    assert told.startswith("has a bad signature")


def test_a_key_is_judged_at_the_time_of_the_commit(jane: SshKey) -> None:
    expired = refused(jane.sign(PAYLOAD), f'jane valid-before="20240601" {jane.public}')
    assert expired == (
        f"is signed by the SSH key {jane.fingerprint}, whose key expired on 2024-06-01."
    )
    early = refused(jane.sign(PAYLOAD), f'jane valid-after="20240602" {jane.public}')
    assert early.endswith("that is good only from 2024-06-02.")


def test_a_key_that_is_allowed_for_other_things_does_not_sign(jane: SshKey) -> None:
    told = refused(jane.sign(PAYLOAD), f'jane namespaces="file" {jane.public}')
    assert told.endswith("which is not allowed to sign for 'git'.")


def test_a_signature_for_another_use_does_not_count(jane: SshKey) -> None:
    told = refused(jane.sign(PAYLOAD, namespace="file"), f"jane {jane.public}")
    assert told == "has an SSH signature that was not made for 'git'."


@pytest.mark.parametrize(
    "armored",
    [
        b"-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\n",
        b"-----BEGIN SSH SIGNATURE-----\n",
        b"",
    ],
)
def test_what_is_no_signature_is_refused(jane: SshKey, armored: bytes) -> None:
    told = refused(armored, f"jane {jane.public}")
    assert told.startswith("has a signature that cannot be read: ")


def test_a_certificate_of_an_allowed_authority_signs(jane: SshKey, authority: Authority) -> None:
    signature = jane.certified(authority, "jane@example.com").sign(PAYLOAD)
    allowed = f"*@example.com cert-authority {authority.public}"
    found = ssh.check(PAYLOAD, signature, allowed.encode(), THEN)
    assert found.name == "jane@example.com"

    other = refused(signature, f"*@example.org cert-authority {authority.public}")
    assert "not of a trusted authority" in other
    assert "not of a trusted authority" in refused(signature, f"jane@example.com {jane.public}")


def test_a_certificate_that_was_not_valid_then_does_not(jane: SshKey, authority: Authority) -> None:
    signature = jane.certified(authority, "jane", valid="20250101:20260101").sign(PAYLOAD)
    told = refused(signature, f"jane cert-authority {authority.public}")
    assert told.endswith("or not good at the time and for the principals that it is trusted for.")


def test_without_ssh_keygen_it_is_said(jane: SshKey, monkeypatch: pytest.MonkeyPatch) -> None:
    signature = jane.sign(PAYLOAD)
    monkeypatch.setenv("PATH", "/nowhere")
    told = refused(signature, f"jane {jane.public} missing")
    assert told.endswith("ssh-keygen, is missing.")


def test_a_program_that_hangs_is_ended(
    jane: SshKey, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    signature = jane.sign(PAYLOAD)
    program = tmp_path / "ssh-keygen"
    program.write_text("#!/bin/sh\nexec /bin/sleep 600\n")
    program.chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(ssh, "_SECONDS", 0.1)
    told = refused(signature, f"jane {jane.public} hanging")
    assert told.endswith("ssh-keygen was not done within 0.1 s.")
