"""The certificate of a server, in words. Pure; imports cryptography."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.x509.oid import NameOID

from controller.status.words import plural

_SHOWN = 4
_DAY = 24 * 3600


@dataclass(frozen=True, slots=True)
class Certificate:
    """Who a server says that it is, who vouches for it, and until when."""

    names: tuple[str, ...]
    issuer: str
    begins: datetime
    ends: datetime

    def days(self, now: datetime) -> int:
        """How many days it has left; below 0 when it is over."""
        return int((self.ends - now).total_seconds() / _DAY)

    def told(self, now: datetime) -> str:
        """In a few words."""
        names = ", ".join(self.names[:_SHOWN]) or "nobody"
        more = f" and {len(self.names) - _SHOWN} more" if len(self.names) > _SHOWN else ""
        return f"certificate for {names}{more}, issued by {self.issuer}, {self._time(now)}"

    def _time(self, now: datetime) -> str:
        if now < self.begins:
            return f"not valid before {self.begins:%Y-%m-%d %H:%M} UTC"
        days = self.days(now)
        if now > self.ends:
            return f"expired {plural(-days, 'day')} ago"
        return f"{plural(days, 'day')} left"


def parse(content: bytes) -> Certificate | None:
    """The certificate in DER; None when it cannot be read."""
    try:
        found = x509.load_der_x509_certificate(content)
        return Certificate(
            tuple(_names(found)),
            _common(found.issuer) or found.issuer.rfc4514_string(),
            found.not_valid_before_utc,
            found.not_valid_after_utc,
        )
    except (ValueError, x509.DuplicateExtension):
        return None


def _names(found: x509.Certificate) -> list[str]:
    try:
        names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return [name for name in [_common(found.subject)] if name]
    addresses = names.get_values_for_type(x509.IPAddress)
    return [*names.get_values_for_type(x509.DNSName), *map(str, addresses)]


def _common(name: x509.Name) -> str:
    found = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(found[0].value) if found else ""
