"""What each keyword of JSON Schema must be, in plain words. Pure; imports `pack`, the neighbours.

Source: https://json-schema.org/draft/2020-12/json-schema-validation
"""

from __future__ import annotations

from controller.pack.node import Node, Scalar
from controller.pack.report import nearest
from controller.pack.signature import TYPES
from controller.validate.schemas.parts import Part
from controller.validate.schemas.vocabulary import (
    COUNTS,
    LISTS,
    NAMED,
    NUMBERS,
    ONE,
    SEVERAL,
    SWITCHES,
    TEXTS,
)

_FORMS: dict[str, str] = {
    **dict.fromkeys(ONE, "a schema"),
    **dict.fromkeys(SEVERAL, "a list of schemas, with one at least"),
    **dict.fromkeys(NAMED, "an object of schemas, each under its name"),
    **dict.fromkeys(TEXTS, "a text"),
    **dict.fromkeys(SWITCHES, "`true` or `false`"),
    **dict.fromkeys(NUMBERS, "a number"),
    **dict.fromkeys(COUNTS, "an integer of 0 or more"),
    **dict.fromkeys(LISTS, "a list"),
    "dependentRequired": "an object of lists of names",
    "multipleOf": "a number above 0",
    "required": "a list of names, each of them once",
    "type": "a list of types, each of them once",
}

_INSIDE: dict[str, str] = {
    **dict.fromkeys((*SEVERAL, *NAMED), "a schema"),
    "dependentRequired": "a list of names, each of them once",
    "required": "a name",
    "type": "the name of a type",
}
"""The same for what stands inside the keyword's value."""

_OTHER_NAMES = {
    "any": "Leave `type` out: then any value goes.",
    "bool": "Write `boolean`.",
    "dict": "Write `object`.",
    "double": "Write `number`.",
    "enum": "Leave `type` out, and list the values: `enum: [a, b]`.",
    "float": "Write `number`.",
    "int": "Write `integer`.",
    "list": "Write `array`.",
    "long": "Write `integer`.",
    "map": "Write `object`.",
    "none": "Write `null`.",
    "num": "Write `number`.",
    "obj": "Write `object`.",
    "password": "Write `string`.",
    "secret": "Write `string`, and `secret: true` beside it.",
    "str": "Write `string`.",
    "text": "Write `string`.",
    **{
        name: f"Write `type: string` and `format: {form}`."
        for name, form in (
            ("date", "date"),
            ("datetime", "date-time"),
            ("date-time", "date-time"),
            ("email", "email"),
            ("uri", "uri"),
            ("url", "uri"),
            ("uuid", "uuid"),
        )
    },
}
"""Types of other languages."""

_A_SCHEMA = "Write an object such as `{type: string}`, or `true` or `false`."
_ENTRY_SWITCH = "`true` or `false`"


def wanted(part: Part, keyword: str, *, inside: bool, node: Node) -> tuple[str, str]:
    """What a keyword, or what is inside its value, must be, and what to do where that helps."""
    forms = _INSIDE if inside else _FORMS
    form = forms.get(keyword, _FORMS.get(keyword, "what the meta-schema of JSON Schema allows"))
    if keyword == "required" and not inside:
        return _required(part, node, form)
    if keyword == "type" and type(node) is Scalar:
        return "a type of JSON Schema", _type_hint(node.text)
    if keyword in ("exclusiveMaximum", "exclusiveMinimum") and type(node.value) is bool:
        other = keyword.replace("exclusiveM", "m")
        return form, f"Write the bound itself under `{keyword}`, in place of `{other}`."
    if keyword == "items" and type(node.value) is list:
        return form, "Write one schema for all, or name them one by one in `prefixItems`."
    return form, _A_SCHEMA if form == "a schema" else ""


def _required(part: Part, node: Node, form: str) -> tuple[str, str]:
    if part.is_entry:
        return _ENTRY_SWITCH, "Write `required: true`, or remove it."
    if node.value is False:
        return form, "Remove it: nothing is required unless it is said."
    name = part.steps[-1] if len(part.steps) > 1 and part.steps[-2] == "properties" else None
    if node.value is True and name is not None:
        return form, f"List the name in the `required` of the object around: `required: [{name}]`."
    return form, "" if type(node.value) is list else "List the names: `required: [a, b]`."


def _type_hint(name: str) -> str:
    known = ", ".join(f"`{one}`" for one in sorted(TYPES))
    return _OTHER_NAMES.get(name.lower()) or nearest(name, TYPES) or f"Use one of {known}."
