"""Git's framing: whatever pieces a stream comes in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.source.http.pktline import (
    MAX_LINE,
    CutShortError,
    GarbageError,
    Line,
    Mark,
    lines,
    packet,
)

LINES = st.lists(st.one_of(st.binary(max_size=40), st.sampled_from(Mark)), max_size=12)


def written(wanted: list[Line]) -> bytes:
    return b"".join(
        packet(line) if isinstance(line, bytes) else b"%04x" % line.value for line in wanted
    )


def pieces(stream: bytes, cuts: list[int]) -> list[bytes]:
    places = sorted({cut % (len(stream) + 1) for cut in cuts})
    return [
        stream[start:end] for start, end in zip([0, *places], [*places, len(stream)], strict=True)
    ]


@given(LINES, st.lists(st.integers(0, 10_000)))
def test_lines_are_what_was_written_however_it_is_cut(wanted: list[Line], cuts: list[int]) -> None:
    assert list(lines(pieces(written(wanted), cuts))) == wanted


@given(LINES, st.integers(1, 4))
def test_a_stream_that_ends_within_a_line_is_told(wanted: list[Line], missing: int) -> None:
    stream = written([*wanted, b"last"])[:-missing]
    with pytest.raises(CutShortError):
        list(lines([stream]))


@given(st.lists(st.binary(max_size=70), max_size=5))
def test_garbage_gives_lines_or_an_error_and_nothing_else(stream: list[bytes]) -> None:
    try:
        found = list(lines(stream))
    except GarbageError:
        return
    assert written(found).lower() == b"".join(stream).lower() or b"0004" in b"".join(stream)


@pytest.mark.parametrize(
    "stream",
    [b"0003", b"fff1", b"ffff", b"<htm", b"+123", b" 12 ", b"00_4", b"-001", b"\xff\xff12"],
)
def test_lengths_that_are_none(stream: bytes) -> None:
    with pytest.raises(GarbageError):
        list(lines([stream + b"x" * 20]))


def test_the_longest_line() -> None:
    text = b"x" * (MAX_LINE - 4)
    assert list(lines([packet(text)])) == [text]
