"""Texts made at random: never an exception, always a verdict."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.load.dumping import dump
from tests.load.test_yaml import read
from tests.validate.packs import check_one


@settings(deadline=None)  # a shared machine may stall
@given(st.binary(max_size=2000))
def test_any_bytes_end_in_a_verdict(data: bytes) -> None:
    checked = check_one(data)
    assert bool(checked.workflows) != bool(checked.error_count)


_YAMLISH = st.text(st.sampled_from("ab1:-?&*!|>'\"%@`{}[],#~ \n\t\\.<"), max_size=200)


@settings(deadline=None)  # a shared machine may stall
@given(_YAMLISH)
def test_any_punctuation_ends_in_a_verdict(text: str) -> None:
    checked = check_one(text)
    assert bool(checked.workflows) != bool(checked.error_count)


_VALID = [
    path.read_bytes()
    for path in sorted((Path(__file__).parents[1] / "conformance" / "cases").iterdir())
]
_SIGNS = (b"{{", b"}}", b"(", b"|", b"'", b'"', b"\\", b"&a ", b"*a ", b"? ", b": ", b"- ", b"\n")
_BITS = st.sampled_from(_SIGNS) | st.binary(max_size=3)


@st.composite
def _edited(draw: st.DrawFn) -> bytes:
    """A file of the corpus in which a few bytes are gone, repeated, or others."""
    data = draw(st.sampled_from(_VALID))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        end = start + draw(st.integers(0, 8))
        data = data[:start] + draw(_BITS) + data[draw(st.sampled_from((start, end))) :]
    return data


@settings(deadline=None)  # a shared machine may stall
@given(_edited())
def test_any_edit_of_a_file_ends_in_a_verdict(data: bytes) -> None:
    checked = check_one(data)
    assert bool(checked.workflows) != bool(checked.error_count)


_TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
_NUMBER = st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False, allow_infinity=False)
_VALUE = st.recursive(
    st.none() | st.booleans() | _NUMBER | _TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXT, inner, max_size=4),
    max_leaves=20,
)


@settings(deadline=None)  # a shared machine may stall
@given(_VALUE, st.booleans())
def test_data_written_as_yaml_is_read_back(data: object, flow: bool) -> None:
    document, found = read(dump(data, flow=flow))
    assert found == ()
    assert document is not None
    assert document.root.value == data
