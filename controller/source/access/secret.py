"""The keys of Secrets → an `Access`. They are those of Flux, so that its Secrets serve. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from controller.source.access.access import Access, Login
from controller.source.access.github_app import DEFAULT_API, GitHubApp
from controller.source.access.http_login import HttpLogin
from controller.source.access.proxy import Proxy
from controller.source.access.ssh_key import SshKey
from controller.source.access.tls import Tls
from controller.source.access.values import unusable

Data = Mapping[str, bytes]
"""A Secret's `data`, decoded."""

_TLS_KEYS = ("ca.crt", "tls.crt", "tls.key")
_APP_IDS = ("githubAppClientID", "githubAppID")
_LOGINS = "username and password, bearerToken, identity and known_hosts, or githubAppID"


def access_from(secret: Data | None, proxy: Data | None, *, ssh: bool) -> Access:
    """What `spec.git.secretRef` and `spec.git.proxySecretRef` hold; `ssh` tells that the URL is one
    of ssh, which takes another login than HTTP. Raises `Stalled` (AuthenticationFailed)."""
    data = secret or {}
    login = None if secret is None else _ssh(data) if ssh else _http(data)
    return Access(login, None if ssh else _tls(data), _proxy(proxy))


def _ssh(data: Data) -> Login:
    return SshKey(
        data.get("identity", b"").decode(errors="replace"),
        data.get("known_hosts", b"").decode(errors="replace"),
        text(data, "password"),
    )


def _http(data: Data) -> Login | None:
    given = ["bearerToken"] if "bearerToken" in data else []
    if any(key in data for key in _APP_IDS):
        given.append("githubAppID")
    if "username" in data or ("password" in data and "identity" not in data):
        given.append("username")
    if not given and ("tls.crt" in data or "ca.crt" in data):
        return None
    if len(given) != 1:
        raise unusable(f"must hold exactly one login: {_LOGINS}")
    if given == ["githubAppID"]:
        return _app(data)
    return HttpLogin(text(data, "username"), text(data, "password"), text(data, "bearerToken"))


def _app(data: Data) -> GitHubApp:
    return GitHubApp(
        next(text(data, key) for key in _APP_IDS if key in data),
        text(data, "githubAppInstallationID"),
        data.get("githubAppPrivateKey", b"").decode(errors="replace"),
        text(data, "githubAppBaseURL").rstrip("/") or DEFAULT_API,
        text(data, "githubAppInstallationOwner"),
    )


def _tls(data: Data) -> Tls | None:
    made = Tls(*(data.get(key, b"").decode(errors="replace") for key in _TLS_KEYS))
    return made if made != Tls() else None


def _proxy(data: Data | None) -> Proxy | None:
    if data is None:
        return None
    return Proxy(text(data, "address"), text(data, "username"), text(data, "password"))


def text(data: Data, key: str) -> str:
    """A value of one line; a trailing line break comes from `echo` into a file and is never part
    of a password."""
    return data.get(key, b"").decode("utf-8", "replace").rstrip("\r\n")
