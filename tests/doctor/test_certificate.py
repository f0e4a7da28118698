from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta

import pytest

from controller.doctor.certificate import Certificate, parse
from hack.authority import Authority

NOW = datetime(2026, 11, 25, tzinfo=UTC)


def made(*, begins: int = -10, ends: int = 80, names: tuple[str, ...] = ("a", "b")) -> Certificate:
    return Certificate(names, "CA", NOW + timedelta(days=begins), NOW + timedelta(days=ends))


@pytest.mark.parametrize(
    ("certificate", "says"),
    [
        (made(), "certificate for a, b, issued by CA, 80 days left"),
        (made(ends=-3), "certificate for a, b, issued by CA, expired 3 days ago"),
        (made(begins=1), "certificate for a, b, issued by CA, not valid before 2026-11-26"),
        (made(names=tuple("abcdef")), "certificate for a, b, c, d and 2 more, issued"),
        (made(names=()), "certificate for nobody, issued"),
    ],
)
def test_told(certificate: Certificate, says: str) -> None:
    assert certificate.told(NOW).startswith(says)


def test_a_real_one_is_read() -> None:
    pem = Authority().issue("git.example.com", "127.0.0.1").certificate
    first = pem.partition("-----END CERTIFICATE-----\n")
    found = parse(ssl.PEM_cert_to_DER_cert(first[0] + first[1]))
    assert found is not None
    assert found.names == ("git.example.com", "127.0.0.1")
    assert "trustme" in found.issuer
    assert found.begins < datetime.now(UTC) < found.ends


def test_rubbish_is_none() -> None:
    assert parse(b"") is None
    assert parse(b"\x30\x03abc") is None
