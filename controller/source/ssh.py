"""The ssh that git speaks through: one fixed command, and what it needs in files and variables.

Nothing is read from the machine's or the user's configuration, no agent is asked, no server is
trusted that the Secret's `known_hosts` does not vouch for. Imports this room's values and programs.
"""

from __future__ import annotations

import shlex
import shutil
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from controller.source.access import SshKey
from controller.source.failures import FailedError
from controller.source.network import Place, Route, route
from controller.source.private import private_file
from controller.source.remote import Remote
from controller.source.ssh_failures import SshFailure

_PORT = 22
_LONGEST_CONNECT = 10.0  # seconds

_ALWAYS = {
    "BatchMode": "yes",
    "CanonicalizeHostname": "no",
    "CheckHostIP": "no",
    "ClearAllForwardings": "yes",
    "ControlMaster": "no",
    "ControlPath": "none",
    "ForwardAgent": "no",
    "GlobalKnownHostsFile": "/dev/null",
    "IdentitiesOnly": "yes",
    "IdentityAgent": "none",
    # Above ERROR, a server's banner would be taken for ssh's own words.
    "LogLevel": "ERROR",
    "PermitLocalCommand": "no",
    "PreferredAuthentications": "publickey",
    "RequestTTY": "no",
    "ServerAliveCountMax": "3",
    "ServerAliveInterval": "15",
    "StrictHostKeyChecking": "yes",
    "UpdateHostKeys": "no",
    "VerifyHostKeyDNS": "no",
}


@contextmanager
def ssh_environment(remote: Remote, deadline: float) -> Iterator[Mapping[str, str]]:
    """The variables that let git reach `remote` over ssh until `deadline` (`time.monotonic`
    seconds).

    Raises `PackError` where there is no ssh, no usable key or no way, and `OverdueError`.
    """
    # With cryptography, whose memory only those shall pay for who have a use for it.
    from controller.source.unlock import unlocked

    try:
        login = _key(remote)
        way = _way(remote, deadline)
    except FailedError as failed:
        raise remote.told(failed) from None
    known = "\n".join(login.known_hosts.splitlines())
    with private_file(unlocked(login)) as identity, private_file(f"{known}\n") as known_hosts:
        files = {"IdentityFile": identity, "UserKnownHostsFile": known_hosts}
        options = {**_ALWAYS, **files, **way}
        words = [word for name, value in options.items() for word in ("-o", f"{name}={value}")]
        yield {
            # git gives the line to a shell, which has no more to do.
            "GIT_SSH_COMMAND": shlex.join(["exec", "ssh", "-F", "/dev/null", *words]),
            "GIT_SSH_VARIANT": "ssh",
            # ssh starts our program with it; the account's own shell may be none at all.
            "SHELL": "/bin/sh",
            "PACKCTL_SSH_PROXY": remote.access.proxy.url if remote.access.proxy else "",
        }


def _key(remote: Remote) -> SshKey:
    if not isinstance(remote.access.login, SshKey):
        raise FailedError(SshFailure.NO_KEY)
    if shutil.which("ssh") is None:
        raise FailedError(SshFailure.NO_SSH)
    return remote.access.login


def _way(remote: Remote, deadline: float) -> Mapping[str, str]:
    proxy = remote.access.proxy
    if proxy and proxy.scheme == "https":
        raise FailedError(SshFailure.TLS_PROXY)
    found = route(remote.url, proxy, remote.network, deadline)
    seconds = max(1.0, min(_LONGEST_CONNECT, deadline - time.monotonic()))
    return {"ConnectTimeout": f"{seconds:.0f}", **connection_options(found, seconds)}


def connection_options(found: Route, seconds: float) -> Mapping[str, str]:
    """The options that lead ssh along `found`: to an address that was checked, and by the name that
    known_hosts has. By itself it does both only for a single address and its usual port."""
    host, addresses = _bare(found.target), found.target.addresses
    if found.first != found.target:
        return _program(found.first, seconds, (addresses or (host,))[0], str(found.target.port))
    if addresses == (host,):
        return {"ProxyCommand": "none"}
    if len(addresses) == 1 and found.target.port == _PORT:
        return {"ProxyCommand": "none", "HostName": addresses[0], "HostKeyAlias": host}
    return _program(found.target, seconds)


def _program(place: Place, seconds: float, *target: str) -> Mapping[str, str]:
    program = [sys.executable, "-I", str(Path(__file__).with_name("connect.py"))]
    words = [*program, f"{seconds:g}", ",".join(place.addresses), str(place.port), *target]
    # ssh replaces what begins with % before a shell reads the line.
    return {"ProxyCommand": shlex.join(words).replace("%", "%%"), "ProxyUseFdpass": "yes"}


def _bare(place: Place) -> str:
    return place.host.strip("[]")
