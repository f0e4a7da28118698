"""Whether whoever sent a delivery knows the secret. Imports `delivery`.

What each host signs with is in its documentation: GitHub and Gitea: `X-…-Signature…`, the
HMAC-SHA256 of the body; GitLab: `X-Gitlab-Token`, the secret itself, or a signing token by the
Standard Webhooks specification; Bitbucket: `X-Hub-Signature`; Azure DevOps: HTTP Basic.
Every comparison takes the same time whatever is wrong.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable, Sequence

from controller.hooks.delivery import Delivery, Provider

TOLERANCE = 300.0
"""Seconds by which a signed time may differ from ours, as Standard Webhooks has it."""

_SIGNING = "whsec_"
_HASHES = {"sha256": hashlib.sha256, "sha512": hashlib.sha512}


def is_authentic(delivery: Delivery, tokens: Sequence[str], now: float) -> bool:
    """Whether the sender knows one of `tokens`; `now` is in seconds since 1970.

    A host's own signature decides: a good one of another kind does not make up for a bad one.
    """
    check = _CHECKS[delivery.provider]
    # All are tried, so that the time does not tell which one fits.
    fits = [check(delivery, token, now) for token in tokens if token]
    return any(fits)


def _bare(header: str) -> Callable[[Delivery, str, float], bool]:
    def check(delivery: Delivery, token: str, _now: float) -> bool:
        return _same(delivery.headers.get(header, ""), _hex(token, delivery.body))

    return check


def _named(header: str) -> Callable[[Delivery, str, float], bool]:
    """`algorithm=hex`, by SHA-256 or SHA-512: SHA-1 is refused."""

    def check(delivery: Delivery, token: str, _now: float) -> bool:
        algorithm, _, given = delivery.headers.get(header, "").partition("=")
        known = algorithm if algorithm in _HASHES else "sha256"
        fits = _same(given, _hex(token, delivery.body, known))
        return fits and algorithm == known

    return check


def _gitlab(delivery: Delivery, token: str, now: float) -> bool:
    if "webhook-signature" in delivery.headers:
        return _standard(delivery, token, now)
    # A signing token is never sent as it is.
    return not token.startswith(_SIGNING) and _same(
        delivery.headers.get("x-gitlab-token", ""), token
    )


def _standard(delivery: Delivery, token: str, now: float) -> bool:
    key, time = _key(token), delivery.headers.get("webhook-timestamp", "")
    if key is None or not _is_near(time, now):
        return False
    id_ = delivery.headers.get("webhook-id", "")
    signed = b".".join((_bytes(id_), _bytes(time), delivery.body))
    wanted = base64.b64encode(hmac.digest(key, signed, "sha256")).decode()
    given = delivery.headers["webhook-signature"].split()
    return any(_same(one, f"v1,{wanted}") for one in given[:8])


def _key(token: str) -> bytes | None:
    if not token.startswith(_SIGNING):
        return None
    try:
        return base64.b64decode(token.removeprefix(_SIGNING), validate=True) or None
    except binascii.Error:
        return None


def _is_near(time: str, now: float) -> bool:
    is_time = time.isascii() and time.isdigit() and len(time) < 16
    return is_time and abs(int(time) - now) <= TOLERANCE


def _azure(delivery: Delivery, token: str, _now: float) -> bool:
    """HTTP Basic; whoever made the hook chose the user's name, which does not count."""
    kind, _, given = delivery.headers.get("authorization", "").partition(" ")
    try:
        login = base64.b64decode(given.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        return False
    return _same(login.partition(":")[2], token) and kind.casefold() == "basic"


def _generic(delivery: Delivery, token: str, now: float) -> bool:
    if "x-signature" in delivery.headers:
        return _named("x-signature")(delivery, token, now)
    kind, _, given = delivery.headers.get("authorization", "").partition(" ")
    return _same(given.strip(), token) and kind.casefold() == "bearer"


_CHECKS: dict[Provider, Callable[[Delivery, str, float], bool]] = {
    Provider.FORGEJO: _bare("x-forgejo-signature"),
    Provider.GITEA: _bare("x-gitea-signature"),
    Provider.GOGS: _bare("x-gogs-signature"),
    Provider.GITHUB: _named("x-hub-signature-256"),
    Provider.GITLAB: _gitlab,
    Provider.BITBUCKET_CLOUD: _named("x-hub-signature"),
    Provider.BITBUCKET: _named("x-hub-signature"),
    Provider.AZURE_DEVOPS: _azure,
    Provider.GENERIC: _generic,
}


def _hex(token: str, body: bytes, algorithm: str = "sha256") -> str:
    return hmac.digest(token.encode(), body, algorithm).hex()


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(_bytes(given), wanted.encode())


def _bytes(header: str) -> bytes:
    # A header may hold any byte; ASGI servers read them as Latin-1.
    return header.encode("latin-1", "replace")
