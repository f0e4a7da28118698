"""Typed reading of nodes: one small reader for each kind of value. Imports `pack` only.

A reader takes a node and gives its value, or `ABSENT` after it told the report why there is none.
It comes with the JSON Schema of what it takes: `table` makes objects of them, `schema` the format.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping as MappingType
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Any

from controller.pack import rules
from controller.pack.node import List, Mapping, Node, Scalar, step
from controller.pack.numbers import is_unstorable
from controller.pack.report import Report, nearest, quoted


class _Absent(Enum):
    ABSENT = "absent"


ABSENT = _Absent.ABSENT
"""What a reader gives when there is no value to go on with."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What every reader needs beside the node."""

    report: Report
    has_unstorable: bool


Read = Callable[[Node, str, Reading], Any]
Schema = MappingType[str, Any]
"""A JSON Schema, draft 2020-12."""


@dataclass(frozen=True, slots=True)
class Reader:
    """How a value is read, and the JSON Schema of what is then no error; null is no matter here."""

    read: Read
    schema: Schema


def wrong_type(node: Node, path: str, wanted: str, reading: Reading, *, hint: str = "") -> None:
    """Report that the value at `path` is not `wanted` (with its article)."""
    message = f"`{path}` must be {wanted}, not {kind_of(node)}"
    hint = hint or f"Give it {wanted}."
    reading.report.add(rules.WRONG_TYPE, node, message, path=path, hint=hint)


def kind_of(node: Node) -> str:
    """What a value is, as the end of a sentence: `an object`, or the text itself."""
    if type(node) is Mapping:
        return "an object"
    if type(node) is List:
        return "a list"
    if type(node) is not Scalar or node.value is None:
        return "null"
    if type(node.value) is str:
        return f"the text {quoted(node.text)}"
    return f"{quoted(node.text)}"


def read_text(node: Node, path: str, reading: Reading) -> Any:
    """A text; a number or boolean gives its own spelling, as Attune does, with a warning."""
    if type(node) is not Scalar or node.value is None:
        wrong_type(node, path, "a text", reading)
        return ABSENT
    if type(node.value) is not str:
        message = f"`{path}` is a text, and {quoted(node.text)} is read as a number or boolean"
        hint = f'Write "{node.text}" in quotes.'
        reading.report.add(rules.NEEDS_QUOTES, node, message, path=path, hint=hint)
    return node.text


TEXT = Reader(read_text, {"type": ["string", "number", "boolean"]})


def text(*, minimum: int = 0, maximum: int) -> Reader:
    """A text of `minimum` to `maximum` characters."""

    def read(node: Node, path: str, reading: Reading) -> Any:
        value = read_text(node, path, reading)
        if value is ABSENT or minimum <= len(value) <= maximum:
            return value
        if not value:
            message, hint = f"`{path}` is empty", "Give it a value."
        else:
            message = f"`{path}` has {len(value)} characters; {maximum} are allowed"
            hint = "Shorten it."
        reading.report.add(rules.OUT_OF_RANGE, node, message, path=path, hint=hint)
        return ABSENT

    least = {"minLength": minimum} if minimum else {}
    return Reader(read, {**TEXT.schema, **least, "maxLength": maximum})


def integer(minimum: int, maximum: int) -> Reader:
    """An integer from `minimum` to `maximum`, both included."""

    def read(node: Node, path: str, reading: Reading) -> Any:
        value = node.value
        if type(value) is not int:
            hint = "A template cannot stand here." if "{{" in str(value) else ""
            wrong_type(node, path, "an integer", reading, hint=hint)
            return ABSENT
        if minimum <= value <= maximum and _spelled(node) != "-0":
            return value
        message = f"`{path}` is {_spelled(node)}, and must be from {minimum} to {maximum}"
        hint = "Use an integer within these bounds."
        reading.report.add(rules.OUT_OF_RANGE, node, message, path=path, hint=hint)
        return ABSENT

    return Reader(read, {"type": "integer", "minimum": minimum, "maximum": maximum})


def _spelled(node: Node) -> str:
    return node.text if type(node) is Scalar and len(node.text) <= 24 else "a very large number"


