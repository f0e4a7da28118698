"""The `$ref`s of a schema, none of which is ever fetched. Pure.

May import `referencing`, `pack` and the neighbours.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from referencing import Registry
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT202012

from controller.pack import rules
from controller.pack.report import Report, nearest, quoted
from controller.validate.schemas.parts import Part, Steps
from controller.validate.schemas.plain import is_plain

_BASES = ("$anchor", "$dynamicAnchor", "$id", "$recursiveAnchor")
_MOST_HOPS = 50


def check_references(
    schema: Mapping[str, Any], inside: Sequence[Part], faulty: Collection[Steps], report: Report
) -> Iterator[Steps]:
    """Report `$ref`s that lead nowhere; gives the steps to each that nothing can be checked by.

    `inside` are the parts of `schema`, `faulty` the steps to the keywords that are no JSON Schema.
    """
    referring = [one for one in inside if type(one.data.get("$ref")) is str]
    if not referring:
        return
    if not _is_simple(schema, inside, faulty):
        yield from ((*one.steps, "$ref") for one in referring)
        return
    base = schema.get("$id", "")
    registry = Registry().with_resource(base, DRAFT202012.create_resource(schema))
    known = {id(one.data) for one in inside} | {id(schema)}
    for part in referring:
        target, problem, hint = _target(part.data["$ref"], registry, base)
        if problem:
            _report(part, problem, hint or _nearest(part.data["$ref"], schema), report)
        if problem or not (id(target) in known or is_plain(target)):
            yield (*part.steps, "$ref")


def _is_simple(
    schema: Mapping[str, Any], inside: Sequence[Part], faulty: Collection[Steps]
) -> bool:
    """Whether every `$ref` is to be read from the top: no inner `$id`, no bad anchor."""
    has_inner_base = any("$id" in one.data for one in inside if one.data is not schema)
    return not has_inner_base and not any(steps[-1] in _BASES for steps in faulty)


def _target(ref: str, registry: Registry[Any], base: str) -> tuple[Any, str, str]:
    """What `ref` leads to in the end, or what is wrong with it and what to do."""
    seen: set[int] = set()
    resolver = registry.resolver(base)
    for _ in range(_MOST_HOPS):
        try:
            target = resolver.lookup(ref).contents
        except (Unresolvable, ValueError):
            return None, *_nowhere(ref)
        if type(target) not in (dict, bool):
            return None, "leads to what is no schema", ""
        if id(target) in seen:
            return None, "leads back to itself", "Let it lead to a schema that says something."
        if type(target) is bool or type(target.get("$ref")) is not str:
            break
        seen.add(id(target))
        ref = target["$ref"]
    return target, "", ""


def _nowhere(ref: str) -> tuple[str, str]:
    if not ref.startswith("#"):
        hint = "Copy it into `$defs`, and write `$ref: '#/$defs/name'`."
        return "is outside this file, and nothing is fetched", hint
    return "leads nowhere", ""


def _nearest(ref: str, schema: Mapping[str, Any]) -> str:
    named = {
        f"#/{keyword}/{name}"
        for keyword in ("$defs", "definitions")
        if type(schema.get(keyword)) is dict
        for name in schema[keyword]
    }
    return nearest(ref, named) or "Define it in `$defs`, and write `$ref: '#/$defs/name'`."


def _report(part: Part, problem: str, hint: str, report: Report) -> None:
    message = f"the `$ref` {quoted(part.data['$ref'])} {problem}"
    place = part.node.fields["$ref"]
    report.add(rules.BAD_SCHEMA, place, message, path=f"{part.path}.$ref", hint=hint)
