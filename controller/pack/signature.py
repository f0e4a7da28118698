"""What a workflow or an action takes: its parameters, as far as a caller must know them. Pure.

Imports `content`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from controller.pack.content import Json

TYPES = frozenset(("array", "boolean", "integer", "null", "number", "object", "string"))
"""The types of JSON Schema: https://json-schema.org/draft/2020-12/json-schema-validation#section-6.1.1"""

# These outlive the reconcile, and nearly every parameter has one type: one tuple serves them all.
_ALONE = {name: (name,) for name in TYPES}

_ELSEWHERE = ("$ref", "allOf", "anyOf", "if", "oneOf", "patternProperties")
"""Keywords by which a schema may name properties, or ask for them, in other places."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One input; without `types` any value goes, `required` only counts without a default."""

    required: bool = False
    types: tuple[str, ...] = ()
    choices: tuple[Json, ...] = ()


@dataclass(frozen=True, slots=True)
class Signature:
    """The inputs by name; `open` when others than these are taken, too."""

    parameters: Mapping[str, Parameter]
    open: bool = False


def signature(schema: Json) -> Signature | None:
    """What a `param_schema` asks of a caller; None when it cannot be told.

    Takes both forms that Attune has: a JSON Schema of an object, and the flat form
    (`{name: {type, required, …}}`). No schema at all takes anything.
    """
    if not isinstance(schema, Mapping):
        return None
    properties = schema.get("properties")
    if isinstance(schema.get("type"), str | list):
        return _of_json_schema(schema, properties) if isinstance(properties, Mapping) else None
    # A flat schema may have a parameter that is called `properties`.
    if isinstance(properties, Mapping) and all(
        isinstance(one, Mapping) for one in properties.values()
    ):
        return _of_json_schema(schema, properties)
    return Signature({name: _parameter(one, required=False) for name, one in schema.items()})


def _of_json_schema(schema: Mapping[str, Json], properties: Mapping[str, Json]) -> Signature:
    required = schema.get("required")
    names = required if isinstance(required, list) else []
    parameters = {name: _parameter(one, required=name in names) for name, one in properties.items()}
    # By the letter of JSON Schema others are let in where nothing is said of them; whoever writes
    # a name that is not listed has nearly always misspelled one that is.
    more = schema.get("additionalProperties", False) is not False
    return Signature(parameters, open=more or any(one in schema for one in _ELSEWHERE))


def _parameter(schema: Json, *, required: bool) -> Parameter:
    if not isinstance(schema, Mapping):
        return Parameter(required=required)
    choices = schema.get("enum")
    return Parameter(
        required=(required or schema.get("required") is True) and "default" not in schema,
        types=_types(schema.get("type")),
        choices=tuple(choices) if isinstance(choices, list) else (),
    )


def _types(given: Json) -> tuple[str, ...]:
    """The types of a parameter; none, which lets anything in, when one of them is not known."""
    if isinstance(given, str):
        return _ALONE.get(given, ())
    if not isinstance(given, list):
        return ()
    known = tuple(one for one in given if isinstance(one, str) and one in TYPES)
    return known if len(known) == len(given) else ()
