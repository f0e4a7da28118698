"""What a server says over ssh: one run of git, with an ssh that tells what it does.

Imports `source`'s way of running git. Raises `PackError`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from controller.doctor.case import told
from controller.doctor.finding import Fact, Noted
from controller.errors import PackError
from controller.redact import brief
from controller.source.commands import run_git
from controller.source.opening import opened
from controller.source.remote import Remote

# OpenSSH 8.4 to 10 with -v, in the C locale.
_SOFTWARE = re.compile(r"(?m)^debug1: Remote protocol version \S+, remote software version (.*)")
_HOST_KEY = re.compile(r"(?m)^debug1: Server host key: (\S+) (SHA256:\S+)")
_KNOWN = re.compile(r"(?m)^debug1: Host .* is known and matches")
_OFFERED = re.compile(r"(?m)^debug1: Offering public key: .* (\S+) (SHA256:\S+)")
_LOGGED_IN = re.compile(r"(?m)^Authenticated to ")
_LOUD = re.compile(r"debug\d: |OpenSSH_|Authenticated to |Transferred: |Bytes per second: ")
_MAX_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of it; `error` is what it ended with, None when all went well."""

    software: str
    host_key: str
    own_key: str
    is_known: bool
    is_in: bool
    error: PackError | None

    def noted(self) -> Noted:
        """The server, as a finding; raises when it did not answer, or is not the right one."""
        if not self.is_known and self.error:
            raise self.error
        facts: dict[str, Fact] = {"server": self.software, "hostKey": self.host_key or None}
        return Noted(f"{self.software}, host key {self.host_key} as in known_hosts", facts)

    def logged_in(self, user: str) -> Noted:
        """The login, as a finding; raises when we were not let in."""
        if not self.is_in and self.error:
            raise self.error
        return Noted(f"as {user} with the key {self.own_key}", {"user": user, "key": self.own_key})


def listen(remote: Remote, deadline: float) -> Heard:
    """Ask the server for its HEAD, and hear what ssh says meanwhile."""
    with told(remote), opened(remote, deadline) as environment:
        quiet = environment["GIT_SSH_COMMAND"]
        loud = {**environment, "GIT_SSH_COMMAND": quiet.replace("ssh ", "ssh -v ", 1)}
        arguments = ["ls-remote", "--quiet", "--end-of-options", str(remote.url), "HEAD"]
        done = run_git(arguments, loud, deadline=deadline)
    lines = done.errors.splitlines()
    own = "\n".join(line for line in lines if not _LOUD.match(line))
    error = (remote.explain(own) or remote.unknown(own)) if done.code else None
    return Heard(
        _first(_SOFTWARE, done.errors),
        _first(_HOST_KEY, done.errors),
        _first(_OFFERED, done.errors),
        bool(_KNOWN.search(done.errors)),
        bool(_LOGGED_IN.search(done.errors)),
        error,
    )


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return brief(" ".join(found.groups()).strip(), limit=_MAX_SHOWN) if found else ""
