from __future__ import annotations

import pytest

from controller.load.text import decode
from controller.load.tree import parse
from controller.pack.diagnostic import Diagnostic
from controller.pack.node import Document, List, Mapping, Node, Scalar
from controller.pack.report import Report
from tests.load.bad_yaml import CASES, CAUSES


def read(content: str | bytes) -> tuple[Document | None, tuple[Diagnostic, ...]]:
    report = Report("f.yaml")
    text = decode(content.encode() if isinstance(content, str) else content, report)
    document = None if text is None else parse(text, report)
    return document, report.diagnostics()


def value(content: str) -> object:
    document, found = read(content)
    assert found == ()
    assert document is not None
    return document.root.value


@pytest.mark.parametrize("name", CASES)
def test_refuses(name: str) -> None:
    content, expected = CASES[name]
    found = read(content)[1]
    assert [(one.rule.code, one.span.line, one.span.column, one.path) for one in found] == expected
    assert all(one.is_error and one.hint for one in found)


@pytest.mark.parametrize("name", CAUSES)
def test_names_the_likely_cause(name: str) -> None:
    content, place, cause = CAUSES[name]
    (found,) = read(content)[1]
    assert (found.span.line, found.span.column) == place
    assert cause in found.message


def test_aliases_count_for_what_they_repeat_and_no_more() -> None:
    lines = ["a0: &a0 [x]", *(f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, 50))]
    document, found = read("\n".join(lines))
    assert (document is not None, found) == (True, ())


def test_an_alias_of_a_quoted_text_is_a_key_like_any_other() -> None:
    assert value('{a: &x "<<", *x : 1}') == {"a": "<<", "<<": 1}


SCALARS: dict[str, object] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    "0": 0,
    "-0": 0,
    "+5": 5,
    "-17": -17,
    "0o17": 15,
    "0x1F": 31,
    "-0xF": -15,
    "+0b101": 5,
    "18446744073709551615": 2**64 - 1,
    "-9223372036854775808": -(2**63),
    "0.1000000000000000055": 0.1,
    "1.": 1.0,
    ".5": 0.5,
    "+1.5": 1.5,
    "-.5": -0.5,
    "1e3": 1000.0,
    "1E-2": 0.01,
    "01.5": 1.5,
}
WORDS = "no No NO on yes off y n TruE nULL nan inf NaN -.nan ~x 2024-01-02 12:30:45 1.2.3"
NEARLY_NUMBERS = (
    "1_000 1_0.5 012 00 -012 1e400 0X1F 0o8 0b2 0x -- . .. ++5 +-5 0x-5 e5 1e 1e+ .e1 +"
)


@pytest.mark.parametrize(("text", "expected"), SCALARS.items())
def test_plain_scalars(text: str, expected: object) -> None:
    found = value(f"a: {text}\n")
    assert found == {"a": expected}
    assert isinstance(found, dict)
    assert type(found["a"]) is type(expected)


@pytest.mark.parametrize("text", [*WORDS.split(), *NEARLY_NUMBERS.split()])
def test_other_plain_scalars_are_strings(text: str) -> None:
    assert value(f"a: {text}\n") == {"a": text}


@pytest.mark.parametrize("text", ["'no'", '"1"', "'~'", "!!str 1", "|\n 1", ">-\n 1"])
def test_quoted_scalars_are_strings(text: str) -> None:
    document, found = read(f"a: {text}\n")
    assert found == ()
    assert document is not None
    assert isinstance(document.root, Mapping)
    assert isinstance(document.root.value["a"], str)


@pytest.mark.parametrize(
    "text",
    [".inf", "-.Inf", ".nan", str(2**64), str(-(2**63) - 1), "0x1" + "0" * 16, "9" * 9999],
)
def test_numbers_without_a_place_are_marked(text: str) -> None:
    """They are not refused yet: where a text is wanted, their spelling is kept."""
    document, found = read(f"a: {text}\n")
    assert found == ()
    assert document is not None
    assert document.has_unstorable


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("\ufeffa: 1\n", {"a": 1}),
        ("%YAML 1.2\n---\na: 1\n...\n", {"a": 1}),
        ("a: &x [1, {b: 2}]\nc: *x\n", {"a": [1, {"b": 2}], "c": [1, {"b": 2}]}),
        ("a: &x b\n*x : 2\n", {"a": "b", "b": 2}),
        ('"<<": 1\n', {"<<": 1}),
        ("a: !!map {b: !!seq [!!int 1, !!float 1]}\n", {"a": {"b": [1, 1.0]}}),
        ("a: [!!null ~, !!bool true]\n", {"a": [None, True]}),
        ("a:\r\n  b: 1\r\n", {"a": {"b": 1}}),
        ('{"a":"\\u00e9"}', {"a": "é"}),
        ("a: hi {{ b }}\n", {"a": "hi {{ b }}"}),
    ],
)
def test_accepts(content: str, expected: object) -> None:
    assert value(content) == expected


def test_every_key_and_value_has_its_place() -> None:
    document, _ = read("a: 1\nlong key: [x, 'y z']\nc:\n  d: |\n    text\n")
    assert document is not None
    root = document.root
    assert isinstance(root, Mapping)
    assert _places(root) == {
        "a": (1, 4, 1, 5),
        "long key": (2, 11, 2, 12),
        "long key[0]": (2, 12, 2, 13),
        "long key[1]": (2, 15, 2, 20),
        "c": (4, 3, 4, 4),
        "c.d": (4, 6, 6, 1),
    }
    assert root.keys["long key"].span.column == 1
    assert root.keys["long key"].span.end_column == 9


def _places(root: Node, path: str = "") -> dict[str, tuple[int, int, int, int]]:
    places: dict[str, tuple[int, int, int, int]] = {}
    if isinstance(root, Mapping):
        children = [(f"{path}.{key}" if path else key, child) for key, child in root.fields.items()]
    elif isinstance(root, List):
        children = [(f"{path}[{index}]", child) for index, child in enumerate(root.items)]
    else:
        assert isinstance(root, Scalar)
        children = []
    for name, child in children:
        span = child.span
        places[name] = (span.line, span.column, span.end_line, span.end_column)
        places |= _places(child, name)
    return places
