"""The keywords of JSON Schema, draft 2020-12, by what stands under them. Imports nothing of ours.

Source: the meta-schema, https://json-schema.org/draft/2020-12/schema, and its vocabularies.
"""

from __future__ import annotations

ONE = frozenset(
    (
        "additionalProperties", "contains", "contentSchema", "else", "if", "items", "not",
        "propertyNames", "then", "unevaluatedItems", "unevaluatedProperties",
    )
)  # fmt: skip
"""One schema."""

SEVERAL = frozenset(("allOf", "anyOf", "oneOf", "prefixItems"))
"""A list of schemas, not empty."""

NAMED = frozenset(("$defs", "definitions", "dependentSchemas", "patternProperties", "properties"))
"""Schemas, each under a name."""

TEXTS = frozenset(
    (
        "$anchor", "$comment", "$dynamicAnchor", "$dynamicRef", "$id", "$ref", "$schema",
        "contentEncoding", "contentMediaType", "description", "format", "pattern", "title",
    )
)  # fmt: skip
SWITCHES = frozenset(("deprecated", "readOnly", "uniqueItems", "writeOnly"))
NUMBERS = frozenset(("exclusiveMaximum", "exclusiveMinimum", "maximum", "minimum", "multipleOf"))
COUNTS = frozenset(
    (
        "maxContains", "maxItems", "maxLength", "maxProperties", "minContains", "minItems",
        "minLength", "minProperties",
    )
)  # fmt: skip
LISTS = frozenset(("enum", "examples"))

OTHERS = frozenset(
    (
        "$recursiveAnchor", "$recursiveRef", "$vocabulary", "const", "default", "dependencies",
        "dependentRequired", "required", "type",
    )
)  # fmt: skip

ALL = ONE | SEVERAL | NAMED | TEXTS | SWITCHES | NUMBERS | COUNTS | LISTS | OTHERS

SILENT = frozenset(
    (
        "$comment", "$defs", "contentEncoding", "contentMediaType", "contentSchema", "default",
        "definitions", "deprecated", "description", "examples", "format", "readOnly", "title",
        "writeOnly",
    )
)  # fmt: skip
"""Keywords that refuse no value."""
