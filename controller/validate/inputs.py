"""The inputs of one call against what the callee takes. Pure.

May import `load.scalars`, `workflow.calls` and `pack`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from controller.load.scalars import resolve
from controller.pack import rules
from controller.pack.content import Json
from controller.pack.diagnostic import Place
from controller.pack.report import Report, closest, nearest, quoted
from controller.pack.signature import Parameter, Signature
from controller.workflow.calls import MAX_TEXT, Call, Given, Kind, input_path

_MAX_LISTED = 8

_WANTED = {
    "array": "a list",
    "boolean": "`true` or `false`",
    "integer": "an integer",
    "null": "null",
    "number": "a number",
    "object": "an object",
    "string": "a text",
}
_OPAQUE = frozenset((Kind.ARRAY, Kind.OBJECT))
"""Of these nothing but the kind is known."""
_UNSPELLED = _OPAQUE | {Kind.NULL}


def check_inputs(call: Call, inputs: Sequence[Given], taken: Signature, report: Report) -> None:
    """Report what of `taken` is missing, what is not in it, and what does not fit."""
    parameters = taken.parameters
    names = {one.name for one in inputs}
    missing = [name for name, one in parameters.items() if one.required and name not in names]
    for given in inputs:
        parameter = parameters.get(given.name)
        if parameter is not None:
            if not _fits(given, parameter):
                _misfit(call, given, parameter, report)
        elif not taken.open:
            _unknown(call, given, taken, missing, report)
    for name in missing:
        message = f"{quoted(call.ref)} needs the input {quoted(name)}"
        wanted = _wanted(parameters[name])
        hint = f"Add `{name}` to the task's `input`{wanted and f': {wanted}'}."
        path = input_path(call, name)
        report.add(rules.MISSING_INPUT, call, message, path=path, hint=hint)


def _unknown(
    call: Call, given: Given, taken: Signature, missing: list[str], report: Report
) -> None:
    path = input_path(call, given.name)
    full = report.is_full(rules.MISSING_INPUT)
    meant = "" if full or not missing else closest(given.name, missing)
    if meant:
        # One slip of the pen, one diagnostic: the name is the place to correct.
        missing.remove(meant)
        message = f"{quoted(call.ref)} needs the input {quoted(meant)}, not {quoted(given.name)}"
        hint = f"Did you mean `{meant}`?"
        report.add(rules.MISSING_INPUT, given, message, path=path, hint=hint)
        return
    message = f"{quoted(call.ref)} has no input {quoted(given.name)}"
    hint = ""
    if not report.is_full(rules.UNKNOWN_INPUT):
        hint = nearest(given.name, taken.parameters) or _offer(taken)
    report.add(rules.UNKNOWN_INPUT, given, message, path=path, hint=hint)


def _offer(taken: Signature) -> str:
    if not taken.parameters:
        return "It takes none: remove it."
    return f"It takes {_listed(sorted(taken.parameters))}."


def _fits(given: Given, parameter: Parameter) -> bool:
    if given.kind is Kind.TEMPLATE or (given.kind is Kind.NULL and not parameter.required):
        return True  # Attune passes a null on, as if nothing was given
    return _has_type(given, parameter.types) and _is_chosen(given, parameter.choices)


def _has_type(given: Given, types: tuple[str, ...]) -> bool:
    if not types or given.kind in types:
        return True
    if given.kind is Kind.INTEGER:
        return "number" in types
    if given.kind is Kind.NUMBER and "integer" in types:
        value = resolve(given.text)  # 1.0 is an integer
        return isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    return False


def _is_chosen(given: Given, choices: tuple[Json, ...]) -> bool:
    if not choices or given.kind in _OPAQUE or len(given.text) > MAX_TEXT:
        return True
    value = given.text if given.kind is Kind.STRING else resolve(given.text)
    return any(value == one and isinstance(value, bool) == isinstance(one, bool) for one in choices)


def _misfit(call: Call, given: Given, parameter: Parameter, report: Report) -> None:
    subject = f"{quoted(given.name)} of {quoted(call.ref)}"
    if _has_type(given, parameter.types):
        wanted = _choices(parameter.choices)
        texts = [one for one in parameter.choices if isinstance(one, str)]
        hint = nearest(given.text, texts) or "Use one of those."
    else:
        wanted = _wanted(parameter)
        hint = _conversion(given, parameter.types) or f"Give it {wanted}."
    message = f"{subject} must be {wanted}, not {_spelled(given)}"
    path = input_path(call, given.name)
    place = Place(given.value_span)
    report.add(rules.WRONG_INPUT_TYPE, place, message, path=path, hint=hint)


def _conversion(given: Given, types: tuple[str, ...]) -> str:
    """What makes the literal one of the right type, where that is a matter of quotes."""
    if len(given.text) > MAX_TEXT:
        return ""
    if given.kind in _UNSPELLED:
        return ""
    if given.kind is not Kind.STRING:
        return f'Write "{given.text}" in quotes.' if "string" in types else ""
    value = resolve(given.text)
    fits = ("boolean" in types) if isinstance(value, bool) else _is_number(value, types)
    return f"Write `{given.text}` without quotes." if fits else ""


def _is_number(value: object, types: tuple[str, ...]) -> bool:
    whole = isinstance(value, int) and "integer" in types
    return whole or (isinstance(value, int | float) and "number" in types)


def _wanted(parameter: Parameter) -> str:
    return " or ".join(_WANTED[one] for one in parameter.types)


def _choices(choices: tuple[Json, ...]) -> str:
    return (
        f"one of {_listed([one if isinstance(one, str) else json.dumps(one) for one in choices])}"
    )


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(quoted(one) for one in names[:_MAX_LISTED])
    return shown if len(names) <= _MAX_LISTED else f"{shown} and {len(names) - _MAX_LISTED} more"


def _spelled(given: Given) -> str:
    if given.kind is Kind.STRING:
        return f"the text {quoted(given.text)}"
    return _WANTED[given.kind] if given.kind in _UNSPELLED else quoted(given.text)
