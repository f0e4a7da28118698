"""What git says when it fails, as the error a user can act on. Pure; a table, first match wins.

The texts are git 2.39 to 2.51's and libcurl's own, in the C locale. Lines that begin with
`remote:` are the server's and decide nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from controller.errors import PackError, Reason, Stalled, Transient
from controller.redact import brief
from controller.source.access import Access
from controller.source.urls import RemoteUrl

_NO_LOGIN = (
    "If it is private, create a Secret with username and password, or with bearerToken, in the "
    "Pack's namespace and name it in spec.git.secretRef; otherwise check the URL."
)
_WRONG_LOGIN = (
    "Check that the Secret named in spec.git.secretRef holds a valid login that may read it."
)


@dataclass(frozen=True, slots=True)
class _Fault:
    pattern: re.Pattern[str]
    error: type[PackError]
    reason: Reason
    message: str
    hint: str


def _fault(pattern: str, error: type[PackError], reason: Reason, message: str, hint: str) -> _Fault:
    return _Fault(re.compile(pattern), error, reason, message, hint)


_TABLE = (
    _fault(
        r"No space left on device|Disk quota exceeded|Read-only file system"
        r"|(?:unable to|cannot|could not) (?:create|write|mkdir|open) .*Permission denied",
        Transient,
        Reason.CACHE_UNAVAILABLE,
        "The controller's cache cannot be written while fetching {url}.",
        "Give the cache volume more room and check that it is writable.",
    ),
    _fault(
        r"File too large|exceeds maximum allowed size",
        Stalled,
        Reason.LIMIT_EXCEEDED,
        "{url} is too large to be fetched.",
        "Keep packs in a repository without large files, or split it.",
    ),
    _fault(
        r"returned error: 30\d|unable to update url base from redirection",
        Stalled,
        Reason.REPOSITORY_NOT_FOUND,
        "{url} redirects to another address, which is not followed: it could carry the "
        "credentials to another host.",
        "Set spec.git.url to the final address, with the final host and path.",
    ),
    _fault(
        r"could not read Username|could not read Password|Authentication failed"
        r"|returned error: 40[137]",
        Stalled,
        Reason.AUTHENTICATION_FAILED,
        "{url} does not let us in.",
        "{login}",
    ),
    _fault(
        r"returned error: 4(?:04|10)|repository '.*' not found"
        r"|does not appear to be a git repository",
        Stalled,
        Reason.REPOSITORY_NOT_FOUND,
        "There is no repository at {url}, or it is hidden from this login.",
        "Check spec.git.url, and for a private repository spec.git.secretRef.",
    ),
    _fault(
        r"not valid: is this a git repository|invalid server response|bad line length"
        r"|dumb http transport",
        Stalled,
        Reason.REPOSITORY_NOT_FOUND,
        "The server answers at {url}, but not as a Git repository.",
        "Use the URL that 'git clone' would take, not that of a web page.",
    ),
    _fault(
        r"fsck error|error in object|object of unexpected type|badTree|hasDot",
        Stalled,
        Reason.PACK_INVALID,
        "{url} holds an object that git refuses as malformed or dangerous ({detail}).",
        "Run 'git fsck --strict' in a clone and rewrite the commit that holds it.",
    ),
    _fault(
        r"SSL|certificate|TLS",
        Transient,
        Reason.GIT_UNREACHABLE,
        "No secure connection to {url} could be made.",
        "Check the server's certificate; the operator's image must trust its authority.",
    ),
    _fault(
        r"Operation too slow|Timeout was reached|timed out",
        Transient,
        Reason.GIT_TIMEOUT,
        "{url} did not answer in time.",
        "Check the server, or raise spec.timeout.",
    ),
    _fault(
        r"Could not resolve|Couldn't connect|Failed to connect|Connection (?:refused|reset)"
        r"|Empty reply|early EOF|RPC failed|hung up unexpectedly|returned error: (?:4\d\d|5\d\d)"
        r"|transfer closed|Recv failure|Send failure|unexpected disconnect|No route to host"
        r"|Network is unreachable|expected flush|invalid index-pack output|expected packfile",
        Transient,
        Reason.GIT_UNREACHABLE,
        "{url} cannot be reached.",
        "Check the URL's host and port, and whether the cluster may connect to it.",
    ),
    _fault(
        r"remote error: ",
        Transient,
        Reason.GIT_UNREACHABLE,
        "The server of {url} refused: {detail}.",
        "Ask those who run the server.",
    ),
)

_REFUSAL = re.compile(
    r"not our ref|unadvertised object|couldn't find remote ref|no such remote ref"
    r"|not a valid object"
)


def is_refusal(errors: str) -> bool:
    """Whether the server would not give the object that was asked for by its id."""
    return bool(_REFUSAL.search(errors))


def explain(errors: str, remote: RemoteUrl, access: Access) -> PackError | None:
    """The error for git's standard error, or None when git's words are not known here."""
    # The URL's own words shall not be taken for git's.
    own = _own_lines(errors).replace(str(remote), "URL")
    fault = next((row for row in _TABLE if row.pattern.search(own)), None)
    if fault is None:
        return None
    words = {
        "url": str(remote),
        "login": _NO_LOGIN if access.login is None else _WRONG_LOGIN,
        "detail": _detail(own, access, fault.pattern),
    }
    return fault.error(fault.reason, fault.message.format(**words), hint=fault.hint.format(**words))


def unknown(errors: str, remote: RemoteUrl, access: Access) -> Transient:
    """The error for words of git that are not in the table: they are shown."""
    detail = _detail(_own_lines(errors), access) or "git ended without a word"
    return Transient(
        Reason.GIT_UNREACHABLE,
        f"Fetching {remote} failed: {detail}.",
        hint="It is tried again; if this stays, try 'git ls-remote' on the URL.",
    )


def _own_lines(errors: str) -> str:
    lines = errors.replace("\r", "\n").split("\n")
    return "\n".join(line for line in lines if not line.startswith("remote:"))


def _detail(errors: str, access: Access, pattern: re.Pattern[str] | None = None) -> str:
    """The line that says most: the first that `pattern` is about, or the last of all."""
    spoken = [line for line in errors.split("\n") if line.startswith(("fatal: ", "error: "))]
    telling = [line for line in spoken if pattern and pattern.search(line)] or spoken[-1:]
    words = "".join(telling[:1]).partition(": ")[2]
    return brief(words.strip().rstrip("."), secrets=access.secrets, limit=300)
