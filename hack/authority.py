"""An authority of one's own for TLS on the loopback interface. Imports trustme."""

from __future__ import annotations

import ssl
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import trustme

HOSTS = ("127.0.0.1", "localhost", "::1", "git.example.com")
"""Whom a server's certificate is for by default; the last is for servers behind a proxy."""


@dataclass(frozen=True, slots=True)
class Identity:
    """A certificate with its authority's chain, and its key; both in PEM."""

    certificate: str
    key: str


class Authority:
    """An authority that nobody trusts before being given its `certificate` (PEM), or that of the
    one `above` it."""

    def __init__(self, above: Authority | None = None) -> None:
        made = above._authority.create_child_ca() if above else trustme.CA()
        self._authority: trustme.CA = made
        self.certificate = self._authority.cert_pem.bytes().decode()

    def issue(self, *names: str, expired: bool = False) -> Identity:
        """A certificate for hosts, addresses or, with an `@`, for a client."""
        now = datetime.now(UTC)
        ended = now - timedelta(days=1) if expired else None
        began = now - timedelta(days=30) if expired else None
        made = self._authority.issue_cert(*(names or HOSTS), not_before=began, not_after=ended)
        chain = b"".join(blob.bytes() for blob in made.cert_chain_pems)
        return Identity(chain.decode(), made.private_key_pem.bytes().decode())


@dataclass(frozen=True, slots=True)
class ServerTls:
    """Who a server is, and whose clients it takes: `clients` is the certificate (PEM) of their
    authority, empty for anybody without a certificate."""

    identity: Identity
    clients: str = ""

    def context(self) -> ssl.SSLContext:
        """What a server wraps its connections with."""
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with _files(self.identity.certificate, self.identity.key) as (certificate, key):
            made.load_cert_chain(certificate, key)
        if self.clients:
            made.load_verify_locations(cadata=self.clients)
            made.verify_mode = ssl.CERT_REQUIRED
        return made


@contextmanager
def _files(*texts: str) -> Iterator[Sequence[Path]]:
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / str(number) for number in range(len(texts))]
        for path, text in zip(paths, texts, strict=True):
            path.write_text(text)
        yield paths
