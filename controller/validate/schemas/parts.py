"""A schema as its parts: every schema in it that is not plain, with its place. Pure.

May import `pack` and the neighbours.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from controller.pack import node as tree
from controller.pack.node import Node, step
from controller.validate.schemas.flat import as_json_schema, is_flat
from controller.validate.schemas.plain import is_plain
from controller.validate.schemas.vocabulary import NAMED, ONE, SEVERAL

Steps = tuple[str | int, ...]
"""The way from the top of a JSON Schema to something inside it."""


@dataclass(frozen=True, slots=True)
class Part:
    """One schema inside another: where it stands in the file, and what it says.

    `is_entry` marks a parameter of the flat form, whose `required` is true or false.
    """

    node: tree.Mapping
    data: Mapping[str, Any]
    path: str
    steps: Steps
    is_entry: bool = False


def whole(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """The JSON Schema that a schema of either form is."""
    return as_json_schema(schema) if is_flat(schema) else schema


def parts(node: tree.Mapping, schema: Mapping[str, Any], path: str) -> Iterator[Part]:
    """The parts of the schema at `node`, which `whole` has made `schema` of; outer ones first."""
    if not is_flat(node.value):
        yield from _inside(Part(node, schema, path, ()))
        return
    for name, data in schema["properties"].items():
        entry = node.fields[name]
        if type(entry) is tree.Mapping:
            steps = ("properties", name)
            yield from _inside(Part(entry, data, step(path, name), steps, is_entry=True))


def _inside(part: Part) -> Iterator[Part]:
    yield part
    for node, steps in _children(part.node):
        data = at(part.data, steps)
        if type(node) is tree.Mapping and not is_plain(data):
            inner = Part(node, data, path_of(part.path, steps), part.steps + steps)
            yield from _inside(inner)


def _children(node: tree.Mapping) -> Iterator[tuple[Node, Steps]]:
    for keyword, value in node.fields.items():
        if keyword in ONE:
            yield value, (keyword,)
        elif keyword in SEVERAL and type(value) is tree.List:
            for index, item in enumerate(value.items):
                yield item, (keyword, index)
        elif keyword in NAMED and type(value) is tree.Mapping:
            for name, item in value.fields.items():
                yield item, (keyword, name)


def at(data: Any, steps: Steps) -> Any:
    """What stands at the end of `steps`, which must be there."""
    for one in steps:
        data = data[one]
    return data


def node_at(node: Node, steps: Steps) -> Node:
    """The node at the end of `steps`, or the last one on the way that is there."""
    for one in steps:
        inner = _inner(node, one)
        if inner is None:
            return node
        node = inner
    return node


def _inner(node: Node, one: str | int) -> Node | None:
    if type(node) is tree.Mapping:
        return node.fields.get(str(one))
    if type(node) is tree.List and type(one) is int and one < len(node.items):
        return node.items[one]
    return None


def path_of(path: str, steps: Steps) -> str:
    """`path` and `steps` as one path of the document."""
    for one in steps:
        path = f"{path}[{one}]" if type(one) is int else step(path, str(one))
    return path
