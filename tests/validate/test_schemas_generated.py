"""Any schema at all: the fast path and the words say what the library says."""

from __future__ import annotations

from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from referencing import Registry

from controller.load.tree import parse
from controller.pack.diagnostic import Diagnostic
from controller.pack.node import Mapping
from controller.pack.report import Report
from controller.validate.schemas import check_schemas
from controller.validate.schemas.flat import as_json_schema, is_flat
from controller.validate.schemas.plain import is_plain, is_plain_flat
from tests.load.dumping import dump

META = Draft202012Validator(Draft202012Validator.META_SCHEMA, registry=Registry())

_TYPES = ("array", "boolean", "integer", "null", "number", "object", "string")
_NAMES = st.sampled_from(["a", "b", "type", "required"])
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 3) | st.sampled_from([0.5, 1.0, "a", "bb", ""]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(_NAMES, inner, max_size=2),
    max_leaves=4,
)
_TYPE = st.sampled_from([*_TYPES, "strin"]) | st.lists(st.sampled_from(_TYPES), max_size=2)
_COUNTS = st.integers(-1, 2)


def _or_any(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Mostly what belongs there."""
    return st.one_of(strategy, strategy, strategy, strategy, _VALUES)


def _grown(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    named = st.dictionaries(_NAMES, inner, max_size=2)
    several = st.lists(inner, max_size=2)
    keywords = {
        "type": _TYPE,
        "default": _VALUES,
        "enum": st.lists(_VALUES, max_size=3),
        "const": _VALUES,
        "description": st.just("d"),
        "title": st.just("t"),
        "examples": st.lists(_VALUES, max_size=1),
        "required": st.lists(_NAMES, max_size=2) | st.booleans(),
        "properties": named,
        "items": inner,
        "prefixItems": several,
        "additionalProperties": inner,
        "propertyNames": inner,
        "contains": inner,
        "minContains": _COUNTS,
        "not": inner,
        "if": inner,
        "then": inner,
        "else": inner,
        "allOf": several,
        "anyOf": several,
        "oneOf": several,
        "dependentRequired": st.dictionaries(_NAMES, st.lists(_NAMES, max_size=2), max_size=1),
        "dependentSchemas": named,
        "unevaluatedProperties": inner,
        "minimum": st.integers(-1, 2),
        "exclusiveMaximum": st.integers(0, 3),
        "multipleOf": st.integers(0, 2),
        "minLength": _COUNTS,
        "maxItems": _COUNTS,
        "uniqueItems": st.booleans(),
        "deprecated": st.booleans(),
        "secret": st.booleans(),
        "$comment": st.just("c"),
        "$defs": named,
    }
    optional = {name: _or_any(one) for name, one in keywords.items()}
    pairs = st.sampled_from(sorted(optional)).flatmap(
        lambda name: st.tuples(st.just(name), optional[name])
    )
    return st.lists(pairs, max_size=4).map(dict)


SCHEMAS = st.recursive(st.booleans(), _grown, max_leaves=6)
OBJECTS = _grown(SCHEMAS)


def _inner(schema: Any) -> list[dict[str, Any]]:
    """The schema and all in it, as far as they stand where schemas stand."""
    if not isinstance(schema, dict):
        return []
    inner = [schema.get(one) for one in ("items", "additionalProperties", "propertyNames")]
    inner += [schema.get(one) for one in ("contains", "not", "if", "then", "else")]
    inner += [schema.get("unevaluatedProperties")]
    for keyword in ("prefixItems", "allOf", "anyOf", "oneOf"):
        inner += schema.get(keyword, [])
    for keyword in ("properties", "dependentSchemas", "$defs"):
        inner += schema.get(keyword, {}).values()
    return [schema, *(found for one in inner for found in _inner(one))]


def _defaults_fit(schema: Any) -> bool:
    return all(
        Draft202012Validator(one, registry=Registry()).is_valid(one["default"])
        for one in _inner(schema)
        if "default" in one
    )


def _told(schema: dict[str, Any]) -> tuple[Diagnostic, ...]:
    report = Report("workflows/w.yaml")
    document = parse(dump({"parameters": schema}), report)
    assert document is not None
    assert type(document.root) is Mapping
    check_schemas(document.root, ("parameters",), report)
    return report.diagnostics()


@given(SCHEMAS)
def test_what_is_plain_is_good_for_the_library(schema: Any) -> None:
    if is_plain(schema):
        assert META.is_valid(schema)
        assert _defaults_fit(schema)


@given(st.dictionaries(_NAMES, OBJECTS, max_size=3))
def test_what_is_plain_in_the_flat_form_is_good_for_the_library(schema: dict[str, Any]) -> None:
    if is_flat(schema) and is_plain_flat(schema):
        assert META.is_valid(as_json_schema(schema))
        assert _defaults_fit(as_json_schema(schema))


@settings(deadline=None)  # a shared machine may stall
@given(OBJECTS, _TYPE)
@example({"properties": {"a": {"required": True, "default": 5}}}, "object")
def test_what_is_told_is_what_the_library_finds(schema: dict[str, Any], kind: Any) -> None:
    schema = {**schema, "type": kind}
    found = {one.rule.code for one in _told(schema)}
    good = META.is_valid(schema)
    assert ("ATT214" in found) == (not good)
    if good:
        assert ("ATT215" in found) == (not _defaults_fit(schema))


@settings(deadline=None)
@given(OBJECTS, _TYPE)
def test_each_problem_has_its_place_and_a_hint(schema: dict[str, Any], kind: Any) -> None:
    found = _told({**schema, "type": kind})
    assert all(one.path.startswith("parameters.") and one.hint for one in found)
    assert len({(one.path, one.message) for one in found}) == len(found)
