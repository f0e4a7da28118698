"""What people read: the line, what is meant underlined, and the sum of it all."""

from __future__ import annotations

import string
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from controller.formats import PackResult, Results, finding, findings, statistics, summary
from controller.formats.excerpt import excerpt
from controller.pack.diagnostic import Diagnostic, Severity, Span
from controller.pack.rules import NO_MANIFEST, UNKNOWN_FIELD, WRONG_TYPE
from tests.formats.made import AWAY, ERROR, FILE, WARNING, at, of_rule, one, unable

WIDTH = 40


def shown(diagnostic: Diagnostic, text: str, width: int = WIDTH) -> list[str]:
    return finding(diagnostic, {diagnostic.file: text.split("\n")}, width).plain.split("\n")


def test_a_finding_says_where_what_and_what_to_do() -> None:
    assert shown(ERROR, "a: 1\nb: 2\ntasks: here") == [
        f"{FILE}:3:8: error ATT203: `tasks` must be a list",
        "3 | tasks: here",
        "  |        ^^^^",
        "  = at: tasks",
        "  = help: Write `[here]`.",
    ]


@dataclass(frozen=True, slots=True)
class Line:
    """A line, a place in it, and the two lines that are shown of it."""

    text: str
    start: int
    end: int
    expected: str
    marks: str
    width: int = WIDTH


LINES = {
    "tabs take four cells": Line("\tx:\ty", 4, 5, "1 |     x:    y", "  |       ^^^^"),
    "wide characters take two": Line("漢字: 値だ", 5, 7, "1 | 漢字: 値だ", "  |       ^^^^"),
    "combining characters take none": Line("e\u0301: x", 5, 6, "1 | e\u0301: x", "  |    ^"),
    "behind the end": Line("key:", 5, 5, "1 | key:", "  |     ^"),
    "a long line is cut on both sides": Line(
        "a" * 50 + "HERE" + "b" * 50,
        51,
        55,
        "1 | …" + "a" * 15 + "HERE" + "b" * 15 + "…",
        "  | " + " " * 16 + "^^^^",
    ),
    "its beginning stays when there is room": Line(
        "key: HERE" + "b" * 50, 6, 10, "1 | key: HERE" + "b" * 26 + "…", "  |      ^^^^"
    ),
    "its end stays when there is room": Line(
        "a" * 50 + "HERE", 51, 55, "1 | …" + "a" * 31 + "HERE", "  | " + " " * 32 + "^^^^"
    ),
    "a long place is cut at its end": Line(
        "k: " + "v" * 80, 4, 84, "1 | k: " + "v" * 32 + "…", "  |    " + "^" * 33
    ),
    "control characters are spelled": Line(
        "a\x1b[2Jb: x", 7, 8, "1 | a\\u001b[2Jb: x", "  |            ^"
    ),
    "a secret is masked": Line("token=abc x", 11, 12, "1 | token=*** x", "  |           ^"),
    "a secret that the place begins in is masked whole": Line(
        "u: token=abc", 10, 13, "1 | u: token=***", "  | ^^^^^^^^^^^^"
    ),
}


@pytest.mark.parametrize("line", LINES.values(), ids=LINES.keys())
def test_what_is_meant_is_underlined(line: Line) -> None:
    found = at(1, line.start, 1, line.end)

    assert shown(found, line.text, line.width)[1:] == [line.expected, line.marks]


def test_a_place_of_several_lines_is_underlined_to_the_end_of_the_first() -> None:
    assert shown(at(1, 6, 3, 2), "run: [a,\n b,\n c]")[1:] == ["1 | run: [a,", "  |      ^^^"]


@pytest.mark.parametrize(
    "diagnostic",
    [Diagnostic(NO_MANIFEST, "there is none", FILE), at(7, 1, 7, 2)],
    ids=["the file as a whole", "a line that is not there any more"],
)
def test_without_a_line_there_is_no_excerpt(diagnostic: Diagnostic) -> None:
    assert len(shown(diagnostic, "only: one")) == 1


TEXT = st.text(st.sampled_from(string.ascii_letters + " \t:漢é\u0301🙂\x00"), max_size=120)


@given(line=TEXT, start=st.integers(1, 130), length=st.integers(0, 130), width=st.integers(20, 90))
def test_an_excerpt_fits_and_its_parts_are_of_the_line(
    line: str, start: int, length: int, width: int
) -> None:
    part = excerpt(line, Span(1, start, 1, start + length), width)

    assert cell_len(part.before + part.marked + part.after) <= width
    assert part.indent + part.length <= width + 1
    whole = line.replace("\t", "    ").replace("\x00", "\\u0000")
    assert part.before.removeprefix("…") in whole
    assert part.marked.removesuffix("…") in whole
    assert part.after.removesuffix("…") in whole


def test_findings_stand_in_the_order_of_files_and_lines() -> None:
    other = replace(ERROR, file="packs/a/pack.yaml")
    texts = [text.plain.split(": ")[0] for text in findings(one(ERROR, WARNING, other), WIDTH)]

    assert texts == ["packs/a/pack.yaml:3:8", f"{FILE}:3:8", f"{FILE}:9:1"]


GOOD = PackResult("packs/b", ("packs/b/pack.yaml",))
SUMS = {
    "nothing": (one(), "✓ No problems in 1 file."),
    "an error": (one(ERROR), "✗ 1 error in 1 file."),
    "both": (one(ERROR, WARNING, WARNING), "✗ 1 error, 2 warnings in 1 file."),
    "some of the files": (
        one(WARNING, files=(FILE, "pack.yaml")),
        "✓ 1 warning in 1 of 2 files.",
    ),
    "warnings that fail": (
        one(WARNING, strict=True),
        "✗ 1 warning in 1 file. --strict: warnings fail, too.",
    ),
    "a name that is not read": (one(ERROR, files=()), "✗ 1 error in 0 files."),
    "several packs": (
        Results((*one(ERROR).packs, GOOD)),
        "✗ 1 error in 1 of 2 files of 2 packs.",
    ),
    "one of them away": (
        Results((GOOD, *unable().packs)),
        "✗ No problems in 1 file of 1 pack; 1 pack not checked.",
    ),
    "all of them away": (unable(), "✗ Nothing was checked."),
}


@pytest.mark.parametrize(("results", "said"), SUMS.values(), ids=SUMS.keys())
def test_the_summary_counts(results: Results, said: str) -> None:
    assert summary(results).plain.split("\n")[0] == said


def test_the_summary_says_how_to_learn_more_of_the_worst() -> None:
    assert summary(one(WARNING, ERROR)).plain.endswith("packctl explain ATT203")


def test_statistics_count_by_rule_and_severity() -> None:
    raised = of_rule(UNKNOWN_FIELD, Severity.ERROR)
    found = one(of_rule(WRONG_TYPE), *[of_rule(UNKNOWN_FIELD)] * 12, raised)

    assert [text.plain for text in statistics(found)] == [
        "12  ATT206  warning  Attune ignores a field it does not know",
        " 1  ATT203  error    A value has the wrong type",
        " 1  ATT206  error    Attune ignores a field it does not know",
    ]


def test_a_pack_that_is_away_is_no_finding() -> None:
    assert list(findings(unable(), WIDTH)) == []
    assert not unable().failed
    assert unable().unable[0].failure is AWAY
