"""A value that does not fit its schema, in plain words. Pure; imports `pack` and the neighbours."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from controller.pack.content import Json
from controller.pack.report import nearest, quoted
from controller.validate.schemas.values import Misfit

_MOST_LISTED = 8

_Words = Callable[[Any, Any], str]


def words(misfit: Misfit) -> str:
    """What is wrong with the value, as the end of a sentence that begins with its path."""
    if misfit.keyword == "additionalProperties":
        return f"has {_listed(_unknown(misfit))}, which its schema does not know"
    say = _WORDS.get(misfit.keyword)
    return say(misfit.limit, misfit.value) if say else f"does not satisfy `{misfit.keyword}`"


def hint(misfit: Misfit) -> str:
    """What to do about it."""
    value, limit = misfit.value, misfit.limit
    if misfit.keyword == "type":
        return _type_hint(value, _names(limit))
    if misfit.keyword == "enum" and type(value) is str:
        return nearest(value, [one for one in limit if type(one) is str]) or "Use one of those."
    if misfit.keyword == "additionalProperties":
        known = misfit.schema.get("properties", {})
        return nearest(_unknown(misfit)[0], known) or "Remove it, or add it to the schema."
    if misfit.keyword == "required":
        return "Add it, or take it out of what is required."
    return "Correct the value, or the schema."


def _type_hint(value: Json, types: list[str]) -> str:
    if "string" in types and type(value) in (int, float, bool):
        return "Put it in quotes, or correct the type."
    if type(value) is str and value and not {"integer", "number"}.isdisjoint(types):
        return "Write a number without quotes, or correct the type."
    if value is None:
        return "Remove it: without a value there is none, or allow `null` in the type."
    return "Correct the value, or the type."


def _names(types: Any) -> list[str]:
    return [types] if type(types) is str else list(types)


def _unknown(misfit: Misfit) -> list[str]:
    known = misfit.schema.get("properties", {})
    return [name for name in misfit.value if name not in known]


def _must_have_type(types: Any, value: Any) -> str:
    return f"must be {' or '.join(_ARTICLES[one] for one in _names(types))}, not {_shown(value)}"


_ARTICLES = {
    "array": "a list",
    "boolean": "`true` or `false`",
    "integer": "an integer",
    "null": "null",
    "number": "a number",
    "object": "an object",
    "string": "a text",
}


def _shown(value: Any) -> str:
    if type(value) is dict:
        return "an object"
    if type(value) is list:
        return "a list"
    if type(value) is str:
        return f"the text {quoted(value)}"
    return "null" if value is None else quoted(_json(value))


def _json(value: Any) -> str:
    return str(value).lower() if type(value) is bool else str(value)


def _listed(values: list[Any]) -> str:
    shown = [
        _shown(one) if type(one) in (dict, list) else quoted(_json(one))
        for one in values[:_MOST_LISTED]
    ]
    more = len(values) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")


def _lacks(names: Any, value: Any) -> str:
    return f"has no {_listed([name for name in names if name not in value])}"


def _count(what: str, bound: str) -> _Words:
    return lambda limit, value: f"has {len(value)} {what}, and must have {limit} at {bound}"


def _bound(words: str) -> _Words:
    return lambda limit, value: f"is {value}, and must be {words} {limit}"


_WORDS: Mapping[str, _Words] = {
    "anyOf": lambda _limit, _value: "fits none of the schemas in `anyOf`",
    "const": lambda limit, _value: f"must be {_shown(limit)}",
    "enum": lambda limit, value: f"is {_shown(value)}, and must be one of {_listed(limit)}",
    "exclusiveMaximum": _bound("below"),
    "exclusiveMinimum": _bound("above"),
    "maximum": _bound("at most"),
    "maxItems": _count("entries", "most"),
    "maxLength": _count("characters", "most"),
    "maxProperties": _count("fields", "most"),
    "minimum": _bound("at least"),
    "minItems": _count("entries", "least"),
    "minLength": _count("characters", "least"),
    "minProperties": _count("fields", "least"),
    "multipleOf": _bound("a multiple of"),
    "not": lambda _limit, _value: "fits the schema in `not`",
    "oneOf": lambda _limit, _value: "must fit exactly one of the schemas in `oneOf`",
    "pattern": lambda limit, value: f"is {_shown(value)}, and must match {quoted(limit)}",
    "required": _lacks,
    "type": _must_have_type,
    "uniqueItems": lambda _limit, _value: "has an entry twice",
}
