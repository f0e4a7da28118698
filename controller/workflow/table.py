"""A kind of object as a table: its fields, how each is read, and what an editor says of it.

May import `pack` and `fields`. The tables are the format: reading a file and the JSON Schema for
editors both come from them, so that the two never differ.
"""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from controller.pack import rules
from controller.pack.node import Mapping, Node, Scalar, step
from controller.pack.report import closest, quoted
from controller.workflow.fields import ABSENT, Read, Reader, Reading, Schema

_MAX_COMPARED = 8
"""Unknown fields that are looked at for one that is missing."""


class Null(Enum):
    """Which nulls are as if the field were absent; the others are values of a wrong type.

    Attune's parser takes null for a list or an object only where nothing is written at all
    (`tags:`), and never for a word or a boolean that has a default.
    """

    ANY = "any"
    EMPTY = "empty"
    NONE = "none"

    def covers(self, node: Node) -> bool:
        """Whether `node`, which is null, is as good as nothing."""
        if self is Null.EMPTY:
            return type(node) is Scalar and not node.text
        return self is Null.ANY


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an object.

    `description` is one or two sentences for an editor's hover. `also` is what rules outside the
    reader ask of the value, and what it is when absent, as far as JSON Schema can say it. `example`
    is what to write where it is missing.
    """

    reader: Reader
    description: str
    also: Schema = field(default_factory=dict)
    null: Null = Null.ANY
    example: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One kind of object.

    `name` is its name among the definitions of a schema, `also` what rules across the fields ask
    of the whole, as far as JSON Schema can say it. `elsewhere` has what other engines call a field.
    """

    name: str
    description: str
    fields: MappingType[str, Field]
    required: tuple[str, ...] = ()
    also: Schema = field(default_factory=dict)
    elsewhere: MappingType[str, str] = field(default_factory=dict)
    reads: MappingType[str, Read] = field(init=False)

    def __post_init__(self) -> None:
        reads = {name: one.reader.read for name, one in self.fields.items()}
        object.__setattr__(self, "reads", reads)


def read_fields(
    node: Mapping,
    path: str,
    table: Table,
    reading: Reading,
    *,
    required: Collection[str] | None = None,
) -> dict[str, Any]:
    """The values of a mapping's known fields; of a field that is null, as its `Null` says.

    `required` takes the place of the table's own where one mistake would make two diagnostics.
    """
    values: dict[str, Any] = {}
    unknown: list[str] = []
    prefix = f"{path}." if path else ""
    reads = table.reads
    for name, child in node.fields.items():
        read = reads.get(name)
        if read is None:
            unknown.append(name)
        elif child.value is not None or not table.fields[name].null.covers(child):
            value = read(child, prefix + name, reading)
            if value is not ABSENT:
                values[name] = value
    for name in table.required if required is None else required:
        if name not in values:
            _missing(node, name, path, table, unknown, reading)
    for name in unknown:
        _unknown(node, name, path, table, reading)
    return values


def _unknown(node: Mapping, name: str, path: str, table: Table, reading: Reading) -> None:
    hint = ""
    if not reading.report.is_full(rules.UNKNOWN_FIELD):
        meant = _meant(name, table)
        hint = (
            _odd_space(name)
            or (f"Did you mean `{meant}`?" if meant else "")
            or "Remove it, or look for its place in the documentation."
        )
    message = f"{quoted(name)} is not a field that Attune knows: it is ignored"
    reading.report.add(
        rules.UNKNOWN_FIELD, node.keys[name], message, path=step(path, name), hint=hint
    )


def _meant(name: str, table: Table) -> str:
    return table.elsewhere.get(name) or closest(name, table.reads)


def _odd_space(name: str) -> str:
    odd = next((one for one in name if one.isspace() and one not in " \t\n"), "")
    return f"U+{ord(odd):04X} looks like a space, and is none to YAML: type it anew." if odd else ""


def _missing(
    node: Mapping, name: str, path: str, table: Table, unknown: list[str], reading: Reading
) -> None:
    """Report that `name` is missing; what seems to stand for it is not `unknown` any more."""
    given = node.fields.get(name)
    if given is not None and given.value is not None:
        return  # it has a value, and the reader has said what is wrong with it
    message = f"{f'`{path}`' if path else 'the file'} has no `{name}`"
    place: Node = node if given is None else given
    hint = f"Add `{table.fields[name].example or name}`."
    candidates = unknown[:_MAX_COMPARED] if given is None else []
    meant = next((one for one in candidates if _meant(one, table) == name), None)
    if meant is not None:
        unknown.remove(meant)
        place = node.keys[meant]
        message = f"{message}: {quoted(meant)} is not a field that Attune knows"
        hint = _odd_space(meant) or f"Write `{name}` in its place."
    reading.report.add(rules.MISSING_FIELD, place, message, path=step(path, name), hint=hint)


def definition(name: str) -> Schema:
    """The schema of an object that a table of this name describes."""
    return {"$ref": f"#/$defs/{name}"}
