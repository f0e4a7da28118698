"""One name for a repository, however its URL is written. Pure; imports nothing of ours."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote

_SCHEME = re.compile(r"\A(?:git\+)?([a-z][a-z0-9.-]*)://", re.IGNORECASE)
_SCP = re.compile(r"\A(?:[^/@:\s]+@)?(\[[0-9a-fA-F:.]+\]|[^/:@\s]+):(.*)\Z", re.DOTALL)
_LONGEST = 2048
_OTHER_NAMES = {
    "ssh.github.com": "github.com",
    "www.github.com": "github.com",
    "altssh.gitlab.com": "gitlab.com",
    "altssh.bitbucket.org": "bitbucket.org",
    "ssh.dev.azure.com": "dev.azure.com",
    "vs-ssh.visualstudio.com": "dev.azure.com",
}
_VISUAL_STUDIO = ".visualstudio.com"


@lru_cache(maxsize=16384)
def place(url: str) -> str:
    """`host/path` of a repository: the same for https, ssh and scp-like URLs, whatever the case,
    the port, the login and a `.git` at the end. Empty for what is no URL.

    Two repositories may share it (on two ports of one host, or where a server tells cases apart):
    what a delivery names is looked at once more, and nothing else comes of it.
    """
    host, path = _split(url.strip()[:_LONGEST])
    if not path or (not host and not url.startswith("file://")):
        return ""
    host, path = _azure(_OTHER_NAMES.get(host, host), path)
    return f"{host}/{path}"


def _split(url: str) -> tuple[str, str]:
    scheme = _SCHEME.match(url)
    if scheme is None:
        found = _SCP.match(url)
        return (_host(found[1]), _path(found[2])) if found else ("", "")
    authority, _, path = url[scheme.end() :].partition("/")
    return _host(_without_port(authority.rpartition("@")[2])), _path(path)


def _without_port(host: str) -> str:
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdigit() and not name.endswith(":") else host


def _host(host: str) -> str:
    return host.casefold().rstrip(".")


def _path(path: str) -> str:
    bare = unquote(path.partition("?")[0].partition("#")[0]).casefold()
    parts = [part for part in bare.split("/") if part]
    # Bitbucket Data Center has it in URLs of https and not in those of ssh.
    parts = parts[1:] if parts[:1] == ["scm"] and len(parts) > 2 else parts
    return "/".join(parts).removesuffix(".git")


def _azure(host: str, path: str) -> tuple[str, str]:
    """`dev.azure.com`, organization/project/repository, from each of the forms in use."""
    parts = path.split("/")
    if host.endswith(_VISUAL_STUDIO):
        rest = parts[1:] if parts[0] == "defaultcollection" else parts
        host, parts = "dev.azure.com", [host.removesuffix(_VISUAL_STUDIO), *rest]
    if host != "dev.azure.com":
        return host, path
    parts = parts[1:] if parts[0] == "v3" else parts
    if "_git" not in parts:
        return host, "/".join(parts)
    at = parts.index("_git")
    # A project's repository of the same name is written without the project.
    project = parts[1:at] or parts[at + 1 : at + 2]
    return host, "/".join([*parts[:1], *project, *parts[at + 1 :]])
