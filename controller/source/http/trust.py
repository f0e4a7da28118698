"""TLS: whom we trust and who we are, and what it means when it fails.

Imports `access`, `failures` and the sockets of this package.
"""

from __future__ import annotations

import re
import ssl
from functools import lru_cache

from controller.source.access import Tls
from controller.source.access.values import unusable
from controller.source.failures import FailedError, Failure
from controller.source.http.timed import TimedTls
from controller.source.private import private_file

# X509_V_ERR_… of OpenSSL's x509_vfy.h.
_VERIFICATION = {
    Failure.EXPIRED: (9, 10),
    Failure.WRONG_HOST: (62, 63, 64),
}
# Alerts as OpenSSL names them (RFC 8446, section 6.2). Servers of before TLS 1.3 have no word for
# a missing certificate, and end the handshake.
_WANTED = re.compile(r"CERTIFICATE_REQUIRED|ALERT_HANDSHAKE_FAILURE")
_REFUSED = re.compile(
    r"ALERT_(?:BAD_CERTIFICATE|UNKNOWN_CA|CERTIFICATE_\w+|UNSUPPORTED_CERTIFICATE|ACCESS_DENIED)"
)


@lru_cache(maxsize=64)
def context(tls: Tls | None) -> ssl.SSLContext:
    """The context for a connection; raises `Stalled` (AuthenticationFailed) for certificates or a
    key that cannot be used."""
    made = _trusting(tls.ca if tls else "")
    made.sslsocket_class = TimedTls
    if tls and tls.certificate:
        _present(made, tls)
    return made


def _trusting(authorities: str) -> ssl.SSLContext:
    try:
        made = ssl.create_default_context(cadata=authorities or None)
    except ssl.SSLError:
        raise unusable("has a ca.crt that cannot be read") from None
    # As git's curl has it, which must come to the same answer: an intermediate authority may be
    # trusted by itself, and one that is older than RFC 5280 is none the worse for it.
    made.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    made.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return made


def _present(made: ssl.SSLContext, tls: Tls) -> None:
    with private_file(tls.certificate) as certificate, private_file(tls.key) as key:
        try:
            # Without a password to try, OpenSSL would ask for it on the terminal.
            made.load_cert_chain(certificate, key, password="")
        except (ssl.SSLError, OSError):
            raise unusable(
                "has a tls.crt and a tls.key that do not belong together, cannot be read, or need "
                "a passphrase"
            ) from None


def failed(error: ssl.SSLError, tls: Tls | None) -> FailedError:
    """What a failure of TLS means."""
    if isinstance(error, (ssl.SSLEOFError, ssl.SSLZeroReturnError)):
        return FailedError(Failure.UNREACHABLE)
    if isinstance(error, ssl.SSLCertVerificationError):
        return FailedError(_of_verification(error.verify_code))
    reason = error.reason or ""
    shown = tls is not None and bool(tls.certificate)
    if _REFUSED.search(reason) or (shown and _WANTED.search(reason)):
        return FailedError(Failure.CLIENT_REFUSED if shown else Failure.CLIENT_WANTED)
    if "CERTIFICATE_REQUIRED" in reason:
        return FailedError(Failure.CLIENT_WANTED)
    return FailedError(Failure.NO_TLS, reason.replace("_", " ").lower() or "no reason told")


def _of_verification(code: int) -> Failure:
    found = (failure for failure, codes in _VERIFICATION.items() if code in codes)
    return next(found, Failure.AUTHORITY)
