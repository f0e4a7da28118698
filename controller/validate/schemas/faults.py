"""What is no JSON Schema in a schema, part by part, in plain words. Pure.

May import `jsonschema`, `pack`, `workflow.fields`, `workflow.expressions.patterns` and the
neighbours. The library finds what is wrong, with the meta-schema of draft 2020-12; it is given
one part at a time, cut to a size that takes it about a millisecond.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry

from controller.pack import node as tree
from controller.pack import rules
from controller.pack.node import Node
from controller.pack.report import Report
from controller.validate.schemas.parts import Part, Steps, node_at, path_of
from controller.validate.schemas.plain import is_type
from controller.validate.schemas.vocabulary import LISTS, NAMED, ONE, SEVERAL
from controller.validate.schemas.words import wanted
from controller.workflow.expressions.patterns import fault
from controller.workflow.fields import kind_of

_METASCHEMA = Draft202012Validator(Draft202012Validator.META_SCHEMA, registry=Registry())

# Of longer lists and deeper values nothing is said beyond this.
_LONGEST = 100
_DEEPEST = 3


def check_part(part: Part, report: Report) -> Iterator[Steps]:
    """Report what is wrong with the keywords of one part; gives the steps to each of them."""
    errors = _METASCHEMA.iter_errors(_shallow(part.data))
    found = {steps for error in errors for steps in _places(tuple(error.absolute_path), part)}
    for steps in sorted(found, key=str):
        if not any(other != steps and other[: len(steps)] == steps for other in found):
            _report(part, steps, report)
        yield part.steps + steps[:1]
    for steps, pattern in _patterns(part.data):
        said = fault(pattern)
        if said:
            message = f"`{path_of(part.path, steps)}` is no regular expression: {said}"
            _add(part, steps, message, "Correct it; write it in single quotes.", report)
            yield part.steps + steps[:1]


def _places(steps: Steps, part: Part) -> list[Steps]:
    """The library says of a list of types only that it is wrong as a whole."""
    types = part.data.get("type")
    if steps != ("type",) or type(types) is not list:
        return [steps]
    wrong = [index for index, one in enumerate(types[:_LONGEST]) if not is_type(one)]
    return [("type", index) for index in wrong] or [steps]


def _shallow(data: Mapping[str, Any]) -> dict[str, Any]:
    """`data` with a good schema in the place of each inner one, and short lists."""
    return {keyword: _stand_in(keyword, value) for keyword, value in data.items()}


def _stand_in(keyword: str, value: Any) -> Any:
    if keyword in ONE:
        return _schema(value)
    if keyword in SEVERAL and type(value) is list:
        return [_schema(one) for one in value[:_LONGEST]]
    if keyword in NAMED and type(value) is dict:
        return {name: _schema(value[name]) for name in list(value)[:_LONGEST]}
    if keyword in LISTS and type(value) is list:
        return []
    return None if keyword in ("const", "default") else _cut(value, _DEEPEST)


def _schema(value: Any) -> Any:
    return True if type(value) in (dict, bool) else _cut(value, 0)


def _cut(value: Any, depth: int) -> Any:
    if type(value) is list:
        return [_cut(one, depth - 1) for one in value[:_LONGEST]] if depth else []
    if type(value) is dict:
        names = list(value)[:_LONGEST] if depth else []
        return {name: _cut(value[name], depth - 1) for name in names}
    return value


def _patterns(data: Mapping[str, Any]) -> Iterator[tuple[Steps, str]]:
    pattern = data.get("pattern")
    if type(pattern) is str:
        yield ("pattern",), pattern
    named = data.get("patternProperties")
    if type(named) is dict:
        yield from ((("patternProperties", name), name) for name in named)


def _report(part: Part, steps: Steps, report: Report) -> None:
    node = node_at(part.node, steps)
    keyword = str(steps[0])
    form, hint = wanted(part, keyword, inside=len(steps) > 1, node=node)
    message = f"`{path_of(part.path, steps)}` must be {form}{_rather(node, form)}"
    _add(part, steps, message, hint or f"Give it {form}.", report)


def _rather(node: Node, form: str) -> str:
    if type(node) is not tree.List or not form.startswith("a list"):
        return f", not {kind_of(node)}"
    return "; one of them stands twice" if node.items else "; this one is empty"


def _add(part: Part, steps: Steps, message: str, hint: str, report: Report) -> None:
    place: Node = node_at(part.node, steps)
    if steps[0] == "patternProperties" and len(steps) > 1:
        named = part.node.fields["patternProperties"]
        if type(named) is tree.Mapping:
            place = named.keys[str(steps[1])]
    path = path_of(part.path, steps)
    report.add(rules.BAD_SCHEMA, place, message, path=path, hint=hint)
