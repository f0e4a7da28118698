"""What a workflow or an action declares: the schemas of what it takes and gives, and variables.

May import `pack` and `fields`. Source of the rules: as in `schema`.
"""

from __future__ import annotations

import re
from typing import Any

from controller.pack import rules
from controller.pack.node import List, Mapping, Node
from controller.pack.report import quoted
from controller.workflow import fields as read
from controller.workflow.fields import ABSENT, Reader, Reading

_VARIABLE = re.compile(r"[\w-]+")


def _schema(node: Node, path: str, reading: Reading) -> Any:
    if type(node) is not Mapping:
        hint = "Write `name: {type: string}` lines." if type(node) is List else ""
        read.wrong_type(node, path, "an object", reading, hint=hint)
        return ABSENT
    if "type" not in node.fields:
        _check_entries(node, path, reading)
    return read.read_json(node, path, reading)


def _check_entries(node: Mapping, path: str, reading: Reading) -> None:
    values = [name for name, entry in node.fields.items() if type(entry) is not Mapping]
    if path == "output" and len(values) == len(node.fields) > 0:
        message = "`output` describes the types of results, and these entries are their values"
        hint = "Name it `output_map`, or write `{name: {type: string}}`."
        reading.report.add(rules.NO_SCHEMA, node.keys[values[0]], message, path=path, hint=hint)
        return
    for name, entry in node.fields.items():
        if type(entry) is not Mapping or "type" not in entry.fields:
            _no_schema(node, name, path, reading)


def _no_schema(node: Mapping, name: str, path: str, reading: Reading) -> None:
    message = f"`{path}` is no JSON Schema, and its entry {quoted(name)} has no `type`"
    hint = f"Write `{name}: {{type: string}}`, or a JSON Schema with `type: object`."
    where = f"{path}.{name}"
    reading.report.add(rules.NO_SCHEMA, node.keys[name], message, path=where, hint=hint)


SCHEMA = Reader(
    _schema,
    {
        "type": "object",
        "additionalProperties": True,
        "anyOf": [
            {"required": ["type"]},
            {"additionalProperties": {"required": ["type"], "type": ["object"]}},
        ],
    },
)
"""A JSON Schema, or the flat form: `{name: {type: …}}`."""


def _variables(node: Node, path: str, reading: Reading) -> Any:
    if type(node) is List:
        hint = "Write `vars:` as `name: value` lines without dashes."
        read.wrong_type(node, path, "an object", reading, hint=hint)
        return ABSENT
    value = read.read_object(node, path, reading)
    if type(node) is Mapping:
        for name, key in node.keys.items():
            if not _VARIABLE.fullmatch(name):
                message = f"the variable {quoted(name)} has a name that no expression can use"
                hint = "Use letters, digits, `_` and `-`."
                where = f"{path}.{name}"
                reading.report.add(rules.BAD_VARIABLE_NAME, key, message, path=where, hint=hint)
    return value


# Letters of any script are allowed, which patterns of JSON Schema cannot say in all dialects.
VARIABLES = Reader(
    _variables,
    {**read.OBJECT.schema, "propertyNames": {"pattern": r"^([A-Za-z0-9_-]|[^\x00-\x7f])+$"}},
)
