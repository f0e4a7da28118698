"""A schema with everything in it, and values that are to fit it. Pure.

May import `pack` and the neighbours.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from controller.pack import node as tree
from controller.pack import rules
from controller.pack.diagnostic import Rule
from controller.pack.node import Node
from controller.pack.report import Report, quoted
from controller.validate.schemas.budget import Budget, Exhausted, Unsure
from controller.validate.schemas.faults import check_part
from controller.validate.schemas.flat import is_flat
from controller.validate.schemas.misfits import hint, words
from controller.validate.schemas.parts import Part, Steps, node_at, parts, path_of, whole
from controller.validate.schemas.plain import is_plain, is_plain_flat
from controller.validate.schemas.references import check_references
from controller.validate.schemas.values import Misfit, Values
from controller.validate.schemas.vocabulary import NAMED, ONE, SEVERAL

# Without one of these, others beside it would mean something else.
_TOGETHER = ONE | SEVERAL | NAMED | {"$dynamicRef", "$id", "$ref", "dependencies"}
_PART = 100  # what the library takes for the keywords of one part, in evaluations

_KNOWN_A_STEP = 10  # places that are compared in the time of one evaluation


@dataclass(frozen=True, slots=True)
class _Known:
    """A schema of which every part has been looked at."""

    schema: Mapping[str, Any]
    parts: tuple[Part, ...]
    unusable: frozenset[Steps]
    """The steps to all keywords by which no value can be checked."""

    def usable(self, part: Part) -> Mapping[str, Any] | None:
        """What of a part can be used to check a value, or None when too little of it can be."""
        here = len(part.steps)
        faulty = {one for one in self.unusable if _starts(one, part.steps)}
        if any(len(one) > here + 1 or one[here] in _TOGETHER for one in faulty):
            return None
        if self.unusable and self._refers(part):
            return None
        dropped = {one[here] for one in faulty}
        return {name: one for name, one in part.data.items() if name not in dropped}

    def _refers(self, part: Part) -> bool:
        return any(
            "$ref" in one.data or "$dynamicRef" in one.data
            for one in self.parts
            if _starts(one.steps, part.steps)
        )


def _starts(steps: Steps, with_steps: Steps) -> bool:
    return steps[: len(with_steps)] == with_steps


def check_schemas(root: tree.Mapping, names: Iterable[str], report: Report) -> None:
    """Report what is no JSON Schema (draft 2020-12) in these fields, and defaults that do not fit.

    Takes the flat form, too. Nothing is fetched, and the work is bounded whatever a schema says. A
    field of which an error says that it is no schema is left alone.
    """
    for name in names:
        node = root.fields.get(name)
        if type(node) is tree.Mapping and name not in report.error_paths():
            _check_schema(node, name, report)


def _check_schema(node: tree.Mapping, path: str, report: Report) -> None:
    schema = node.value
    if is_plain_flat(schema) if is_flat(schema) else is_plain(schema):
        return
    budget = Budget()
    try:
        known = _look(node, path, report, budget)
        _check_defaults(known, report, budget)
    except Exhausted:
        _cut_short(node, path, report)


def check_config(schema: tree.Mapping, config: tree.Mapping, path: str, report: Report) -> None:
    """Report what in the values at `config` does not fit the schema, which is known to be read.

    A required value may be missing when it is secret: secrets do not belong into a file.
    """
    budget = Budget()
    unread = Report(report.file)  # what is wrong with the schema is told where the schema is
    try:
        known = _look(schema, path, unread, budget)
        top = Part(schema, known.schema, path, ())
        usable = known.usable(top)
        if usable is not None:
            found = Values(known.schema, budget).misfits(config.value, usable)
            _report(rules.CONFIG_MISFIT, config, path, map(_without_secrets, found), report)
    except (Exhausted, Unsure):
        _cut_short(config, path, report)


def _cut_short(node: Node, path: str, report: Report) -> None:
    message = f"`{path}` is checked in part only: to check all of it would take too long"
    hint = "Make the schema smaller, with fewer `$ref`s."
    report.add(rules.TOO_MANY_PROBLEMS, node, message, path=path, hint=hint)


def _look(node: tree.Mapping, path: str, report: Report, budget: Budget) -> _Known:
    schema = whole(node.value)
    _check_entries(node, path, report)
    found: list[Part] = []
    unusable: set[Steps] = set()
    for part in parts(node, schema, path):
        budget.spend(_PART)
        found.append(part)
        unusable.update(check_part(part, report))
        if "patternProperties" in part.data:
            unusable.add((*part.steps, "patternProperties"))
    unusable.update(check_references(schema, found, unusable, report))
    return _Known(schema, tuple(found), frozenset(unusable))


def _check_entries(node: tree.Mapping, path: str, report: Report) -> None:
    if not is_flat(node.value):
        return
    for name, one in node.fields.items():
        where = f"{path}.{name}"
        if type(one) is not tree.Mapping and where not in report.error_paths():
            message = f"{quoted(where)} is no schema"
            hint = f"Write `{name}: {{type: string}}`."
            report.add(rules.BAD_SCHEMA, node.keys[name], message, path=where, hint=hint)


def _check_defaults(known: _Known, report: Report, budget: Budget) -> None:
    with_default = [one for one in known.parts if "default" in one.data]
    if not with_default:
        return
    values = Values(known.schema, budget)
    for part in with_default:
        budget.spend((len(known.unusable) + len(known.parts)) // _KNOWN_A_STEP)
        usable = known.usable(part)
        if usable is None:
            continue
        try:
            found = values.misfits(part.data["default"], usable)
        except Unsure:
            continue
        default = part.node.fields["default"]
        _report(rules.BAD_DEFAULT, default, f"{part.path}.default", found, report)


def _report(
    rule: Rule, node: Node, path: str, found: Iterable[Misfit | None], report: Report
) -> None:
    for one in found:
        if one is not None:
            where = path_of(path, one.steps)
            place = node_at(node, one.steps)
            message = f"`{where}` {words(one)}"
            report.add(rule, place, message, path=where, hint=hint(one))


def _without_secrets(one: Misfit) -> Misfit | None:
    if one.keyword != "required":
        return one
    properties = one.schema.get("properties", {})
    secret = {name for name, part in properties.items() if part is not True and part.get("secret")}
    names = [name for name in one.limit if name not in secret]
    missing = any(name not in one.value for name in names)
    return Misfit(one.steps, one.keyword, names, one.value, one.schema) if missing else None
