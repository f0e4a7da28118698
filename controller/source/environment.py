"""The settings every git process runs under, as environment variables. Pure.

Nothing is left to a configuration file, ours or the machine's, and nothing secret is put on a
command line: settings travel as GIT_CONFIG_KEY_<n> and GIT_CONFIG_VALUE_<n> (git-config(1)).
May import the other pure modules of this room.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from controller.source.access import Access, HttpLogin
from controller.source.urls import RemoteUrl

Setting = tuple[str, str]

STREAMED = 1024 * 1024
"""Blobs of more bytes are streamed, so that a zip bomb of zeros does not fill the memory."""

_ALWAYS: tuple[Setting, ...] = (
    ("core.hooksPath", "/dev/null"),
    ("core.fsmonitor", "false"),
    ("core.bigFileThreshold", str(STREAMED)),
    ("core.deltaBaseCacheLimit", "16m"),
    ("credential.helper", ""),
    ("fetch.fsckObjects", "true"),
    ("gc.auto", "0"),
    ("maintenance.auto", "false"),
    ("http.followRedirects", "false"),
    # The proxy of the Pack, or none: not the one in the environment of the controller.
    ("http.proxy", ""),
    ("http.proxyAuthMethod", "basic"),
    ("http.sslVerify", "true"),
    # A server that packs a large repository keeps the line alive with about 1 byte/s.
    ("http.lowSpeedLimit", "1"),
    ("http.lowSpeedTime", "20"),
    # Each thread's stack counts as memory: a node with many cores would get past the limit.
    ("pack.threads", "2"),
    ("protocol.version", "2"),
    ("safe.bareRepository", "explicit"),
    # A volume may belong to another user than the process; the mirrors in it are our own.
    ("safe.directory", "*"),
    ("transfer.fsckObjects", "true"),
)

_VARIABLES = {
    "GIT_ASKPASS": "/bin/false",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_DEFAULT_REF_FORMAT": "files",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    # Not empty: curl would look the user's home up, and read the .netrc in it.
    "HOME": "/dev/null",
    "XDG_CONFIG_HOME": "/dev/null",
    "LC_ALL": "C",
    "NO_PROXY": "",
    "no_proxy": "",
    "SSH_ASKPASS": "/bin/false",
}


def local_environment() -> Mapping[str, str]:
    """For a process that only touches a mirror: no protocol is allowed at all."""
    return {**_VARIABLES, "GIT_ALLOW_PROTOCOL": "", **_numbered(_ALWAYS)}


def remote_environment(
    remote: RemoteUrl, access: Access, *, max_file_size: int, more: Iterable[Setting] = ()
) -> Mapping[str, str]:
    """For a process that speaks to `remote`, which it knows as the remote `origin`, under `more`
    settings.

    The remote is declared a promisor here, and nowhere else: git then accepts that it leaves out
    every file above `max_file_size` bytes, and a process that only reads cannot fetch it later.
    """
    settings = (
        *_ALWAYS,
        ("remote.origin.url", str(remote)),
        ("remote.origin.promisor", "true"),
        ("remote.origin.partialCloneFilter", f"blob:limit={max_file_size + 1}"),
        *_authorization(remote, access),
        *more,
    )
    return {**_VARIABLES, "GIT_ALLOW_PROTOCOL": remote.scheme.value, **_numbered(settings)}


def _authorization(remote: RemoteUrl, access: Access) -> tuple[Setting, ...]:
    if not isinstance(access.login, HttpLogin):
        return ()
    return ((f"http.{remote.origin}/.extraHeader", access.login.header),)


def _numbered(settings: Iterable[Setting]) -> dict[str, str]:
    variables = {}
    count = 0
    for count, (key, value) in enumerate(settings, start=1):
        variables[f"GIT_CONFIG_KEY_{count - 1}"] = key
        variables[f"GIT_CONFIG_VALUE_{count - 1}"] = value
    return {**variables, "GIT_CONFIG_COUNT": str(count)}
