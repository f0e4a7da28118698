"""Schemas that are made to take for ever."""

from __future__ import annotations

import json
from time import process_time
from typing import Any

import pytest

from tests.validate.packs import TASK, check_one, said

V = 'version: "1.0.0"\n'


def _many(schema: dict[str, Any], count: int) -> dict[str, Any]:
    return {"type": "object", "properties": {f"p{index}": schema for index in range(count)}}


_KEYWORDS = ("type", "required", "minimum", "title", "format", "items", "pattern", "maxItems")


def _bomb() -> dict[str, Any]:
    """Each definition asks twice for the next: a billion ways to the last."""
    steps = {f"d{one}": {"allOf": [{"$ref": f"#/$defs/d{one + 1}"}] * 2} for one in range(30)}
    return {
        "type": "object",
        "$defs": {**steps, "d30": {"type": "string"}},
        "properties": {"x": {"$ref": "#/$defs/d0", "default": "a"}},
    }


def _nested(depth: int) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "banana"}
    for _ in range(depth):
        schema = {"type": "object", "properties": {"a": schema}}
    return schema


HOSTILE: dict[str, dict[str, Any]] = {
    "many faults": _many({"type": "banana"}, 9_000),
    "many references": {**_many({"$ref": "#/$defs/a"}, 9_000), "$defs": {"a": {}}},
    "many defaults": _many({"type": "string", "pattern": "^[a-z]*$", "default": "a"}, 6_000),
    "many faults beside many defaults": _many(
        {"default": 1, **{keyword: [] for keyword in _KEYWORDS}}, 2_000
    ),
    "deep": _nested(28),
    "references that multiply": _bomb(),
    "references in a circle": _many({"allOf": [{"$ref": "#/properties/p0"}], "default": 1}, 20),
    "pattern with many ways": _many(
        {"type": "string", "pattern": "^(a+)+$", "default": "a" * 40 + "b"}, 100
    ),
    "patterns with some ways": _many(
        {"type": "string", "pattern": "a*a*a*a*a*b", "default": "a" * 60}, 200
    ),
    "long patterns": _many(
        {"type": "string", "pattern": "[a-z]{3}" * 30, "default": "a" * 200}, 500
    ),
    "nested groups": _many({"type": "string", "pattern": "(" * 9_000, "default": "a"}, 9),
    "entries to compare": _many(
        {"type": "array", "uniqueItems": True, "default": [[one] for one in range(15_000)]}, 1
    ),
    "names to compare": {"type": "object", "required": [1, "a"] * 20_000},
    "schemas for many entries": _many(
        {"type": "array", "items": {"allOf": [{"minimum": 0}] * 200}, "default": [1] * 20_000}, 1
    ),
    "choices for many entries": _many(
        {"type": "array", "items": {"enum": [[one] * 9 for one in range(2_000)]},
         "default": [[one] * 9 for one in range(1_000)]}, 1
    ),
}  # fmt: skip


def _parameters(name: str) -> str:
    return f"parameters: {json.dumps(HOSTILE[name])}\n"


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_schema_takes_no_time(name: str) -> None:
    content = f"{V}{TASK}{_parameters(name)}"
    start = process_time()
    checked = check_one(content)
    assert process_time() - start < 2
    assert checked.error_count == 0


@pytest.mark.parametrize("name", ["references that multiply", "many references"])
def test_says_that_it_did_not_look_at_everything(name: str) -> None:
    checked = check_one(f"{V}{TASK}{_parameters(name)}")
    assert said(checked) == [("ATT010", "parameters")]
