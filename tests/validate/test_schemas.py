"""The schemas that authors write: what is told of them, where, and in which words."""

from __future__ import annotations

import pytest

from controller.pack.diagnostic import Span
from tests.validate.bad_schemas import BAD
from tests.validate.packs import TASK, check, check_one, said

V = 'version: "1.0.0"\n'


@pytest.mark.parametrize("name", BAD)
def test_says_what_is_wrong_with_a_schema(name: str) -> None:
    schema, expected = BAD[name]
    checked = check_one(f"{V}{TASK}parameters: {schema}\n")
    paths = [(code, f"parameters.{path}") for code, path, _ in expected]
    assert said(checked) == sorted(paths)
    hints = {one.path: one.hint for one in checked.diagnostics}
    assert all(hint in hints[f"parameters.{path}"] for _, path, hint in expected)
    assert len(checked.workflows) == 1  # Attune stores it, and so does the controller


@pytest.mark.parametrize("name", BAD)
def test_says_the_same_of_each_schema_of_a_pack(name: str) -> None:
    schema, expected = BAD[name]
    told = sorted(code for code, _, _ in expected)
    output = check_one(f"{V}{TASK}output: {schema}\n")
    action = check({"actions/a.yaml": f"ref: demo.a\noutput_schema: {schema}\n"})
    conf = check({}, manifest=f"ref: demo\n{V}conf_schema: {schema}\n")
    for checked in (output, action, conf):
        assert sorted(one.rule.code for one in checked.diagnostics) == told
        assert checked.error_count == 0


GOOD = {
    "nothing": "{}",
    "flat": "{a: {type: string, required: true, secret: true, position: 1, default: x}}",
    "flat, with a list of names": "{a: {type: object, required: [b], properties: {b: {}}}}",
    "flat, a parameter called type": "{type: {type: string, default: x}, y: {type: integer}}",
    "flat, a parameter called properties": "{properties: {type: object, required: true}}",
    "words of our own": "{type: object, x-order: [a], properties: {a: {type: string, ui: 5}}}",
    "true and false": "{type: object, properties: {a: true}, additionalProperties: false}",
    "reference": "{type: object, properties: {a: {$ref: '#/$defs/t', default: x}}, "
    "$defs: {t: {type: string}}}",
    "reference by anchor": "{type: object, properties: {a: {$ref: '#t', default: x}}, "
    "$defs: {t: {$anchor: t, type: string}}}",
    "tree": "{type: object, properties: {kids: {type: array, items: {$ref: '#'}}}, "
    "default: {kids: [{kids: []}]}}",
    "base": "{type: object, $id: 'https://example.com/s', properties: {a: {$ref: '#/$defs/t'}}, "
    "$defs: {t: {type: string}}}",
    "whole float as an integer": "{a: {type: integer, default: 1.0}}",
    "any of two": "{a: {type: string, anyOf: [{minLength: 1}, {const: ''}], default: ''}}",
    "two types": "{a: {type: [string, 'null'], default: ~}}",
    "pattern": "{a: {type: string, pattern: '^v[0-9]+(?:-rc)?$', default: v1-rc}}",
    "pattern of Attune's engine": "{a: {type: string, pattern: '^\\p{Lu}$', default: a}}",
    "pattern that may take long": "{a: {type: string, pattern: '^(a+)+$', default: b}}",
    "not beside such a pattern": "{a: {type: string, not: {pattern: '^(b+)+$'}, default: a}}",
    "named by patterns": "{type: object, patternProperties: {'^x': {type: integer}}, "
    "additionalProperties: false, default: {x: a}}",
}  # fmt: skip


@pytest.mark.parametrize("name", GOOD)
def test_a_good_schema_is_taken_without_a_word(name: str) -> None:
    assert said(check_one(f"{V}{TASK}parameters: {GOOD[name]}\n")) == []


@pytest.mark.parametrize(
    ("line", "span"),
    [
        ("parameters: {a: {type: strnig}}", Span(3, 24, 3, 30)),
        ("parameters: {a: {type: string, default: [1]}}", Span(3, 41, 3, 42)),
        ("parameters: {a: {type: array, items: {type: string}, default: [1]}}", Span(3, 64, 3, 65)),
        ("parameters: {type: object, required: [a, 1]}", Span(3, 42, 3, 43)),
        ("parameters: {type: object, patternProperties: {'(': true}}", Span(3, 48, 3, 51)),
    ],
)
def test_points_at_the_value_at_fault(line: str, span: Span) -> None:
    (one,) = check_one(f"{V}{TASK}{line}\n").diagnostics
    assert one.span == span


def test_an_entry_without_a_type_is_told_of_once() -> None:
    assert said(check_one(f"{V}{TASK}parameters: {{a: b}}\n")) == [("ATT208", "parameters.a")]
    conf = check({}, manifest=f"ref: demo\n{V}conf_schema: {{a: string}}\n")
    assert said(conf) == [("ATT214", "conf_schema.a")]


# conf_schema and config → code and path.
CONFIG: dict[str, tuple[str, str, list[tuple[str, str]]]] = {
    "fits": ("{a: {type: string}}", "{a: x}", []),
    "is empty": ("{a: {type: string}}", "{}", []),
    "has a wrong type": ("{a: {type: integer}}", "{a: x}", [("ATT606", "config.a")]),
    "by a whole schema": (
        "{type: object, properties: {a: {type: integer}}}",
        "{a: x}",
        [("ATT606", "config.a")],
    ),
    "lacks a value": ("{a: {type: string, required: true}}", "{}", [("ATT606", "config")]),
    "lacks a secret": ("{a: {type: string, required: true, secret: true}}", "{}", []),
    "lacks a secret and a value": (
        "{a: {type: string, required: true, secret: true}, b: {type: string, required: true}}",
        "{}",
        [("ATT606", "config")],
    ),
    "has a value more": (
        "{type: object, properties: {region: {}}, additionalProperties: false}",
        "{regoin: eu}",
        [("ATT606", "config")],
    ),
    "is not held against a bad schema": (
        "{a: {type: int}}",
        "{a: x}",
        [("ATT214", "conf_schema.a.type")],
    ),
    "is wrong like the default": (
        "{a: {type: integer, default: x}}",
        "{a: y}",
        [("ATT215", "conf_schema.a.default"), ("ATT606", "config.a")],
    ),
}


@pytest.mark.parametrize("name", CONFIG)
def test_config(name: str) -> None:
    schema, config, expected = CONFIG[name]
    checked = check({}, manifest=f"ref: demo\n{V}conf_schema: {schema}\nconfig: {config}\n")
    assert said(checked) == expected
    assert checked.manifest is not None
