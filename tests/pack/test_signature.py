"""What a schema asks of a caller, in both of Attune's forms."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.pack.content import Json
from controller.pack.signature import TYPES, Parameter, Signature, signature

ANY = Parameter()
TEXT = Parameter(types=("string",))
NEEDED = Parameter(required=True, types=("string",))

UNTOLD: dict[str, Json] = {
    "no schema": None,
    "a schema of something else": {"type": "string"},
    "an object without properties": {"type": "object"},
    "properties that are none": {"type": "object", "properties": ["a"]},
    "a list": [{"type": "string"}],
}

FLAT: dict[str, tuple[Json, Signature]] = {
    "nothing": ({}, Signature({})),
    "optional": ({"a": {"type": "string"}}, Signature({"a": TEXT})),
    "required": ({"a": {"type": "string", "required": True}}, Signature({"a": NEEDED})),
    "required with a default": (
        {"a": {"type": "string", "required": True, "default": "x"}},
        Signature({"a": TEXT}),
    ),
    "choices": (
        {"a": {"type": "string", "enum": ["x", "y"]}},
        Signature({"a": Parameter(types=("string",), choices=("x", "y"))}),
    ),
    "a type nobody knows": ({"a": {"type": "text"}}, Signature({"a": ANY})),
    "no type": ({"a": {"description": "A"}}, Signature({"a": ANY})),
    "parameters named as keywords": (
        {"type": {"type": "string"}, "properties": {"type": "string"}},
        Signature({"type": TEXT, "properties": TEXT}),
    ),
}

JSON_SCHEMA: dict[str, tuple[dict[str, Any], Signature]] = {
    "optional": ({"a": {"type": "string"}}, Signature({"a": TEXT})),
    "several types": (
        {"a": {"type": ["string", "null"]}},
        Signature({"a": Parameter(types=("string", "null"))}),
    ),
    "one type of several nobody knows": ({"a": {"type": ["string", "x"]}}, Signature({"a": ANY})),
    "anything": ({"a": {}}, Signature({"a": ANY})),
}


@pytest.mark.parametrize("schema", UNTOLD.values(), ids=UNTOLD)
def test_what_says_nothing_of_inputs_takes_anything(schema: Json) -> None:
    assert signature(schema) is None


@pytest.mark.parametrize(("schema", "expected"), FLAT.values(), ids=FLAT)
def test_flat_form(schema: Json, expected: Signature) -> None:
    assert signature(schema) == expected


@pytest.mark.parametrize(("properties", "expected"), JSON_SCHEMA.values(), ids=JSON_SCHEMA)
@pytest.mark.parametrize("head", [{"type": "object"}, {"type": ["object", "null"]}, {}], ids=str)
def test_json_schema(head: dict[str, Any], properties: dict[str, Any], expected: Signature) -> None:
    assert signature({**head, "properties": properties}) == expected


def test_true_is_the_schema_of_anything() -> None:
    assert signature({"type": "object", "properties": {"a": True}}) == Signature({"a": ANY})


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"required": ["a"]}, NEEDED),
        ({"required": "a"}, TEXT),
        ({"required": ["b"]}, TEXT),
    ],
    ids=["named", "not a list", "another"],
)
def test_json_schema_names_what_is_required(schema: dict[str, Any], expected: Parameter) -> None:
    whole = {"type": "object", "properties": {"a": {"type": "string"}}, **schema}
    assert signature(whole) == Signature({"a": expected})


@pytest.mark.parametrize(
    ("more", "is_open"),
    [
        ({}, False),
        ({"additionalProperties": False}, False),
        ({"additionalProperties": True}, True),
        ({"additionalProperties": {"type": "string"}}, True),
        ({"patternProperties": {"^x": {}}}, True),
        ({"allOf": [{"properties": {"b": {}}}]}, True),
        ({"$ref": "#/$defs/more"}, True),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, dict) else None,
)
def test_json_schema_may_let_others_in(more: dict[str, Any], is_open: bool) -> None:
    found = signature({"type": "object", "properties": {"a": {}}, **more})
    assert found == Signature({"a": ANY}, open=is_open)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "properties", "required", "enum", "default", "a"]),
            inner,
            max_size=4,
        )
    ),
)


@given(_JSON)
def test_any_json_is_read(schema: Json) -> None:
    """A database may hold anything in `param_schema`."""
    found = signature(schema)
    if found is not None:
        assert all(TYPES.issuperset(one.types) for one in found.parameters.values())
