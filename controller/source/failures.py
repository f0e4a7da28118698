"""What can go wrong between us and a repository, each with the one text it is told by. Pure.

Whoever meets a failure (git, whose words `faults` reads, or our own look) names it here, so that
the same cause has the same reason, message and hint whichever way was gone.
"""

from __future__ import annotations

from enum import Enum

from controller.errors import PackError, Reason, Stalled, Transient
from controller.redact import brief
from controller.source.access import Access
from controller.source.failure_text import Text
from controller.source.ssh_failures import SshFailure, keyscan
from controller.source.urls import RemoteUrl

_NO_LOGIN = (
    "If it is private, create a Secret with username and password, or with bearerToken, in the "
    "Pack's namespace and name it in spec.git.secretRef; otherwise check the URL."
)
_WRONG_LOGIN = (
    "Check that the Secret named in spec.git.secretRef holds a valid login that may read it."
)


class Failure(Enum):
    """The failures, by name."""

    CACHE = Text(
        Transient,
        Reason.CACHE_UNAVAILABLE,
        "The controller's cache cannot be written while fetching {url}.",
        "Give the cache volume more room and check that it is writable.",
    )
    TOO_LARGE = Text(
        Stalled,
        Reason.LIMIT_EXCEEDED,
        "{url} is too large to be fetched.",
        "Keep packs in a repository without large files, or split it.",
    )
    REDIRECTED = Text(
        Stalled,
        Reason.REPOSITORY_NOT_FOUND,
        "{url} redirects to another address, which is not followed: it could carry the "
        "credentials to another host.",
        "Set spec.git.url to the final address, with the final host and path.",
    )
    LOGIN = Text(Stalled, Reason.AUTHENTICATION_FAILED, "{url} does not let us in.", "{login}")
    NOT_FOUND = Text(
        Stalled,
        Reason.REPOSITORY_NOT_FOUND,
        "There is no repository at {url}, or it is hidden from this login.",
        "Check spec.git.url, and for a private repository spec.git.secretRef.",
    )
    NOT_GIT = Text(
        Stalled,
        Reason.REPOSITORY_NOT_FOUND,
        "The server answers at {url}, but not as a Git repository.",
        "Use the URL that 'git clone' would take, not that of a web page. Plain files on a web "
        "server (the 'dumb' protocol) are not fetched from: 'git http-backend' can serve them.",
    )
    MALFORMED = Text(
        Stalled,
        Reason.PACK_INVALID,
        "{url} holds an object that git refuses as malformed or dangerous ({detail}).",
        "Run 'git fsck --strict' in a clone and rewrite the commit that holds it.",
    )
    DAMAGED = Text(
        Transient,
        Reason.GIT_UNREACHABLE,
        "The server of {url} sends objects that cannot be unpacked ({detail}).",
        "It is tried again; if this stays, those who run the server should try 'git fsck' there.",
    )
    INCOMPLETE = Text(
        Transient,
        Reason.GIT_UNREACHABLE,
        "The server of {url} does not send all objects of the commit.",
        "It is tried again; if this stays, those who run the server should try 'git fsck' there.",
    )
    AUTHORITY = Text(
        Transient,
        Reason.CERTIFICATE_INVALID,
        "The certificate of {url} comes from an authority that is not trusted.",
        "Put the authority's certificate as ca.crt into the Secret named in spec.git.secretRef.",
    )
    EXPIRED = Text(
        Transient,
        Reason.CERTIFICATE_INVALID,
        "The certificate of {url} has expired or is not valid yet.",
        "Renew it on the server; if it is valid there, set the clock of the cluster's nodes.",
    )
    WRONG_HOST = Text(
        Transient,
        Reason.CERTIFICATE_INVALID,
        "The certificate of {url} is for another host.",
        "Write the host in spec.git.url as the certificate names it, or correct the certificate.",
    )
    NO_TLS = Text(
        Transient,
        Reason.GIT_UNREACHABLE,
        "No secure connection to {url} could be made ({detail}).",
        "Check the server's certificate and TLS settings, whether this port speaks TLS, and "
        "whether the server wants the certificate of a client.",
    )
    CLIENT_WANTED = Text(
        Stalled,
        Reason.AUTHENTICATION_FAILED,
        "The server of {url} wants the certificate of a client.",
        "Put it as tls.crt and tls.key into the Secret named in spec.git.secretRef.",
    )
    CLIENT_REFUSED = Text(
        Stalled,
        Reason.AUTHENTICATION_FAILED,
        "The server of {url} does not take our certificate.",
        "Check tls.crt in the Secret named in spec.git.secretRef: its authority, and that it has "
        "not expired.",
    )
    TIMED_OUT = Text(
        Transient,
        Reason.GIT_TIMEOUT,
        "{url} did not answer in time.",
        "Check the server, or raise spec.timeout.",
    )
    RATE_LIMITED = Text(
        Transient,
        Reason.RATE_LIMITED,
        "The server of {url} has had too many requests and wants none {detail}.",
        "Raise spec.interval, or give a login of your own, which often has a higher limit.",
    )
    HOST_NOT_ALLOWED = Text(
        Stalled,
        Reason.HOST_NOT_ALLOWED,
        "This controller may not connect to the host of {url}.",
        "Use another host, or ask the operator to allow this one (docs/configuration.md).",
    )
    PROXY_NOT_ALLOWED = Text(
        Stalled,
        Reason.HOST_NOT_ALLOWED,
        "This controller may not connect to the proxy {proxy}.",
        "Use another one in the Secret named in spec.git.proxySecretRef, or ask the operator to "
        "allow this one (docs/configuration.md).",
    )
    PROXY_LOGIN = Text(
        Stalled,
        Reason.AUTHENTICATION_FAILED,
        "The proxy {proxy} does not let us in.",
        "Check username and password in the Secret named in spec.git.proxySecretRef.",
    )
    PROXY_REFUSED = Text(
        Transient,
        Reason.GIT_UNREACHABLE,
        "The proxy {proxy} did not connect us to {host} ({detail}).",
        "Check spec.git.url, and whether the proxy may connect to that host and port.",
    )
    PROXY_UNREACHABLE = Text(
        Transient,
        Reason.GIT_UNREACHABLE,
        "The proxy {proxy} cannot be reached.",
        "Check the address in the Secret named in spec.git.proxySecretRef.",
    )
    PROXY_SILENT = Text(
        Transient,
        Reason.GIT_TIMEOUT,
        "The proxy {proxy} did not answer in time.",
        "Check the proxy, or name another one in the Secret of spec.git.proxySecretRef.",
    )
    UNREACHABLE = Text(
        Transient,
        Reason.GIT_UNREACHABLE,
        "{url} cannot be reached.",
        "Check the URL's host and port, and whether the cluster may connect to it.",
    )
    CUT_SHORT = Text(
        Transient,
        Reason.GIT_UNREACHABLE,
        "The answer of {url} ends too early.",
        "It is tried again; if this stays, check the server and what stands before it.",
    )
    SERVER_ERROR = Text(
        Transient,
        Reason.GIT_UNREACHABLE,
        "{url} answers with an error ({detail}).",
        "It is tried again; if this stays, ask those who run the server.",
    )
    REFUSED = Text(
        Transient,
        Reason.GIT_UNREACHABLE,
        "The server of {url} refused: {detail}.",
        "Ask those who run the server.",
    )


class FailedError(Exception):
    """A failure, met where nobody knows for whom: `told` makes the error of it.

    `retry_after` is in how many seconds the server wants to be asked again.
    """

    def __init__(
        self, failure: Failure | SshFailure, detail: str = "", *, retry_after: float | None = None
    ) -> None:
        super().__init__(failure.name)
        self.failure = failure
        self.detail = detail
        self.retry_after = retry_after

    def told(self, remote: RemoteUrl, access: Access) -> PackError:
        """The error for who follows `remote`; no secret of `access` is in it."""
        text: Text = self.failure.value
        words = {
            "url": str(remote),
            "user": remote.user,
            "host": remote.host,
            "place": remote.origin.partition("://")[2],
            "keyscan": keyscan(remote),
            "proxy": access.proxy.address if access.proxy else "",
            "login": _NO_LOGIN if access.login is None else _WRONG_LOGIN,
            "detail": brief(self.detail, secrets=access.secrets, limit=300),
        }
        message, hint = text.message.format(**words), text.hint.format(**words)
        if issubclass(text.error, Transient):
            return text.error(text.reason, message, hint=hint, retry_after=self.retry_after)
        return text.error(text.reason, message, hint=hint)
