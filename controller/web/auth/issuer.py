"""Callers that an OpenID Connect issuer names, by signed tokens (JWT). May import `errors`, `pack`.

The issuer's keys are found by its discovery document, as the API server of Kubernetes finds them.
This module loads a large library, so only who has an issuer imports it.
"""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import jwt
import structlog
import urllib3

from controller.errors import InvalidSpec, Reason, Transient
from controller.pack.user import User
from controller.redact import brief

_DISCOVERY = "/.well-known/openid-configuration"
_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"]
"""Signatures with public keys: a shared secret would let readers of the keys sign."""
_LEEWAY = 60.0
_FRESH = 600.0
_AGAIN = 30.0
_TIMEOUT = urllib3.Timeout(connect=3.0, read=5.0)
_MOST = 512 * 1024
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_RESERVED = "system:"
_EVERYBODY = "system:authenticated"

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Claims:
    """Which claims name a user. `prefix` goes before the name and each group, so that no issuer
    can name a user of another's."""

    username: str = "sub"
    groups: str = "groups"
    prefix: str = "oidc:"


class Issuer:
    """Users by their tokens; safe for many threads. `find` and `known` give None for a token that
    is not this issuer's or not good."""

    def __init__(self, url: str, audience: str, claims: Claims) -> None:
        """Tokens must be made for `audience`. Raises `InvalidSpec`."""
        parts = urlsplit(url)
        is_near = parts.scheme == "http" and parts.hostname in _LOOPBACK
        if not (parts.hostname and (parts.scheme == "https" or is_near)):
            raise InvalidSpec(Reason.INVALID_SPEC, f"The OIDC issuer {url!r} is no https:// URL.")
        if not audience:
            raise InvalidSpec(
                Reason.INVALID_SPEC, "Tokens of an OIDC issuer need an audience that is ours."
            )
        self._url, self._audience, self._claims = url, audience, claims
        self._pool = urllib3.PoolManager(retries=False, timeout=_TIMEOUT)
        self._lock = threading.Lock()
        self._keys: dict[str, jwt.PyJWK] = {}
        self._read_at = float("-inf")

    def known(self, token: str) -> User | None:
        """Whose the token is, by keys that were read before."""
        header = self._header(token)
        key = self._keys.get(header.get("kid", "")) if header else None
        is_fresh = time.monotonic() - self._read_at < _FRESH
        return self._user(token, key) if key and is_fresh else None

    def find(self, token: str) -> User | None:
        """Whose the token is; raises `Transient` where the issuer is away."""
        header = self._header(token)
        if header is None:
            return None
        key = self._key(header.get("kid", ""))
        return self._user(token, key) if key else None

    def _header(self, token: str) -> dict[str, Any] | None:
        """The header, of a token that says it is this issuer's."""
        try:
            header = jwt.get_unverified_header(token)
            claims = jwt.decode(token, options={"verify_signature": False})
        except jwt.InvalidTokenError:
            return None
        is_ours = claims.get("iss") == self._url and isinstance(header.get("kid", ""), str)
        return header if is_ours else None

    def _key(self, kid: str) -> jwt.PyJWK | None:
        with self._lock:
            age = time.monotonic() - self._read_at
            if age > _FRESH or (kid not in self._keys and age > _AGAIN):
                self._keys = self._read()
                self._read_at = time.monotonic()
            return self._keys.get(kid)

    def _read(self) -> dict[str, jwt.PyJWK]:
        found = self._get(self._url.rstrip("/") + _DISCOVERY)
        if found.get("issuer") != self._url:
            raise self._away("its discovery document names another issuer")
        place = str(found.get("jwks_uri", ""))
        if urlsplit(place).scheme != urlsplit(self._url).scheme:
            raise self._away("its keys are at no https:// URL")
        try:
            keys = jwt.PyJWKSet.from_dict(self._get(place)).keys
        except jwt.PyJWTError as error:
            raise self._away(f"its keys cannot be read: {error}") from error
        return {one.key_id or "": one for one in keys if one.public_key_use in (None, "sig")}

    def _get(self, url: str) -> dict[str, Any]:
        try:
            answer = self._pool.request("GET", url, redirect=False, preload_content=False)
            with answer:
                text = answer.read(_MOST)
            found = json.loads(text) if answer.status == 200 else None
        except (urllib3.exceptions.HTTPError, ValueError, OSError) as error:
            raise self._away(type(error).__name__) from error
        if not isinstance(found, dict):
            raise self._away(f"it answered {answer.status}")
        return found

    def _away(self, why: str) -> Transient:
        _log.warning("OIDC issuer", issuer=self._url, error=brief(why))
        return Transient(
            Reason.INTERNAL_ERROR, "The issuer of the token cannot be asked for its keys."
        )

    def _user(self, token: str, key: jwt.PyJWK) -> User | None:
        try:
            claims = jwt.decode(
                token,
                key,
                algorithms=_ALGORITHMS,
                audience=self._audience,
                issuer=self._url,
                leeway=_LEEWAY,
                options={"require": ["exp", "iss", "aud"]},
            )
        except (jwt.PyJWTError, ValueError, TypeError):
            return None
        return _named(claims, self._claims)


def _named(claims: dict[str, Any], wanted: Claims) -> User | None:
    """The user; None where the claims name nobody, or somebody whom only Kubernetes may name."""
    name, groups = claims.get(wanted.username), claims.get(wanted.groups, [])
    if not isinstance(name, str) or not name:
        return None
    if wanted.username == "email" and claims.get("email_verified", True) is not True:
        return None
    listed = [groups] if isinstance(groups, str) else groups
    given = [one for one in listed if isinstance(one, str)] if isinstance(listed, list) else []
    names = [wanted.prefix + one for one in (name, *given)]
    if any(one.startswith(_RESERVED) for one in names):
        return None
    return User(names[0], groups=(*names[1:], _EVERYBODY))
