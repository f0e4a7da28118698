"""What ssh, the server and the way to it say → which failure it is. Pure; first match wins.

The texts are OpenSSH 8.4 to 10's in the C locale, those of `connect.py`, and what the forges' own
ssh servers answer. A server's words reach us on the same pipe as ssh's: they decide over nothing
but which advice the owner of its own Pack gets.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from controller.source.failures import FailedError, Failure
from controller.source.ssh_failures import SshFailure


def _fault(
    failure: Failure | SshFailure, *patterns: str
) -> tuple[Failure | SshFailure, re.Pattern[str]]:
    return failure, re.compile("|".join(patterns))


_TABLE = (
    _fault(
        SshFailure.HOST_KEY_CHANGED,
        "REMOTE HOST IDENTIFICATION HAS CHANGED|Host key for .* has changed",
    ),
    _fault(SshFailure.HOST_KEY_REVOKED, "REVOKED HOST KEY"),
    _fault(SshFailure.HOST_KEY_UNKNOWN, r"No \S+ host key is known for"),
    _fault(SshFailure.HOST_KEY_REFUSED, "Host key verification failed"),
    _fault(
        SshFailure.KEY_REFUSED,
        r"Permission denied \([a-z,-]+\)|Too many authentication failures",
    ),
    _fault(Failure.PROXY_LOGIN, "connect: proxy refused: login"),
    _fault(Failure.PROXY_SILENT, "connect: proxy .*timed out"),
    _fault(Failure.PROXY_UNREACHABLE, "connect: proxy cannot be reached"),
    _fault(Failure.PROXY_REFUSED, "connect: proxy refused: "),
    _fault(
        SshFailure.NOT_FOUND,
        "(?i:repository (?:'.*' |with .*)?(?:not found|does not exist|access denied))",
        "(?i:cannot find repository)|could not be found or you don't have permission",
        "does not appear to be a git repository|not exported",
    ),
    _fault(
        SshFailure.NOT_GIT,
        "command not found|git-upload-pack.*not found|unrecognized command",
        "account is (?:currently )?not available|protocol error: bad line length",
    ),
    _fault(SshFailure.NOTHING_IN_COMMON, "Unable to negotiate with .*: no matching"),
    _fault(SshFailure.NO_NAME, "No user exists for uid"),
    _fault(Failure.TIMED_OUT, "timed out|Timeout, server"),
    _fault(
        Failure.UNREACHABLE,
        "connect: server|connect to host|Could not resolve hostname|kex_exchange_identification",
        "ssh_dispatch_run_fatal|Connection (?:closed|reset)|Connection to .* closed",
    ),
    _fault(SshFailure.HUNG_UP, r"\A\Z"),
)

_BOILERPLATE = re.compile(
    r"fatal: Could not read from remote repository\.|Please make sure you have the correct access"
    r"|and the repository exists\.|mm_receive_fd|proxy dialer did not|=+$"
)
_FINGERPRINT = re.compile(r"The fingerprint for the (\S+) key .*\s+(SHA256:[A-Za-z0-9+/]+)")
_SPEAKER = re.compile(r"\A(?:fatal|error|ERROR|connect: proxy refused): ")


def telling(lines: Iterable[str]) -> list[str]:
    """Those that are neither empty nor what git always says last. GitLab's begin with `remote:`."""
    bare = (line.removeprefix("remote:").strip() for line in lines)
    return [line for line in bare if line and not _BOILERPLATE.match(line)]


def known(lines: list[str]) -> FailedError | None:
    """The failure that these lines tell of, if it is one of ssh."""
    text = "\n".join(lines)
    for failure, pattern in _TABLE:
        if pattern.search(text):
            return FailedError(failure, _detail(failure, lines, pattern))
    return None


def spoken(line: str) -> str:
    """What was said, without who said it."""
    return _SPEAKER.sub("", line).rstrip(".")


def _detail(failure: Failure | SshFailure, lines: list[str], pattern: re.Pattern[str]) -> str:
    if failure is SshFailure.HOST_KEY_CHANGED:
        shown = _FINGERPRINT.search("\n".join(lines))
        return f" ({shown[1]} {shown[2]})" if shown else ""
    return next((spoken(line) for line in lines if pattern.search(line)), "")
