"""Tables → the JSON Schema (draft 2020-12) of a file, for editors. Pure; imports `table`.

Looser than the check where JSON Schema has no words, never stricter: a file that is accepted
passes. So a number may stand where a text is meant, null where a field may be absent, and a field
that nobody knows is no mistake (an editor can be told to mark it: objects of the format have no
`additionalProperties`, objects with free content say `true`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from controller.workflow.fields import Schema
from controller.workflow.table import Field, Null, Table

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema(root: Table, definitions: Iterable[Table] = ()) -> dict[str, Any]:
    """The schema of a file whose top is a `root`, with what that refers to among `definitions`."""
    defined = {one.name: _object(one) for one in definitions}
    return {
        "$schema": DIALECT,
        "$id": f"urn:attune-pack-controller:schema:{root.name.lower()}",
        "title": f"Attune {root.name.lower()}",
        **_object(root),
        **({"$defs": defined} if defined else {}),
    }


def _object(table: Table) -> dict[str, Any]:
    properties = {
        name: _property(one, optional=name not in table.required)
        for name, one in table.fields.items()
    }
    required = {"required": list(table.required)} if table.required else {}
    return {
        "description": table.description,
        "type": "object",
        "properties": properties,
        **required,
        **table.also,
    }


def _property(one: Field, *, optional: bool) -> dict[str, Any]:
    schema = {**one.reader.schema, **one.also}
    optional = optional and one.null is not Null.NONE
    return {"description": one.description, **(_nullable(schema) if optional else schema)}


def _nullable(schema: Schema) -> Schema:
    """`schema` or null, which stands for an absent field."""
    if "$ref" in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    if "enum" in schema:
        return {**schema, "enum": [*schema["enum"], None]}
    if "type" not in schema:
        return schema
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return {**schema, "type": list(dict.fromkeys((*types, "null")))}
