"""What git says when it fails → which failure it is. Pure; a table, first match wins.

The texts are git 2.39 to 2.51's and libcurl's own, in the C locale. Lines that begin with
`remote:` are the server's and decide nothing. Over ssh, what `ssh_faults` knows comes first.
"""

from __future__ import annotations

import re

from controller.errors import PackError, Reason, Transient
from controller.redact import brief
from controller.source import ssh_faults
from controller.source.access import Access
from controller.source.failures import FailedError, Failure
from controller.source.urls import RemoteUrl, Scheme


def _fault(failure: Failure, *patterns: str) -> tuple[Failure, re.Pattern[str]]:
    return failure, re.compile("|".join(patterns))


_TABLE = (
    _fault(
        Failure.CACHE,
        "No space left on device|Disk quota exceeded|Read-only file system",
        "(?:unable to|cannot|could not) (?:create|write|mkdir|open) .*Permission denied",
    ),
    _fault(Failure.TOO_LARGE, "File too large|exceeds maximum allowed size"),
    _fault(
        Failure.PROXY_LOGIN,
        "returned error: 407|CONNECT tunnel failed, response 407|code 407 from proxy",
        "User was rejected by the SOCKS5|No authentication method was acceptable",
    ),
    _fault(
        Failure.PROXY_REFUSED,
        "CONNECT tunnel failed, response|from proxy after CONNECT|Proxy CONNECT aborted",
        "SOCKS5? |SOCKS: ",
    ),
    _fault(Failure.PROXY_UNREACHABLE, "Could not resolve proxy"),
    _fault(Failure.REDIRECTED, r"returned error: 30\d|unable to update url base from redirection"),
    _fault(
        Failure.LOGIN,
        "could not read Username|could not read Password|Authentication failed",
        "returned error: 40[13]",
    ),
    _fault(
        Failure.NOT_FOUND,
        "returned error: 4(?:04|10)|repository '.*' not found",
        "does not appear to be a git repository",
    ),
    _fault(
        Failure.NOT_GIT,
        "not valid: is this a git repository|invalid server response|bad line length",
        "dumb http transport",
    ),
    _fault(
        Failure.MALFORMED,
        r"object [0-9a-f]{40,64}: \w+: |fsck error|error in object|object of unexpected type",
        "bogus commit object|invalid (?:commit|tag|tree)",
    ),
    _fault(
        Failure.DAMAGED,
        "pack has bad object|pack is corrupted|pack signature mismatch|unresolved delta",
        "size_t overflow",
    ),
    _fault(
        Failure.AUTHORITY,
        "unable to get (?:local )?issuer certificate|self[- ]signed certificate",
        "server certificate verification failed",
    ),
    _fault(Failure.EXPIRED, "certificate has expired|certificate is not yet valid"),
    _fault(
        Failure.WRONG_HOST,
        "no alternative certificate subject name matches",
        "certificate subject name .* does not match",
    ),
    _fault(Failure.CLIENT_WANTED, "(?i:certificate (?:is )?required)"),
    _fault(Failure.NO_TLS, "SSL|certificate|TLS"),
    _fault(Failure.TIMED_OUT, "Operation too slow|Timeout was reached|timed out"),
    _fault(Failure.RATE_LIMITED, "returned error: 429"),
    _fault(Failure.SERVER_ERROR, r"returned error: [45]\d\d"),
    _fault(
        Failure.UNREACHABLE,
        "Could not resolve|Couldn't connect|Failed to connect|Connection (?:refused|reset)",
        "Empty reply|early EOF|RPC failed|hung up unexpectedly",
        "transfer closed|Recv failure|Send failure|unexpected disconnect|No route to host",
        "Network is unreachable|expected flush|invalid index-pack output|expected packfile",
    ),
    _fault(Failure.REFUSED, "remote error: "),
)

_NO_CONNECTION = re.compile(r"Couldn't connect|Failed to connect")  # with a proxy: to the proxy
_A_WHILE = 60.0  # seconds

_REFUSAL = re.compile(
    r"not our ref|unadvertised object|couldn't find remote ref|no such remote ref"
    r"|not a valid object"
)

_TURNED_AWAY = re.compile(r"returned error: (?:403|429|503)")


def is_refusal(errors: str) -> bool:
    """Whether the server would not give the object that was asked for by its id."""
    return bool(_REFUSAL.search(errors))


def is_turned_away(errors: str, remote: RemoteUrl) -> bool:
    """Whether the status of an answer over HTTP may mean that we are to come back later."""
    return not _is_ssh(remote) and bool(_TURNED_AWAY.search(_own_lines(errors, remote)))


def explain(errors: str, remote: RemoteUrl, access: Access) -> PackError | None:
    """The error for git's standard error, or None when git's words are not known here."""
    # The URL's own words shall not be taken for git's.
    own = _own_lines(errors, remote).replace(str(remote), "URL")
    over_ssh = ssh_faults.known(own.splitlines()) if _is_ssh(remote) else None
    if over_ssh:
        return over_ssh.told(remote, access)
    for failure, pattern in _TABLE:
        if pattern.search(own):
            return _named(failure, own, _detail(own, access, pattern), access).told(remote, access)
    return None


def _named(failure: Failure, own: str, detail: str, access: Access) -> FailedError:
    if failure is Failure.RATE_LIMITED:  # git does not tell until when
        return FailedError(failure, "for a while", retry_after=_A_WHILE)
    if access.proxy and _NO_CONNECTION.search(own):
        return FailedError(Failure.PROXY_UNREACHABLE)
    return FailedError(failure, detail)


def unknown(errors: str, remote: RemoteUrl, access: Access) -> Transient:
    """The error for words of git that are not in the table: they are shown."""
    own = _own_lines(errors, remote)
    detail = _last(own, access) if _is_ssh(remote) else _detail(own, access)
    return Transient(
        Reason.GIT_UNREACHABLE,
        f"Fetching {remote} failed: {detail or 'git ended without a word'}.",
        hint="It is tried again; if this stays, try 'git ls-remote' on the URL.",
    )


def _is_ssh(remote: RemoteUrl) -> bool:
    return remote.scheme is Scheme.SSH


def _own_lines(errors: str, remote: RemoteUrl) -> str:
    lines = errors.replace("\r", "\n").split("\n")
    if _is_ssh(remote):
        return "\n".join(ssh_faults.telling(lines))
    return "\n".join(line for line in lines if not line.startswith("remote:"))


def _last(own: str, access: Access) -> str:
    """What was said last, by whomever: over ssh git itself never says why."""
    words = ssh_faults.spoken(own.rpartition("\n")[2])
    return brief(words, secrets=access.secrets, limit=300)


def _detail(errors: str, access: Access, pattern: re.Pattern[str] | None = None) -> str:
    """The line that says most: the first that `pattern` is about, or the last of all."""
    spoken = [line for line in errors.split("\n") if line.startswith(("fatal: ", "error: "))]
    telling = [line for line in spoken if pattern and pattern.search(line)] or spoken[-1:]
    words = "".join(telling[:1]).partition(": ")[2]
    return brief(words.strip().rstrip("."), secrets=access.secrets, limit=300)
