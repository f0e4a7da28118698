"""Schemas that are hard on a validator: each is a workflow's, and an action's."""

from __future__ import annotations

from tests.hostile.building import each, in_parameters

_SLOW = "^(a+)+$"
_VICTIM = "a" * 60 + "!"


def _properties(text: str) -> str:
    return in_parameters(f"{{type: object, properties: {{{text}}}}}")


def _doubling(keyword: str) -> str:
    """Each definition asks for the next one twice: 2⁴⁰ ways through."""
    following = "{$ref: '#/$defs/d%d'}"
    both = (
        f"d{number}: {{{keyword}: [{following % (number + 1)}, {following % (number + 1)}]}}"
        for number in range(40)
    )
    definitions = f"{', '.join(both)}, d40: {{type: string}}"
    asks = "properties: {a: {$ref: '#/$defs/d0', default: 1}}"
    return in_parameters(f"{{type: object, $defs: {{{definitions}}}, {asks}}}")


SCHEMAS: dict[str, str] = {
    "properties": _properties(each("p#: {type: string, default: 1}, ", 9000)),
    "flat form": in_parameters(f"{{{each('p#: {type: string, default: 1}, ', 9000)}}}"),
    "depth": _properties("a: " + "{properties: {a: " * 28 + "{type: nope}" + "}}" * 28),
    "not not not": _properties("a: " + "{not: " * 55 + "{}" + "}" * 55),
    "deep default": _properties("a: {type: string, default: " + "[" * 55 + "]" * 55 + "}"),
    "slow pattern": _properties(f"a: {{pattern: '{_SLOW}', default: '{_VICTIM}'}}"),
    "slow pattern, flat": in_parameters(
        f"{{a: {{type: string, pattern: '{_SLOW}', default: '{_VICTIM}'}}}}"
    ),
    "slow pattern of names": in_parameters(
        f"{{type: object, patternProperties: {{'{_SLOW}': {{}}}}, default: {{'{_VICTIM}': 1}}}}"
    ),
    "pattern of brackets": _properties(f"a: {{pattern: '{'(' * 400_000}', default: a}}"),
    "itself": in_parameters("{type: object, $ref: '#', default: {}}"),
    "a property that is itself": _properties("a: {$ref: '#/properties/a', default: 1}"),
    "itself, by its dynamic name": in_parameters(
        "{type: object, $dynamicAnchor: n, "
        "properties: {a: {$dynamicRef: '#n', default: {a: {a: 1}}}}}"
    ),
    "doubling anyOf": _doubling("anyOf"),
    "doubling allOf": _doubling("allOf"),
    "doubling oneOf": _doubling("oneOf"),
    "references to nothing": _properties(each("p#: {$ref: '#/nope/#', default: 1}, ", 6000)),
    "reference to a site": _properties("a: {$ref: 'http://192.0.2.1/', default: 1}"),
    "reference to a file": _properties("a: {$ref: 'file:///dev/zero', default: 1}"),
    "enum": _properties(f"a: {{enum: [{each('x#, ', 40_000)}], default: 1}}"),
    "enum of objects": _properties(f"a: {{enum: [{each('{a: #}, ', 12_000)}], default: 1}}"),
    "unique objects": _properties(
        f"a: {{uniqueItems: true, default: [{each('{a: #}, ', 12_000)}]}}"
    ),
    "choices": _properties(f"a: {{anyOf: [{each('{const: #}, ', 9000)}], default: x}}"),
    "required": in_parameters(
        f"{{type: object, required: [{each('x#, ', 40_000)}], default: {{}}}}"
    ),
    "tiny multiples": _properties("a: {multipleOf: 1.0e-300, default: 1.0e+300}"),
}
