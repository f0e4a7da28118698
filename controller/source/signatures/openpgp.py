"""OpenPGP signatures, checked by Sequoia. Pure: nothing is read but what is given.

Sequoia alone decides whether a signature is good, and judges the key as it was at the time of the
signature. It does not say why one is not good, so the reasons that can be read off key and
signature are looked for first. Like gpg and Flux, and unlike Sequoia, an expired or revoked key
is refused whatever time the signature claims: that time is the signer's own word.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from pysequoia import Cert, Sig, verify
from pysequoia.packet import HashAlgorithm, Packet, PacketPile, SignatureType, Tag

from controller.pack.verdict import SignatureKind, Signer
from controller.source.signatures import refused
from controller.source.signatures.refused import RefusedError

_KEYS = (Tag.PublicKey, Tag.PublicSubkey)
_WEAK = (HashAlgorithm.MD5, HashAlgorithm.SHA1, HashAlgorithm.RipeMD)
_SKEW = timedelta(minutes=5)


class NoKeysError(Exception):
    """The text holds no public key that can be read."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a certificate, with the signatures that bind it."""

    certificate: Cert
    packet: Packet
    bindings: tuple[Packet, ...]

    def is_called(self, name: str) -> bool:
        """Whether `name` is its fingerprint or its id."""
        return name in (self.packet.fingerprint, self.packet.key_id)

    @property
    def is_revoked(self) -> bool:
        """Whether it or its whole certificate was taken back."""
        revoked = any(one.signature_type == SignatureType.SubkeyRevocation for one in self.bindings)
        return revoked or self.certificate.is_revoked

    @property
    def expiration(self) -> datetime | None:
        """When it or its whole certificate expires; None: never. Raises `RuntimeError` when the
        certificate breaks today's rules."""
        whole = self.certificate.expiration
        bound = [one for one in self.bindings if one.signature_type == SignatureType.SubkeyBinding]
        newest = max(bound, key=_made, default=None)
        period = newest.key_validity_period if newest else None
        own = self.packet.key_created + period if self.packet.key_created and period else None
        return min((one for one in (whole, own) if one), default=None)


@dataclass(frozen=True, slots=True)
class Keyring:
    """The keys that are trusted."""

    keys: tuple[Key, ...] = ()

    @classmethod
    def of(cls, certificates: Iterable[Cert]) -> Keyring:
        """The keys of `certificates`; what several say of one key counts together, so that an
        extension as well as a revocation may come in another file."""
        whole: dict[str, Cert] = {}
        for one in certificates:
            known = whole.get(one.fingerprint)
            whole[one.fingerprint] = known.merge(one) if known else one
        return cls(tuple(key for one in whole.values() for key in _keys(one)))

    def find(self, issuer: str) -> Key | None:
        """The key with this fingerprint or id."""
        return next((key for key in self.keys if key.is_called(issuer)), None)


def certificates(content: bytes) -> list[Cert]:
    """The public keys in `content`: one or several, armored or binary. Raises `NoKeysError`."""
    try:
        found = Cert.split_bytes(content)
        keys = Keyring.of(found).keys
    except RuntimeError:
        raise NoKeysError from None
    if not keys:
        raise NoKeysError
    return found


def check(payload: bytes, armored: bytes, trusted: Keyring, now: datetime) -> Signer:
    """Who signed `payload`; raises `RefusedError` unless one of the trusted keys did."""
    try:
        return _checked(payload, _read(armored), trusted, now)
    except RuntimeError:
        # Sequoia parses lazily: any field may turn out to be of a kind that it does not know.
        raise refused.malformed("it is no OpenPGP signature that is known here") from None


def _checked(payload: bytes, signature: Sig, trusted: Keyring, now: datetime) -> Signer:
    issuer = signature.issuer_fingerprint or signature.issuer_key_id
    if not issuer:
        raise refused.malformed("it does not say which key made it")
    key = trusted.find(issuer)
    if key is None:
        raise refused.unknown_key("OpenPGP", _shown(issuer))
    signer = Signer(
        SignatureKind.OPENPGP, _name(key.certificate), _id(key.certificate), _when(signature)
    )
    objection = _objection(signature, key, str(signer), now)
    if objection is not None:
        raise objection
    if not _is_good(payload, signature, key):
        raise refused.bad(str(signer))
    return signer


def _is_good(payload: bytes, signature: Sig, key: Key) -> bool:
    try:
        found = verify(bytes=payload, store=lambda _: [key.certificate], signature=signature)
    except RuntimeError:
        return False
    return any(one.certificate == key.certificate.fingerprint for one in found.valid_sigs)


def _objection(signature: Sig, key: Key, signer: str, now: datetime) -> RefusedError | None:
    """What speaks against a signature even when it is one of this key and content."""
    if key.is_revoked:
        return refused.revoked_key(signer)
    try:
        expiration = key.expiration
    except RuntimeError:
        return refused.unusable_key(signer)
    if expiration and expiration <= now:
        return refused.expired_key(signer, _day(expiration))
    if signature.expiration and signature.expiration <= now:
        return refused.expired_signature(signer, _day(signature.expiration))
    if signature.hash_algorithm in _WEAK:
        return refused.weak(signer, str(signature.hash_algorithm).rpartition(".")[2])
    if key.packet.key_created and _when(signature) < key.packet.key_created:
        return refused.malformed(f"it is dated before the key of {signer} was made")
    if _when(signature) > now + _SKEW:
        return refused.early(signer, _day(_when(signature)))
    return None


def _read(armored: bytes) -> Sig:
    signature = Sig.from_bytes(armored)
    if len(PacketPile.from_bytes(armored)) != 1:
        raise refused.malformed("it holds more than one signature")
    if signature.signature_type != SignatureType.Binary:
        # One of text would also fit the same content with other line ends.
        raise refused.malformed("it is not of the kind that git makes")
    if signature.created is None:
        raise refused.malformed("it does not say when it was made")
    return signature


def _keys(certificate: Cert) -> Iterable[Key]:
    packets: list[Packet] = list(PacketPile.from_bytes(bytes(certificate)))
    begins = [at for at, packet in enumerate(packets) if packet.tag in _KEYS]
    for begin, end in zip(begins, [*begins[1:], len(packets)], strict=True):
        bindings = [one for one in packets[begin:end] if one.tag == Tag.Signature]
        yield Key(certificate, packets[begin], tuple(bindings))


def _made(packet: Packet) -> float:
    return packet.signature_created.timestamp() if packet.signature_created else 0.0


def _when(signature: Sig) -> datetime:
    assert signature.created is not None  # noqa: S101  # `_read` refuses such a signature
    return signature.created


def _name(certificate: Cert) -> str:
    try:
        return next(map(str, certificate.user_ids), "")
    except RuntimeError:
        return ""


def _id(certificate: Cert) -> str:
    return _shown(certificate.fingerprint)


def _shown(name: str) -> str:
    """The id of a key by its fingerprint: which end of it tells its version (RFC 9580, 5.5.4)."""
    short = name[:16] if len(name) == 64 else name[-16:]
    return f"0x{short.upper()}"


def _day(moment: datetime) -> str:
    return moment.date().isoformat()
