"""The place of a character of a text is where the file spells it, whatever the style."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from controller.load.tree import parse
from controller.pack.diagnostic import Span
from controller.pack.node import Document, Mapping, Scalar
from controller.pack.report import Report

_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")


def _read(source: str) -> tuple[Document, Scalar]:
    document = parse(source, Report("w.yaml"))
    assert document is not None
    assert type(document.root) is Mapping
    scalar = document.root.fields["a"]
    assert type(scalar) is Scalar
    return document, scalar


def _offset(source: str, line: int, column: int) -> int:
    starts = [0, *(found.end() for found in _BREAK.finditer(source))]
    return starts[line - 1] + column - 1


def _spelled(source: str, start: int, end: int) -> str:
    document, scalar = _read(source)
    span = document.within(scalar, start, end)
    return source[
        _offset(source, span.line, span.column) : _offset(source, span.end_line, span.end_column)
    ]


PLACES = {
    "plain": ("a: one {{ x }}\n", "x", "x"),
    "plain in a flow mapping": ("{b: 1, a: one x y}\n", "x", "x"),
    "plain over lines": ("a: one\n   two\n   x\n", "x", "x"),
    "plain with a blank line": ("a: one\n\n   x\n", "x", "x"),
    "plain with quotes inside": ('a: it\'s "x"\n', "x", "x"),
    "single-quoted": ("a: 'it''s x'\n", "x", "x"),
    "a doubled quote": ("a: 'it''s x'\n", "'", "''"),
    "single-quoted over lines": ("a: 'one  \n\n   two x'\n", "x", "x"),
    "double-quoted": ('a: "one x"\n', "x", "x"),
    "behind escapes": (r'a: "\t\x41\u00e4\U0001F600\"\\\  x"', "x", "x"),
    "an escape": (r'a: "b\U0001F600b"', "\U0001f600", r"\U0001F600"),
    "behind a continued line": ('a: "one \\\n   two \\\n\n   x"\n', "x", "x"),
    "double-quoted over lines": ('a: "one\n\n\n  two x"\n', "x", "x"),
    "literal": ("a: |\n  one\n  two x\n", "x", "x"),
    "literal with more indentation": ("a: |\n  one\n     two x\n", "   two x", "   two x"),
    "literal with an indicator": ("a: |2-\n     one\n  x\n", "x", "x"),
    "literal with a comment": ("a: |+ # why\n\n  one\n\n  x\n\n", "x", "x"),
    "literal with only spaces first": ("a: |2\n     \n  x\n", "x", "x"),
    "folded": ("a: >\n  one\n  two\n\n\n  x\n", "x", "x"),
    "folded around more indentation": ("a: >\n  one\n\n    two\n\n  x\n", "x", "x"),
    "folded to the end": ("a: >+\n  one\n  x\n\n\nb: 1\n", "x", "x"),
    "behind an anchor and a tag": ('a: &b !!str # why\n  "one x"\n', "x", "x"),
    "behind characters beyond the BMP": ("a: \U0001f600 x\n", "x", "x"),
    "with CRLF": ('a: "one\r\n  two"\r\nb: >\r\n  x\r\n', "two", "two"),
    "folded with CRLF": ("a: >\r\n  one\r\n\r\n  x\r\n", "x", "x"),
    "behind a break that YAML 1.2 has not": ("a: |\n  one\x85  two\u2028  x\n", "x", "x"),
    "folded at breaks that are kept": ("a: >\n  one\u2028\n  x\n", "x", "x"),
    "quoted with breaks that are kept": ("a: 'one\u2028 \n x'\n", "x", "x"),
    "without a last line break": ("a: |\n  one\n  x", "x", "x"),
    "in an alias": ("b: &b 'one x'\na: *b\n", "x", "x"),
}


@pytest.mark.parametrize(("source", "part", "spelled"), PLACES.values(), ids=PLACES.keys())
def test_a_part_is_found_where_it_is_spelled(source: str, part: str, spelled: str) -> None:
    _, scalar = _read(source)
    start = scalar.text.index(part)
    assert _spelled(source, start, start + len(part)) == spelled


def test_lines_and_columns_count_characters_from_one() -> None:
    document, scalar = _read('b: 1\na: "\U0001f600 \\\\ x y"\n')
    assert document.within(scalar, 4, 7) == Span(2, 10, 2, 13)


def test_an_empty_range_takes_one_character() -> None:
    document, scalar = _read("a: 'it''s'\n")
    assert document.within(scalar, 2, 2) == Span(1, 7, 1, 9)


def test_a_byte_order_mark_has_no_column() -> None:
    document, scalar = _read("\ufeffa: x\n")
    assert document.within(scalar, 0, 1) == scalar.span == Span(1, 4, 1, 5)


_TEXT = st.text(
    st.sampled_from("ab'\"\\{}#:- \t\n") | st.characters(codec="utf-8", exclude_characters="\0"),
    min_size=1,
    max_size=40,
)
_STYLES = st.sampled_from(["", "'", '"', "|", ">"])


class _Styled(yaml.SafeDumper):
    style = ""


def _represent(dumper: _Styled, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=dumper.style or None)


_Styled.add_representer(str, _represent)


def _dump(text: str, style: str, width: int, line_break: str, *, unicode: bool) -> str:
    dumper = type("Dumper", (_Styled,), {"style": style})
    dumped: str = yaml.dump(
        {"c": "b", "a": text},
        Dumper=dumper,
        width=width,
        allow_unicode=unicode,
        line_break=line_break,
        sort_keys=False,
    )
    return dumped


@given(_TEXT, _STYLES, st.integers(4, 40), st.sampled_from(["\n", "\r\n"]), st.booleans())
@example("a {{ x\n\n  y }}\n", ">", 4, "\n", True)
@example(" \n a", "|", 40, "\n", True)
def test_every_character_is_where_the_library_wrote_it(
    text: str, style: str, width: int, line_break: str, unicode: bool
) -> None:
    _check_places(_dump(text, style, width, line_break, unicode=unicode))


# What a person may write and no library does: breaks, blanks and escapes anywhere.
_LINES = st.lists(
    st.sampled_from(
        [
            "",
            " ",
            "   ",
            "a",
            "b c ",
            "  d",
            "\te",
            "f\t",
            "''",
            r"\"",
            r"\x41",
            r"\n",
            "\\",
            "\\ g",
        ]
    ),
    min_size=1,
    max_size=6,
)
_LINE_BREAKS = st.sampled_from(["\n", "\r\n", "\r", "\x85", "\u2028", "\u2029"])
_AROUND = st.sampled_from(
    [
        ("a: '", "'"),
        ('a: "', '"'),
        ('a: &b !!str "', '"'),
        ("a: b ", ""),
        ("{a: b ", "}"),
        ("a: |\n  b\n  ", ""),
        ("a: |+\n\n  ", ""),
        ("a: >\n  b\n  ", "\n"),
        ("a: >1\n ", "\n"),
        ("a: >2+\n  ", "\n\n"),
    ]
)


@given(_AROUND, _LINES, st.lists(_LINE_BREAKS, min_size=6, max_size=6))
@example(("a: >\n  b\n  ", "\n"), ["a", "", "  d", "a"], ["\n"] * 6)
@example(('a: "', '"'), ["a", "\\", "", "a"], ["\n"] * 6)
def test_every_character_is_where_a_person_wrote_it(
    around: tuple[str, str], lines: list[str], breaks: list[str]
) -> None:
    body = "".join(f"{line}{end}  " for line, end in zip(lines[:-1], breaks, strict=False))
    source = f"{around[0]}{body}{lines[-1]}{around[1]}"
    if parse(source, Report("w.yaml")) is not None:
        _check_places(source)


def _check_places(source: str) -> None:
    """Character by character, in order, none left out but what YAML leaves out."""
    document, scalar = _read(source)
    places = [document.within(scalar, index, index + 1) for index in range(len(scalar.text))]
    offsets = [
        (_offset(source, one.line, one.column), _offset(source, one.end_line, one.end_column))
        for one in places
    ]
    assert all(end <= begin for (_, end), (begin, _) in pairwise(offsets))
    for character, (begin, end) in zip(scalar.text, offsets, strict=True):
        assert _says(source[begin:end], character)


def _says(spelled: str, character: str) -> bool:
    if spelled == character:
        return True
    if character in " \n":
        return _BREAK.fullmatch(spelled) is not None or spelled.startswith("\\")
    return spelled == "''" or spelled.startswith("\\")
