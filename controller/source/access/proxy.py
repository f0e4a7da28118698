"""The way to the server: a proxy. Pure."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from controller.source.access.values import digest, has_control, unusable

SCHEMES = ("http", "https", "socks5", "socks5h")
"""`socks5h` lets the proxy look the server's name up, as HTTP proxies always do."""

_SOCKS_LIMIT = 255  # RFC 1929
_WHERE = "spec.git.proxySecretRef"


@dataclass(frozen=True, slots=True, repr=False)
class Proxy:
    """A proxy's address, such as `http://proxy.example.com:3128`, and the login for it if any.

    Raises `Stalled` (AuthenticationFailed) for an address that is none.
    """

    address: str
    username: str = ""
    password: str = ""

    def __post_init__(self) -> None:
        if has_control(self.address, self.username, self.password) or not self._is_address():
            raise unusable(
                "has no proxy in `address`: write it like http://proxy.example.com:3128, without "
                "a login in it",
                named_in=_WHERE,
            )

        if self.scheme.startswith("socks") and not all(
            value.isascii() and len(value) <= _SOCKS_LIMIT
            for value in (self.username, self.password)
        ):
            raise unusable(
                f"has a username or a password that SOCKS cannot carry: {_SOCKS_LIMIT} characters "
                "of ASCII each",
                named_in=_WHERE,
            )

    def _is_address(self) -> bool:
        try:
            parts = urlsplit(self.address)
            port = parts.port
        except ValueError:
            return False
        bare = parts.path in ("", "/") and not (parts.query or parts.fragment)
        named = parts.scheme in SCHEMES and bool(parts.hostname) and "@" not in parts.netloc
        return bare and named and port != 0

    def __repr__(self) -> str:
        return "Proxy(***)"

    @property
    def scheme(self) -> str:
        """One of `SCHEMES`."""
        return urlsplit(self.address).scheme

    @property
    def host(self) -> str:
        """Its host, as in a URL: an IPv6 address is in brackets."""
        host = urlsplit(self.address).hostname or ""
        return f"[{host}]" if ":" in host else host

    @property
    def port(self) -> int:
        """Its port; without one in the address, the port that curl takes."""
        return urlsplit(self.address).port or (443 if self.scheme == "https" else 1080)

    @property
    def url(self) -> str:
        """The address with the login in it, for whom it is handed to by the environment."""
        if not self.username:
            return self.address
        login = f"{quote(self.username, safe='')}:{quote(self.password, safe='')}"
        scheme, _, rest = self.address.partition("://")
        return f"{scheme}://{login}@{rest}"

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must never turn up in a text."""
        if not self.password:
            return ()
        return (self.password, quote(self.password, safe=""), self.basic)

    @property
    def basic(self) -> str:
        """The login as the header Proxy-Authorization carries it (RFC 7617)."""
        return base64.b64encode(f"{self.username}:{self.password}".encode()).decode()

    @property
    def identity(self) -> str:
        """A hash that tells two proxies apart and gives none away."""
        return digest(self.address, self.username, self.password)
