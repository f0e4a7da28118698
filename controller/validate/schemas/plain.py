"""Schemas that are certainly good, told in microseconds. Pure.

May import `pack`, `workflow.expressions.patterns` and `vocabulary`.

The library takes about a millisecond for what nearly every file has: types, descriptions and
defaults. Whatever passes here passes there, too; what does not pass is asked of the library.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from controller.pack.signature import TYPES
from controller.validate.schemas.vocabulary import (
    ALL,
    COUNTS,
    LISTS,
    NUMBERS,
    ONE,
    SEVERAL,
    SILENT,
    SWITCHES,
)
from controller.workflow.expressions.patterns import fault

_Test = Callable[[Any], bool]
_KINDS: Mapping[str, tuple[type, ...]] = {
    "array": (list,),
    "boolean": (bool,),
    "integer": (int,),
    "null": (type(None),),
    "number": (int, float),
    "object": (dict,),
    "string": (str,),
}


def is_plain(schema: Any) -> bool:
    """Whether this is a valid JSON Schema for sure, and each default in it fits."""
    return _passes(schema, _TESTS)


def is_plain_flat(schema: Mapping[str, Any]) -> bool:
    """The same for the flat form: `{name: {type, required, …}}`."""
    return all(_passes(one, _FLAT_TESTS) for one in schema.values())


def _passes(schema: Any, tests: Mapping[str, _Test]) -> bool:
    if type(schema) is not dict:
        return schema is True or schema is False
    for keyword, value in schema.items():
        test = tests.get(keyword)
        if test is not None and not test(value):
            return False
    return "default" not in schema or _fits(schema["default"], schema)


def is_type(value: Any) -> bool:
    """Whether this is the name of a type."""
    return type(value) is str and value in TYPES


def _are_types(value: Any) -> bool:
    return is_type(value) or (_is_names(value) and len(value) > 0 and TYPES.issuperset(value))


def _is_names(value: Any) -> bool:
    return (
        type(value) is list
        and all(type(one) is str for one in value)
        and len(set(value)) == len(value)
    )


def _are_plain(value: Any) -> bool:
    return type(value) is dict and all(_passes(one, _TESTS) for one in value.values())


def _is_text(value: Any) -> bool:
    return type(value) is str


def _is_switch(value: Any) -> bool:
    return type(value) is bool


def _is_number(value: Any) -> bool:
    return type(value) is int or type(value) is float


def _is_count(value: Any) -> bool:
    return type(value) is int and value >= 0


def _is_list(value: Any) -> bool:
    return type(value) is list


def _is_several(value: Any) -> bool:
    return type(value) is list and len(value) > 0 and all(map(is_plain, value))


def _is_pattern(value: Any) -> bool:
    return type(value) is str and not fault(value)


def _never(_value: Any) -> bool:
    return False


_TESTS: dict[str, _Test] = {
    **dict.fromkeys(ALL, _never),
    **dict.fromkeys(
        ("$comment", "contentEncoding", "contentMediaType", "description", "format", "title"),
        _is_text,
    ),
    **dict.fromkeys(SWITCHES, _is_switch),
    **dict.fromkeys(NUMBERS - {"multipleOf"}, _is_number),
    **dict.fromkeys(COUNTS, _is_count),
    **dict.fromkeys(LISTS, _is_list),
    **dict.fromkeys(ONE, is_plain),
    **dict.fromkeys(SEVERAL, _is_several),
    "pattern": _is_pattern,
    "properties": _are_plain,
    "required": _is_names,
    "type": _are_types,
}
for _keyword in ("const", "default"):  # any value may stand there
    del _TESTS[_keyword]

_FLAT_TESTS = {**_TESTS, "required": _is_switch}


def _fits(value: Any, schema: Any) -> bool:
    """Whether `value` is certainly valid under a schema whose keywords have passed."""
    if type(schema) is not dict:
        return schema is True
    for keyword, limit in schema.items():
        if keyword in _SPEAKING:
            holds = _HOLDS.get(keyword)
            if holds is None or not holds(value, limit):
                return False
    return True


def _has_type(value: Any, types: str | list[str]) -> bool:
    if type(types) is str:
        return type(value) in _KINDS[types]
    return any(type(value) in _KINDS[one] for one in types)


def _is_in(value: Any, choices: list[Any]) -> bool:
    # Of other values Python and JSON differ: True is equal to 1 here, and not there.
    return type(value) is str and value in choices


def _at_least(value: Any, limit: float) -> bool:
    return _is_number(value) and bool(value >= limit)


def _at_most(value: Any, limit: float) -> bool:
    return _is_number(value) and bool(value <= limit)


def _items_fit(value: Any, schema: Any) -> bool:
    return type(value) is list and all(_fits(one, schema) for one in value)


def _properties_fit(value: Any, properties: Mapping[str, Any]) -> bool:
    if type(value) is not dict:
        return False
    return all(_fits(one, properties.get(name, True)) for name, one in value.items())


def _has(value: Any, names: Any) -> bool:
    # In the flat form `required` is true or false, and asks nothing of the value itself.
    return type(names) is bool or (type(value) is dict and value.keys() >= set(names))


_SPEAKING = ALL - SILENT
_HOLDS: Mapping[str, Callable[[Any, Any], bool]] = {
    "type": _has_type,
    "enum": _is_in,
    "minimum": _at_least,
    "maximum": _at_most,
    "minLength": lambda value, limit: type(value) is str and len(value) >= limit,
    "maxLength": lambda value, limit: type(value) is str and len(value) <= limit,
    "items": _items_fit,
    "properties": _properties_fit,
    "required": _has,
}
