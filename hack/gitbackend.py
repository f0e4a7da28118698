"""One request to `git http-backend`, the server half of smart HTTP that Git itself brings.

The rules are those of CGI (RFC 3875) and of git-http-backend(1). Imports the standard library.
"""

from __future__ import annotations

import os
import subprocess
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from http import HTTPStatus
from pathlib import Path
from typing import Final

_GZIP: Final = 16 + zlib.MAX_WBITS
_COMMAND_BYTES: Final = 64


class Service(Enum):
    """What a request is for, as a person would count it."""

    ADVERTISE = "advertise"  # GET …/info/refs: which service at which protocol version
    LIST_REFS = "list refs"  # the one request that an unchanged repository costs in version 2
    FETCH = "fetch"
    PUSH = "push"


_ENDPOINTS: Final = {
    "/info/refs": Service.ADVERTISE,
    "/git-upload-pack": Service.FETCH,
    "/git-receive-pack": Service.PUSH,
}


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it came over the wire; header names are in lower case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to send: a status, headers and the whole body."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""


def identify(request: Request) -> tuple[str, Service] | None:
    """The repository and the service that a request is for; None if it is not Git's smart HTTP."""
    for suffix, service in _ENDPOINTS.items():
        if request.path.endswith(suffix):
            repository = request.path.removesuffix(suffix).strip("/")
            listing = service is Service.FETCH and _command(request) == b"ls-refs"
            return repository, Service.LIST_REFS if listing else service
    return None


def ask(root: Path, request: Request) -> Answer:
    """Let Git answer from the repositories under `root`."""
    done = subprocess.run(
        ["git", "http-backend"],
        input=request.body,
        capture_output=True,
        check=False,
        env=_environment(root, request),
    )
    head, _, body = done.stdout.partition(b"\r\n\r\n")
    lines = (line.partition(": ") for line in head.decode().splitlines())
    headers = {name: value for name, _, value in lines}
    if not headers:
        return Answer(HTTPStatus.INTERNAL_SERVER_ERROR, {}, done.stderr)
    status = int(headers.pop("Status", "200").split()[0])
    return Answer(status, headers, body)


def _environment(root: Path, request: Request) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "GIT_PROJECT_ROOT": str(root),
        "GIT_HTTP_EXPORT_ALL": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "http.receivepack",  # pushing needs no login here
        "GIT_CONFIG_VALUE_0": "true",
        "REQUEST_METHOD": request.method,
        "PATH_INFO": request.path,
        "QUERY_STRING": request.query,
        "CONTENT_TYPE": request.headers.get("content-type", ""),
        "CONTENT_LENGTH": str(len(request.body)),
        "HTTP_CONTENT_ENCODING": request.headers.get("content-encoding", ""),
        "GIT_PROTOCOL": request.headers.get("git-protocol", ""),
        "REMOTE_ADDR": "127.0.0.1",
    }


def _command(request: Request) -> bytes:
    """The command of a protocol version 2 request (gitprotocol-v2(5)), empty in older versions."""
    head = request.body
    if request.headers.get("content-encoding") in {"gzip", "x-gzip"}:
        head = zlib.decompressobj(_GZIP).decompress(head, _COMMAND_BYTES)
    _, found, command = head[:_COMMAND_BYTES].partition(b"command=")
    return command.split(b"\n")[0].split(b"0")[0] if found else b""
