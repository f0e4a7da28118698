"""Git's framing: lines with their length in front (gitprotocol-common(5), "pkt-line"). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum

MAX_LINE = 65520
"""Bytes of a line with its four digits of length."""

_DIGITS = frozenset(b"0123456789abcdefABCDEF")


class Mark(Enum):
    """A line that is nothing but a mark; its value is its length field."""

    FLUSH = 0
    DELIMITER = 1
    END = 2


Line = bytes | Mark
_MARKS = {mark.value: mark for mark in Mark}


class GarbageError(Exception):
    """What came is not in Git's framing, or not in its order."""


class CutShortError(GarbageError):
    """What came was good, and ended too early."""


def packet(text: bytes) -> bytes:
    """`text` as a line."""
    return b"%04x%b" % (len(text) + 4, text)


def lines(pieces: Iterable[bytes]) -> Iterator[Line]:
    """The lines in a stream that comes in `pieces`, each as soon as it is complete.

    Keeps no more than one line and one piece. Raises `GarbageError`, and `CutShortError` for a
    stream that ends within a line.
    """
    kept = bytearray()
    for piece in pieces:
        kept += piece
        start = 0
        while (size := _size(kept, start)) is not None and start + size <= len(kept):
            mark = size == 4 and _MARKS.get(_length(kept, start))
            yield mark or bytes(kept[start + 4 : start + size])
            start += size
        del kept[:start]
    if kept:
        raise CutShortError


def _size(kept: bytearray, start: int) -> int | None:
    """The bytes that the line at `start` takes; None when its length is not there yet."""
    if len(kept) < start + 4:
        return None
    return max(4, _length(kept, start))


def _length(kept: bytearray, start: int) -> int:
    digits = kept[start : start + 4]
    if not _DIGITS.issuperset(digits):
        raise GarbageError
    length = int(digits, 16)
    if length == 3 or length > MAX_LINE:
        raise GarbageError
    return length
