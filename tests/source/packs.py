"""Pack files as a hostile server would make them (gitformat-pack(5))."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from controller.source.objects import object_id

COMMIT, TREE, BLOB, TAG, OFS_DELTA, REF_DELTA = 1, 2, 3, 4, 6, 7
KINDS = {"commit": COMMIT, "tree": TREE, "blob": BLOB, "tag": TAG}
_NAMES = {number: name for name, number in KINDS.items()}


@dataclass(frozen=True, slots=True)
class Packed:
    """An object as a pack holds it; `size` may lie, `base` is a delta's."""

    kind: int
    content: bytes
    size: int | None = None
    base: bytes = b""

    @property
    def data(self) -> bytes:
        size = len(self.content) if self.size is None else self.size
        return _head(self.kind, size) + self.base + zlib.compress(self.content, 9)

    @property
    def oid(self) -> str:
        return oid(_NAMES[self.kind], self.content)


def oid(kind: str, content: bytes) -> str:
    return object_id(kind, content)


def commit(tree: str, message: str = "x") -> Packed:
    person = "A <a@example.com> 1700000000 +0000"
    text = f"tree {tree}\nauthor {person}\ncommitter {person}\n\n{message}\n"
    return Packed(COMMIT, text.encode())


def tree(*items: tuple[str, bytes, str]) -> Packed:
    parts = (mode.encode() + b" " + name + b"\0" + bytes.fromhex(oid) for mode, name, oid in items)
    return Packed(TREE, b"".join(parts))


def index(pack: bytes, offsets: Mapping[str, int]) -> bytes:
    """An index (version 2) that says where in a pack each object is, true or not."""
    oids = sorted(offsets)
    fanout = (sum(int(oid[:2], 16) <= first for oid in oids) for first in range(256))
    body = b"".join(
        [
            b"\377tOc" + (2).to_bytes(4),
            *(count.to_bytes(4) for count in fanout),
            *map(bytes.fromhex, oids),
            *(bytes(4) for _ in oids),
            *(offsets[oid].to_bytes(4) for oid in oids),
            pack[-20:],
        ]
    )
    return body + hashlib.sha1(body, usedforsecurity=False).digest()


def pack(objects: Iterable[Packed], *, count: int | None = None) -> bytes:
    """A pack whose header tells of `count` objects, of as many as there are unless it is given."""
    data = [one.data for one in objects]
    head = b"PACK" + (2).to_bytes(4) + (len(data) if count is None else count).to_bytes(4)
    body = head + b"".join(data)
    return body + hashlib.sha1(body, usedforsecurity=False).digest()


def delta(base: int, result: int, *instructions: bytes) -> bytes:
    """A delta from `base` bytes to `result` bytes."""
    return _number(base) + _number(result) + b"".join(instructions)


def copy(size: int) -> bytes:
    """The instruction to copy the first `size` bytes of the base, at most 0xffffff."""
    return bytes([0b1111_0000]) + size.to_bytes(3, "little")


def _number(value: int) -> bytes:
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def _head(kind: int, size: int) -> bytes:
    first, size = kind << 4 | size & 0x0F, size >> 4
    return bytes([first | 0x80]) + _number(size) if size else bytes([first])