def read_boolean(node: Node, path: str, reading: Reading) -> Any:
    """`true` or `false`."""
    if type(node.value) is bool:
        return node.value
    wrong_type(node, path, "`true` or `false`", reading)
    return ABSENT


BOOLEAN = Reader(read_boolean, {"type": "boolean"})


def choice(kind: type[StrEnum]) -> Reader:
    """One of the values of an enum."""
    known = {str(member): member for member in kind}
    listed = ", ".join(f"`{name}`" for name in known)

    def read(node: Node, path: str, reading: Reading) -> Any:
        if type(node) is not Scalar:
            wrong_type(node, path, f"one of {listed}", reading)
            return ABSENT
        member = known.get(node.text)
        if member is not None:
            return member
        given = quoted(node.text) if node.text else "empty"
        message = f"`{path}` is {given}, and must be one of {listed}"
        hint = nearest(node.text, known) or "Use one of those, or remove the field."
        reading.report.add(rules.UNKNOWN_VALUE, node, message, path=path, hint=hint)
        return ABSENT

    return Reader(read, {"enum": list(known)})


def list_of(entry: Reader) -> Reader:
    """A list; entries without a value are left out. Gives a tuple."""
    read_entry = entry.read

    def read(node: Node, path: str, reading: Reading) -> Any:
        if type(node) is not List:
            wrong_type(node, path, "a list", reading, hint=_as_list(node))
            return ABSENT
        values = [
            read_entry(item, f"{path}[{index}]", reading) for index, item in enumerate(node.items)
        ]
        return tuple(value for value in values if value is not ABSENT)

    return Reader(read, {"type": "array", "items": entry.schema})


def _as_list(node: Node) -> str:
    if type(node) is Mapping:
        return "Begin each entry with `- `."
    if type(node) is not Scalar or len(node.text) >= 40:
        return ""
    return _NOTHING.format("[]") if node.value is None else f"Write `[{node.text}]`."


_NOTHING = "Write `{}`, or remove the field."


def entry_text(node: Node, path: str, reading: Reading) -> Any:
    """A text in a list or mapping; a null is left out with a warning."""
    if node.value is not None:
        return read_text(node, path, reading)
    message = f"`{path}` is null: it is left out"
    hint = "Remove it, or give it a value."
    reading.report.add(rules.NULL_ENTRY, node, message, path=path, hint=hint)
    return ABSENT


ENTRY = Reader(entry_text, {"type": ["string", "number", "boolean", "null"]})


def map_of(entry: Reader) -> Reader:
    """An object with any keys, all values alike; entries without a value are left out."""
    read_entry = entry.read

    def read(node: Node, path: str, reading: Reading) -> Any:
        if type(node) is not Mapping:
            wrong_type(node, path, "an object", reading)
            return ABSENT
        pairs = (
            (key, read_entry(item, step(path, key), reading)) for key, item in node.fields.items()
        )
        return {key: value for key, value in pairs if value is not ABSENT}

    return Reader(read, {"type": "object", "additionalProperties": entry.schema})


def read_json(node: Node, path: str, reading: Reading) -> Any:
    """Any value that jsonb can hold, as plain data."""
    if reading.has_unstorable:
        _check_numbers(node, path, reading)
    return node.value


JSON = Reader(read_json, {})


def read_object(node: Node, path: str, reading: Reading) -> Any:
    """An object with any content, as plain data."""
    if type(node) is Mapping:
        return read_json(node, path, reading)
    hint = _NOTHING.format("{}") if node.value is None else ""
    wrong_type(node, path, "an object", reading, hint=hint)
    return ABSENT


OBJECT = Reader(read_object, {"type": "object", "additionalProperties": True})


def _check_numbers(node: Node, path: str, reading: Reading) -> None:
    if type(node) is Mapping:
        for key, child in node.fields.items():
            _check_numbers(child, step(path, key), reading)
    elif type(node) is List:
        for index, item in enumerate(node.items):
            _check_numbers(item, f"{path}[{index}]", reading)
    elif is_unstorable(node.value) and type(node) is Scalar:
        message = f"`{path}` is {quoted(node.text)}, which JSON in PostgreSQL cannot hold exactly"
        hint = "Use a number within 64 bits, or put it in quotes to make it a text."
        reading.report.add(rules.UNSTORABLE_NUMBER, node, message, path=path, hint=hint)
