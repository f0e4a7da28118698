"""Signatures out of raw commit and tag objects. Pure.

The forms are git's own (gitformat-signature(5)). A commit carries its signature in a header, which
is not part of what is signed; a tag carries it at its end. Git takes several signatures together
and reads on after odd lines; here an object that could be read in two ways is refused.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum


class Form(Enum):
    """What a signature says that it is, by its first line."""

    OPENPGP = b"-----BEGIN PGP SIGNATURE-----"
    SSH = b"-----BEGIN SSH SIGNATURE-----"
    X509 = b"-----BEGIN SIGNED MESSAGE-----"


class MalformedError(Exception):
    """The object, or the signature in it, cannot be told for certain; says what is odd."""


@dataclass(frozen=True, slots=True)
class Signature:
    """An armored signature."""

    form: Form
    armored: bytes


@dataclass(frozen=True, slots=True)
class Signed:
    """An object without its signature (None: it has none), and the time that its maker gave it."""

    payload: bytes
    signature: Signature | None
    time: datetime


@dataclass(frozen=True, slots=True)
class Tag:
    """An annotated tag: its own name, and the id and type of the object that it is on."""

    name: str
    target: str
    kind: str
    signed: Signed


_SIGNATURES = {40: b"gpgsig", 64: b"gpgsig-sha256"}
_FIELD = re.compile(rb"\n(?! )")
_TIME = re.compile(rb"> (\d{1,12}) [+-]\d{4}\Z")
_BEGIN = re.compile(
    rb"^-----BEGIN (?:PGP SIGNATURE|PGP MESSAGE|SSH SIGNATURE|SIGNED MESSAGE)-----$", re.MULTILINE
)


def signed_commit(content: bytes, *, digits: int) -> Signed:
    """A raw commit object, in a repository whose object ids have `digits` digits.

    Each hash algorithm has a signature header of its own; the other's covers another object, so
    it counts for nothing here. Raises `MalformedError`.
    """
    fields, rest = _split(content)
    if not fields[0].startswith(b"tree "):
        raise MalformedError("it does not begin as a commit does")
    own = _values(fields, _SIGNATURES[digits])
    if len(own) > 1:
        raise MalformedError("it has several signatures")
    signature = _signature(own[0].replace(b"\n ", b"\n") + b"\n") if own else None
    return Signed(_unsigned(fields, rest), signature, _time(fields, b"committer"))


def signed_tag(content: bytes) -> Tag:
    """A raw tag object; its signature begins at the last line that begins one, as with git.

    Raises `MalformedError`.
    """
    begins = [found.start() for found in _BEGIN.finditer(content)]
    body = content[: begins[-1]] if begins else content
    fields, rest = _split(body)
    names = [_only(fields, name) for name in (b"object", b"type", b"tag")]
    if [field.partition(b" ")[0] for field in fields[:3]] != [b"object", b"type", b"tag"]:
        raise MalformedError("it does not begin as a tag does")
    signature = _signature(content[begins[-1] :]) if begins else None
    signed = Signed(_unsigned(fields, rest), signature, _time(fields, b"tagger"))
    target, kind, name = (value.decode(errors="backslashreplace") for value in names)
    return Tag(name, target, kind, signed)


def _split(content: bytes) -> tuple[list[bytes], bytes]:
    """The header fields, each with the lines that go on with it, and all that follows them."""
    head, gap, message = content.partition(b"\n\n")
    return _FIELD.split(head), gap + message


def _values(fields: Sequence[bytes], name: bytes) -> list[bytes]:
    return [field[len(name) + 1 :] for field in fields if field.startswith(name + b" ")]


def _only(fields: Sequence[bytes], name: bytes) -> bytes:
    found = _values(fields, name)
    if len(found) != 1:
        raise MalformedError(f"it must have one field '{name.decode()}' and has {len(found)}")
    return found[0]


def _unsigned(fields: Sequence[bytes], rest: bytes) -> bytes:
    names = set(_SIGNATURES.values())
    return b"\n".join(one for one in fields if one.partition(b" ")[0] not in names) + rest


def _time(fields: Sequence[bytes], name: bytes) -> datetime:
    found = _TIME.search(_only(fields, name))
    if found is None:
        raise MalformedError(f"its field '{name.decode()}' has no time")
    try:
        return datetime.fromtimestamp(int(found[1]), UTC)
    except (OverflowError, ValueError, OSError):
        raise MalformedError(f"its field '{name.decode()}' has an impossible time") from None


def _signature(armored: bytes) -> Signature:
    first = armored.partition(b"\n")[0]
    for form in Form:
        if first == form.value:
            return Signature(form, armored)
    raise MalformedError("its signature is of no kind that git makes")
