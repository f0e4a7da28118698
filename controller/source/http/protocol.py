"""Version 2 of Git's protocol, as far as a look needs it (gitprotocol-v2(5)). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from controller import __version__
from controller.source.http.pktline import CutShortError, GarbageError, Line, Mark, packet
from controller.source.references import PEELED, Advertised

AGENT = f"attune-pack-controller/{__version__}"

_MAX_PREFIXES = 1000
"""Above it we ask for all references: servers take only so many (git: 65536)."""

_OID_LENGTHS = {"sha1": 40, "sha256": 64}
_HEX = re.compile(rb"[0-9a-f]+\Z")


class RefusedError(Exception):
    """The server refused in its own words; they may hold what we sent."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a server said that it can do, as far as it changes what we ask."""

    agent: bool = False
    object_format: str = ""


def capabilities(stream: Iterator[Line]) -> Capabilities | None:
    """What the server's first answer says; None when it speaks an older version, or has no
    `ls-refs`. Reads only as far as it must. Raises `GarbageError` and `RefusedError`."""
    first = _text(next(stream, None))
    if first.startswith(b"# service="):
        if next(stream, Mark.FLUSH) is not Mark.FLUSH:
            raise GarbageError
        first = _text(next(stream, None), empty=True)
    if first != b"version 2":
        return None
    found: dict[bytes, bytes] = {}
    for line in stream:
        if line is Mark.FLUSH:
            return _known(found)
        key, _, value = _text(line).partition(b"=")
        found[key] = value
    raise CutShortError


def _known(found: dict[bytes, bytes]) -> Capabilities | None:
    form = found.get(b"object-format", b"").decode("ascii", "replace")
    if b"ls-refs" not in found or form not in ("", *_OID_LENGTHS):
        return None
    return Capabilities(b"agent" in found, form)


def request(server: Capabilities, prefixes: tuple[str, ...]) -> bytes:
    """The body of the one question: references that begin with one of `prefixes`; all for ()."""
    asked = [b"command=ls-refs\n"]
    if server.agent:
        asked.append(f"agent={AGENT}\n".encode())
    if server.object_format:
        asked.append(f"object-format={server.object_format}\n".encode())
    wanted = [b"peel\n", b"symrefs\n"]
    if len(prefixes) <= _MAX_PREFIXES:
        wanted += [f"ref-prefix {prefix}\n".encode() for prefix in prefixes]
    return b"".join([*map(packet, asked), b"0001", *map(packet, wanted), b"0000"])


def references(
    stream: Iterator[Line], server: Capabilities, prefixes: tuple[str, ...]
) -> Advertised:
    """The answer to `request`. Raises `GarbageError` and `RefusedError`."""
    digits = _OID_LENGTHS[server.object_format or "sha1"]
    ids: dict[str, str] = {}
    head = ""
    for line in stream:
        if line is Mark.FLUSH:
            return Advertised(ids, head)
        oid, name, attributes = _reference(_text(line))
        # A server may send more than was asked for.
        if not name.startswith(prefixes or ""):
            continue
        target = attributes.get(b"symref-target", b"")
        if name == "HEAD":
            head = target.decode(errors="backslashreplace")
        if oid != b"unborn":
            ids[name] = _oid(oid, digits)
        if b"peeled" in attributes:
            ids[f"{name}{PEELED}"] = _oid(attributes[b"peeled"], digits)
    raise CutShortError


def _reference(line: bytes) -> tuple[bytes, str, dict[bytes, bytes]]:
    oid, name, *rest = [*line.split(b" "), b""]
    if not name:
        raise GarbageError
    attributes = dict(word.split(b":", 1) for word in rest if b":" in word)
    return oid, name.decode(errors="backslashreplace"), attributes


def _oid(text: bytes, digits: int) -> str:
    if len(text) != digits or not _HEX.match(text):
        raise GarbageError
    return text.decode()


def _text(line: Line | None, *, empty: bool = False) -> bytes:
    """The words of a line, which must have some."""
    if line is Mark.FLUSH and empty:
        return b""
    if line is None:
        raise CutShortError
    if not isinstance(line, bytes):
        raise GarbageError
    if line.startswith(b"ERR "):
        raise RefusedError(line[4:].decode(errors="replace").strip())
    return line.removesuffix(b"\n")
