"""Which repository URLs are taken, and in which one form. Pure; imports `errors` and `redact`.

The rules are stricter than git's own: whatever git or ssh could take for an option, a helper
program (`ext::`), a local path or a place for a password is refused before any process starts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from urllib.parse import SplitResult, unquote, urlsplit

from controller.errors import InvalidSpec, Reason
from controller.redact import brief, public_url


class Scheme(StrEnum):
    """How a repository is reached. HTTP and FILE are for the operator to allow."""

    HTTPS = "https"
    SSH = "ssh"
    HTTP = "http"
    FILE = "file"


MAX_URL = 2048
"""Characters; what browsers and servers have agreed on for long."""

DEFAULT_USER = "git"
"""Who logs in over ssh when the URL names nobody; ssh itself would take the name of whoever runs
this program, which no server knows."""

_DEFAULT_PORTS = {Scheme.HTTPS: 443, Scheme.SSH: 22, Scheme.HTTP: 80, Scheme.FILE: None}
_EXAMPLES = {Scheme.SSH: "ssh://git@host/path", Scheme.FILE: "file:///path"}
# \Z and not $, which would let a final newline pass.
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?)*\.?\Z")
_NUMBER = re.compile(r"(?:[0-9]+|0[xX][0-9a-fA-F]*)\Z")
_PATH = re.compile(r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*\Z")
_USER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._+-]{0,63}\Z")
_SCP_LIKE = re.compile(r"(?P<user>[^/:@]*)@(?P<host>\[[^][/@]*\]|[^][/:@]*):(?P<path>.*)\Z")
_CONTROL = re.compile(r"[\x00-\x20\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class RemoteUrl:
    """A checked URL in its one normal form; it holds no credentials, so it may be shown."""

    scheme: Scheme
    host: str
    port: int | None
    path: str
    user: str = ""

    @property
    def origin(self) -> str:
        """Scheme, host and port: the only place that credentials for this URL are sent to."""
        return f"{self.scheme}://{self._place}"

    @property
    def _place(self) -> str:
        return self.host if self.port is None else f"{self.host}:{self.port}"

    def __str__(self) -> str:
        user = f"{self.user}@" if self.user else ""
        return f"{self.scheme}://{user}{self._place}{self.path}"


def is_ssh(url: str) -> bool:
    """Whether `url` is meant for ssh, in either of its forms; it need not be a good one."""
    word, separator, _ = url.partition("://")
    if separator:
        return word.lower() in ("ssh", "git+ssh", "ssh+git")
    return bool(_SCP_LIKE.match(url))


def is_url(text: str) -> bool:
    """Whether `text` is meant for a repository, and not for a file or folder."""
    return "://" in text or is_ssh(text)


@lru_cache(maxsize=4096)
def origin_of(url: str) -> str:
    """What `parse_url(url).origin` would be, of any text: a name for what is shared with others."""
    try:
        return parse_url(url, frozenset(Scheme)).origin
    except InvalidSpec:
        return url


def parse_url(url: str, allowed: frozenset[Scheme]) -> RemoteUrl:
    """`url` as a `RemoteUrl`; https and ssh are always taken, other schemes when `allowed` has
    them. `git@host:path` is `ssh://git@host/path`.

    Raises `InvalidSpec` with reason `InvalidURL` for everything else.
    """
    _check_text(url)
    plain = _without_scp(url)
    scheme = _scheme(url, plain, allowed)
    parts = _split(url, plain, scheme)
    user = _user(url, parts, scheme)
    _check_parts(url)
    host = _host(url, parts, scheme)
    return RemoteUrl(scheme, host, _port(url, parts, scheme), _path(url, parts, scheme), user)


def _without_scp(url: str) -> str:
    """The form of ssh that scp(1) has, as the one with `://`, in which alone `%` is special.

    Forges take a path with and without its first slash for the same repository.
    """
    found = None if "://" in url else _SCP_LIKE.match(url)
    if not found:
        return url
    path = found["path"].replace("%", "%25")
    return f"ssh://{found['user']}@{found['host']}/{path.removeprefix('/')}"


def _refused(url: str, problem: str, hint: str) -> InvalidSpec:
    # What stands before an `@` may be a password that its odd characters hide from `public_url`.
    before, at, after = url.rpartition("@")
    scheme = before.partition("://")[0] if "://" in before else "…"
    shown = public_url(f"{scheme}://{after}" if at else url).encode("unicode_escape").decode()
    shown = brief(shown, limit=200)
    return InvalidSpec(Reason.INVALID_URL, f"The URL '{shown}' {problem}.", hint=hint)


def _check_text(url: str) -> None:
    if not url:
        raise _refused(url, "is empty", "Set spec.git.url to an https:// URL.")
    if len(url) > MAX_URL:
        raise _refused(url, f"is longer than {MAX_URL} characters", "Use the repository's own URL.")
    if _CONTROL.search(url) or "\\" in url:
        raise _refused(
            url,
            "contains a space, a backslash or a control character",
            "Write it on one line, with %20 for a space.",
        )
    if not url.isascii():
        raise _refused(
            url,
            "contains characters outside ASCII",
            "Write the host in Punycode and the path percent-encoded.",
        )
    if url.startswith("-"):
        raise _refused(url, "starts with a dash", "Use an https:// or an ssh:// URL.")


def _scheme(url: str, plain: str, allowed: frozenset[Scheme]) -> Scheme:
    word, separator, _ = plain.partition("://")
    word = word.lower()
    if not separator or word not in tuple(Scheme):
        raise _refused(
            url,
            "is neither an https:// nor an ssh:// URL",
            "Use the https:// URL of the repository, or ssh://git@host/path, or git@host:path.",
        )
    scheme = Scheme(word)
    if scheme not in (Scheme.HTTPS, Scheme.SSH, *allowed):
        raise _refused(
            url,
            f"uses {scheme}, which this controller does not allow",
            f"Use an https:// URL, or ask the operator to allow {scheme}.",
        )
    return scheme


def _split(url: str, plain: str, scheme: Scheme) -> SplitResult:
    try:
        return urlsplit(plain)
    except ValueError:
        raise _no_host(url, scheme) from None


def _user(url: str, parts: SplitResult, scheme: Scheme) -> str:
    """Who logs in over ssh; over HTTP a name is half a login, and belongs into the Secret."""
    user, at, _ = parts.netloc.rpartition("@")
    if scheme is not Scheme.SSH:
        if at:
            raise _refused(
                url,
                "contains a user name or a password",
                "Take it out of the URL and put it into a Secret named in spec.git.secretRef.",
            )
        return ""
    if ":" in user or "@" in user:
        raise _refused(
            url,
            "contains a password",
            "Take it out of the URL: ssh logs in with the key in the Secret of spec.git.secretRef.",
        )
    if at and not _USER.match(user):
        raise _refused(
            url,
            "has a user name that is not allowed",
            "Use one of letters, digits and . _ + -, such as ssh://git@host/path.",
        )
    return user or DEFAULT_USER


def _check_parts(url: str) -> None:
    if "?" in url or "#" in url:
        raise _refused(
            url,
            "has a query or a fragment",
            "Remove what follows '?' or '#'; put a token into the Secret of spec.git.secretRef, "
            "and a branch into spec.git.ref.",
        )


def _no_host(url: str, scheme: Scheme) -> InvalidSpec:
    return _refused(url, "has no valid host", f"Use {_EXAMPLES.get(scheme, 'https://host/path')}.")


def _host(url: str, parts: SplitResult, scheme: Scheme) -> str:
    host = (parts.hostname or "").lower()
    if scheme is Scheme.FILE:
        if parts.netloc:
            raise _refused(url, "names a host, which a file URL cannot", "Use file:///path.")
        return ""
    if "[" in parts.netloc:
        return _ipv6(url, host, scheme)
    if not _HOST.match(host) or len(host) > 253:
        raise _no_host(url, scheme)
    if is_disguised(host):
        raise _refused(
            url,
            "has an address that is not four decimal numbers",
            "Use the host's name, or write the address like 192.0.2.1.",
        )
    return host.removesuffix(".")


def is_disguised(host: str) -> bool:
    """Whether `host` is an IPv4 address in a form that only some programs take for one, such as
    `2130706433`, `0x7f.1` or `127.1` (inet_aton(3)): such a number is no name of a host either."""
    bare = host.removesuffix(".")
    if not _NUMBER.match(bare.rpartition(".")[2]):
        return False
    try:
        return str(IPv4Address(bare)) != bare
    except AddressValueError:
        return True


def _ipv6(url: str, host: str, scheme: Scheme) -> str:
    try:
        return f"[{IPv6Address(host).compressed}]" if "%" not in host else _no_zone(url)
    except AddressValueError:
        raise _no_host(url, scheme) from None


def _no_zone(url: str) -> str:
    raise _refused(url, "has an IPv6 zone", "Use an address that needs no zone.")


def _port(url: str, parts: SplitResult, scheme: Scheme) -> int | None:
    try:
        port = parts.port
    except ValueError:
        port = 0
    if port == 0 or parts.netloc.endswith(":"):
        raise _refused(url, "has no valid port", "Use a port from 1 to 65535, or none.")
    return None if port == _DEFAULT_PORTS[scheme] else port


def _path(url: str, parts: SplitResult, scheme: Scheme) -> str:
    path = parts.path.rstrip("/")
    if not path:
        raise _refused(url, "names no repository", "Add the repository's path to the host.")
    decoded = unquote(path)
    if not _PATH.match(path) or _CONTROL.search(decoded.replace(" ", "")) or "\\" in decoded:
        raise _refused(url, "has a character in its path that is not allowed", "Check its path.")
    if any(part in (".", "..") for part in decoded.split("/")):
        raise _refused(url, "has '.' or '..' in its path", "Write the path without them.")
    if scheme is Scheme.SSH and decoded.lstrip("/").startswith("-"):
        raise _refused(url, "has a path that begins with a dash", "Check its path.")
    return path
