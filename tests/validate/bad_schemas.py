"""Schemas with what is to be told of each: code, path inside the schema, a part of the hint."""

from __future__ import annotations

BAD: dict[str, tuple[str, list[tuple[str, str, str]]]] = {
    "unknown type": ("{type: banana}", [("ATT214", "type", "Use one of `array`, `boolean`")]),
    "mistyped type": ("{a: {type: strnig}}", [("ATT214", "a.type", "`string`")]),
    "type of Python": ("{a: {type: int}}", [("ATT214", "a.type", "`integer`")]),
    "type of a format": ("{a: {type: datetime}}", [("ATT214", "a.type", "`format: date-time`")]),
    "type that is a number": ("{type: 5}", [("ATT214", "type", "Use one of")]),
    "one type of several": (
        "{a: {type: [string, nul]}}",
        [("ATT214", "a.type[1]", "`null`")],
    ),
    "types twice": ("{a: {type: [string, string]}}", [("ATT214", "a.type", "each of them once")]),
    "required in a property": (
        "{type: object, properties: {port: {type: integer, required: true}}}",
        [("ATT214", "properties.port.required", "`required: [port]`")],
    ),
    "required false in a property": (
        "{type: object, properties: {port: {type: integer, required: false}}}",
        [("ATT214", "properties.port.required", "Remove it")],
    ),
    "required at the top": (
        "{type: object, required: yes please}",
        [("ATT214", "required", "`required: [a, b]`")],
    ),
    "required in the flat form": (
        "{a: {type: string, required: yes}}",
        [("ATT214", "a.required", "`required: true`")],
    ),
    "required that is no name": (
        "{type: object, required: [a, 1]}",
        [("ATT214", "required[1]", "a name")],
    ),
    "required twice": ("{type: object, required: [a, a]}", [("ATT214", "required", "once")]),
    "list as items": (
        "{type: array, items: [{type: string}]}",
        [("ATT214", "items", "`prefixItems`")],
    ),
    "no schema in a property": (
        "{type: object, properties: {a: string}}",
        [("ATT214", "properties.a", "{type: string}")],
    ),
    "no choices": ("{type: object, anyOf: []}", [("ATT214", "anyOf", "one at least")]),
    "bound of an older draft": (
        "{a: {type: integer, minimum: 0, exclusiveMinimum: true}}",
        [("ATT214", "a.exclusiveMinimum", "the bound itself")],
    ),
    "length below zero": ("{a: {type: string, minLength: -1}}", [("ATT214", "a.minLength", "0")]),
    "enum as a text": ('{a: {type: string, enum: "a, b"}}', [("ATT214", "a.enum", "a list")]),
    "bad pattern": ("{a: {type: string, pattern: '('}}", [("ATT214", "a.pattern", "quotes")]),
    "bad name pattern": (
        "{type: object, patternProperties: {'(': {type: string}}}",
        [("ATT214", "patternProperties.(", "quotes")],
    ),
    "reference to nothing": (
        "{type: object, properties: {a: {$ref: '#/$defs/tme'}}, $defs: {time: {type: string}}}",
        [("ATT214", "properties.a.$ref", "`#/$defs/time`")],
    ),
    "reference to elsewhere": (
        "{type: object, properties: {a: {$ref: 'http://127.0.0.1:1/a.json'}}}",
        [("ATT214", "properties.a.$ref", "`$defs`")],
    ),
    "reference to a text": (
        "{type: object, title: x, properties: {a: {$ref: '#/title'}}}",
        [("ATT214", "properties.a.$ref", "`$defs`")],
    ),
    "reference to itself": ("{type: object, $ref: '#'}", [("ATT214", "$ref", "says something")]),
    "bad base": (
        "{type: object, $id: 5, properties: {a: {$ref: '#/b'}}}",
        [("ATT214", "$id", "a text")],
    ),
    "deep inside": (
        "{a: {type: array, items: {type: object, properties: {b: {type: text}}}}}",
        [("ATT214", "a.items.properties.b.type", "`string`")],
    ),
    "several at once": (
        "{a: {type: strin, default: 5}, b: {type: string, default: 5, maximum: x}}",
        [("ATT214", "a.type", ""), ("ATT214", "b.maximum", ""), ("ATT215", "b.default", "quotes")],
    ),
    "number for a text": (
        "{a: {type: string, default: 5}}",
        [("ATT215", "a.default", "in quotes")],
    ),
    "text for a number": (
        "{a: {type: integer, default: '5'}}",
        [("ATT215", "a.default", "without quotes")],
    ),
    "null for a text": ("{a: {type: string, default: ~}}", [("ATT215", "a.default", "Remove it")]),
    "not one of the choices": (
        "{a: {type: string, enum: [dev, staging], default: stagin}}",
        [("ATT215", "a.default", "`staging`")],
    ),
    "too large": ("{a: {type: integer, maximum: 5, default: 9}}", [("ATT215", "a.default", "")]),
    "too long": ("{a: {type: string, maxLength: 1, default: ab}}", [("ATT215", "a.default", "")]),
    "not of the pattern": (
        "{a: {type: string, pattern: '^[a-z]+$', default: ABC}}",
        [("ATT215", "a.default", "")],
    ),
    "inside a default": (
        "{a: {type: array, items: {type: string}, default: [x, 1]}}",
        [("ATT215", "a.default[1]", "in quotes")],
    ),
    "default of an object": (
        "{a: {type: object, properties: {b: {type: integer}}, required: [c], default: {b: x}}}",
        [("ATT215", "a.default", "Add it"), ("ATT215", "a.default.b", "")],
    ),
    "field that the schema does not know": (
        "{a: {type: object, properties: {bee: {}}, additionalProperties: false, default: {be: 1}}}",
        [("ATT215", "a.default", "`bee`")],
    ),
    "deep default": (
        "{type: object, properties: {a: {properties: {b: {type: integer, default: x}}}}}",
        [("ATT215", "properties.a.properties.b.default", "")],
    ),
    "default by reference": (
        "{type: object, properties: {a: {$ref: '#/$defs/t', default: 5}}, $defs: {t: {const: x}}}",
        [("ATT215", "properties.a.default", "")],
    ),
}  # fmt: skip
