"""OpenPGP keys and signatures made by hand (RFC 4880), to be odd in every way that is wanted.

Libraries and gpg refuse to make most of these: keys that expired long ago, signatures by SHA-1.
Ed25519 only; the arithmetic is that of `cryptography`.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

DAY = 86_400
EPOCH = 1_700_000_000
"""When keys and signatures are made unless something else is said: in November 2023."""

_HASHES = {1: "md5", 2: "sha1", 8: "sha256", 10: "sha512"}
_ED25519 = b"\x16" + b"\x09\x2b\x06\x01\x04\x01\xda\x47\x0f\x01"
_CERTIFY_AND_SIGN = 0x03
_SIGN = 0x02
_BINARY, _SELF, _BOUND, _BACK, _REVOKED, _SUBKEY_REVOKED = 0x00, 0x13, 0x18, 0x19, 0x20, 0x28


@dataclass(frozen=True, slots=True)
class Key:
    """A key of one who is called `user`; times are in seconds since 1970, spans in seconds.

    Its self-signature is made at `bound`. Its `subkey`, which can sign as well, is bound to it for
    as long as that `lives`.
    """

    user: str = "Jane <jane@example.com>"
    created: int = EPOCH
    bound: int = EPOCH
    lives: int = 0
    revoked: bool = False
    self_hash: int = 8
    subkey: Key | None = None
    _secret: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)

    @property
    def fingerprint(self) -> str:
        return hashlib.sha1(self._hashed, usedforsecurity=False).hexdigest().upper()

    @property
    def shown(self) -> str:
        """Its id, as messages have it."""
        return f"0x{self.fingerprint[-16:]}"

    @property
    def binary(self) -> bytes:
        """The public key as a file has it."""
        name = self.user.encode()
        named = self._hashed + b"\xb4" + _sized(4, name)
        bound = self._signature(
            _SELF, named, self.bound, self.self_hash, self._bounds(_CERTIFY_AND_SIGN)
        )
        taken = self._revoked(_REVOKED, self._hashed) if self.revoked else b""
        parts = [_packet(6, self._body), taken, _packet(13, name), _packet(2, bound)]
        return b"".join(parts) + (self._below(self.subkey) if self.subkey else b"")

    @property
    def armored(self) -> bytes:
        return _armor("PUBLIC KEY BLOCK", self.binary)

    def sign(
        self,
        payload: bytes,
        *,
        time: int = EPOCH,
        lives: int = 0,
        algorithm: int = 8,
        kind: int = 0,
    ) -> bytes:
        """An armored signature; `algorithm` is OpenPGP's number of the hash, `kind` of the type."""
        life = _subpacket(3, lives.to_bytes(4)) if lives else b""
        packet = _packet(2, self._signature(kind, payload, time, algorithm, life))
        return _armor("SIGNATURE", packet)

    @property
    def _body(self) -> bytes:
        point = b"\x40" + self._secret.public_key().public_bytes_raw()
        return b"\x04" + self.created.to_bytes(4) + _ED25519 + _mpi(point)

    @property
    def _hashed(self) -> bytes:
        return b"\x99" + _sized(2, self._body)

    def _bounds(self, flags: int) -> bytes:
        life = _subpacket(9, self.lives.to_bytes(4)) if self.lives else b""
        return _subpacket(27, bytes([flags])) + life

    def _below(self, subkey: Key) -> bytes:
        """A subkey's packets; one that signs must say itself that it belongs here."""
        both = self._hashed + subkey._hashed
        back = subkey._signature(_BACK, both, self.created, 8, b"")
        bounds = subkey._bounds(_SIGN) + _subpacket(32, back)
        bound = self._signature(_BOUND, both, self.created, 8, bounds)
        taken = self._revoked(_SUBKEY_REVOKED, both) if subkey.revoked else b""
        return _packet(14, subkey._body) + _packet(2, bound) + taken

    def _revoked(self, kind: int, data: bytes) -> bytes:
        reason = _subpacket(29, b"\x00")
        return _packet(2, self._signature(kind, data, self.created + DAY, 8, reason))

    def _signature(self, kind: int, data: bytes, time: int, algorithm: int, more: bytes) -> bytes:
        issuer = _subpacket(33, b"\x04" + bytes.fromhex(self.fingerprint))
        hashed = _subpacket(2, time.to_bytes(4)) + more + issuer
        head = bytes([4, kind, 22, algorithm]) + _sized(2, hashed)
        trailer = b"\x04\xff" + len(head).to_bytes(4)
        digest = hashlib.new(_HASHES[algorithm], data + head + trailer).digest()
        signed = self._secret.sign(digest)
        issuer_id = _subpacket(16, bytes.fromhex(self.fingerprint[-16:]))
        return head + _sized(2, issuer_id) + digest[:2] + _mpi(signed[:32]) + _mpi(signed[32:])


def _sized(width: int, data: bytes) -> bytes:
    return len(data).to_bytes(width) + data


def _subpacket(kind: int, data: bytes) -> bytes:
    return bytes([len(data) + 1, kind]) + data


def _packet(tag: int, body: bytes) -> bytes:
    return bytes([0xC0 | tag, 255]) + _sized(4, body)


def _mpi(data: bytes) -> bytes:
    number = int.from_bytes(data)
    bits = number.bit_length()
    return bits.to_bytes(2) + number.to_bytes((bits + 7) // 8)


def _armor(kind: str, data: bytes) -> bytes:
    text = base64.encodebytes(data).decode()
    return f"-----BEGIN PGP {kind}-----\n\n{text}-----END PGP {kind}-----\n".encode()
