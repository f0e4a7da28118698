"""Texts made to hurt, and texts made at random: never an exception, never a wait."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.load.dumping import dump
from tests.load.test_yaml import read
from tests.validate.packs import check_one
from tests.workflow.bad_workflows import HEAD

SAFETY_NET = 1.0
"""Seconds; what is refused should take milliseconds, and a shared machine may stall."""

MIB = 1024 * 1024


def each(pattern: str, count: int) -> str:
    """`pattern` so many times, with the number of the time in place of each #."""
    return "".join(pattern.replace("#", str(number)) for number in range(count))


def tasks(pattern: str, count: int) -> str:
    return f"{HEAD}tasks: [{each(pattern, count)}]"


TARGETS = each("t#, ", 200)
LAUGHS = "".join(f"k{n}: &k{n} [{f'*k{n - 1}, ' * 9}]\n" for n in range(1, 30))

HOSTILE: dict[str, str] = {
    "open brackets": "[" * MIB,
    "open braces": "{" * MIB,
    "open braces, keyed": "{a: " * (MIB // 4),
    "dashes": "- " * (MIB // 2),
    "question marks": "? " * (MIB // 2),
    "colons": ": " * (MIB // 2),
    "ever deeper": "".join(" " * depth + f"a{depth}:\n" for depth in range(1000)),
    "a million values": "[" + "a," * (MIB // 2 - 1) + "]",
    "lines of one letter": "a\n" * (MIB // 2),
    "empty values": "a:\n" * (MIB // 3),
    "keys": each("k#: 1\n", 90_000),
    "same key": "k: 1\n" * (MIB // 5),
    "anchors": each("k#: &a# 1\n", 45_000),
    "billion laughs": f"k0: &k0 [x, x]\n{LAUGHS}",
    "quadratic text": f"a: &a {'x' * (MIB // 2)}\nb: [{'*a, ' * 9000}]",
    "one long word": "x" * MIB,
    "one long quote": '"' + "\\\n" * (MIB // 2 - 1) + '"',
    "one long comment": "#" * MIB,
    "one long key": "x" * MIB + ": 1",
    "long anchor": "a: &" + "x" * MIB + " 1",
    "long tag": "a: !" + "x" * MIB + " 1",
    "%TAG directives": each("%TAG !a#! x\n", 60_000) + "--- 1",
    "%TAG directives of a second document": "a: 1\n...\n" + each("%TAG !a#! x\n", 60_000),
    "documents": "---\n" * (MIB // 4),
    "digits": "a: " + "9" * MIB,
    "digits with a point": "a: " + "9" * (MIB // 2) + "." + "9" * (MIB // 2 - 10),
    "a number, nearly": "a: " + "1" * (MIB - 10) + "x",
    "templates": "{{" * (MIB // 2),
    "a quoted template": tasks("{name: a, action: a.b, when: '" + "{{" * 500_000 + "'}", 1),
    "NULs": "\0" * MIB,
    "tabs": "\t" * MIB,
    "carriage returns": "\r" * MIB,
    "separators": "\u2028" * (MIB // 3),
    "unknown fields": HEAD + each("tasc#: 1\n", 40_000),
    "unknown fields with long names": HEAD + each("task" * 250 + "#: 1\n", 1000),
    "tasks": tasks("{name: t#, action: a.b}, ", 9000),
    "tasks of one name": tasks("{name: t, action: a.b}, ", 9000),
    "all lead nowhere": tasks("{name: t#, action: a.b, on_success: u#}, ", 7000),
    "all lead to all": tasks(f"{{name: t#, action: a.b, next: [{{do: [{TARGETS}]}}]}}, ", 200),
    "nested parallel": tasks("{name: a, type: parallel, tasks: [" * 20 + "]}" * 20, 1),
    "aliases of tasks": HEAD + "tasks:\n- &t {name: t, action: a.b}\n" + "- *t\n" * 9000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_answered_at_once(name: str) -> None:
    started = time.thread_time()  # the machine may be busy with other things
    checked = check_one(HOSTILE[name])
    took = time.thread_time() - started
    assert took < SAFETY_NET
    assert checked.validated_count == 1
    assert len(checked.diagnostics) < 250


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
