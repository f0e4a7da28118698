"""The flat form of a schema, which Attune has beside JSON Schema: `{name: {type, required, …}}`.

Pure; imports nothing of ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_WHOLE = ("$ref", "$schema", "allOf", "anyOf", "oneOf")


def is_flat(schema: Mapping[str, Any]) -> bool:
    """Whether the keys are names of parameters, and not keywords.

    A parameter may be called `type` or `properties`: it then has an object there that a keyword
    could not have.
    """
    if "type" in schema and type(schema["type"]) is not dict:
        return False
    properties = schema.get("properties")
    if type(properties) is dict and all(type(one) is dict for one in properties.values()):
        return False
    return all(type(schema.get(keyword, {})) is dict for keyword in _WHOLE)


def entry(schema: Mapping[str, Any]) -> dict[str, Any]:
    """One parameter as a JSON Schema: without its own `required`, which is true or false."""
    return {
        keyword: value
        for keyword, value in schema.items()
        if keyword != "required" or type(value) is not bool
    }


def as_json_schema(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The whole as a JSON Schema of an object; what is no object is left out."""
    entries = {name: one for name, one in schema.items() if type(one) is dict}
    return {
        "type": "object",
        "properties": {name: entry(one) for name, one in entries.items()},
        "required": [name for name, one in entries.items() if one.get("required") is True],
    }
