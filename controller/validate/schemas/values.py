"""Whether values fit their schema, with work that is bounded whoever wrote either. Pure.

May import `jsonschema`, `pack`, `workflow.fields` and the neighbours. Every keyword that the
library applies is counted, since `$ref`s, lists and `uniqueItems` multiply; a pattern is applied
only where the ways to match are few.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend
from referencing import Registry

from controller.validate.schemas.budget import Budget, Unsure
from controller.validate.schemas.parts import Steps
from controller.validate.schemas.patterns import ways

_Keyword = Callable[[Any, Any, Any, Any], Any]

MOST_ERRORS = 20
"""Misfits of one value that are told."""

_WAYS_A_STEP = 50  # a pattern's way takes that much less than the evaluation of a keyword


@dataclass(frozen=True, slots=True)
class Misfit:
    """Something in a value that its schema does not allow: where, by which keyword, and of what."""

    steps: Steps
    keyword: str
    limit: Any
    value: Any
    schema: Mapping[str, Any]


class Values:
    """Checks values against one schema and its parts, within the budget."""

    __slots__ = ("_validator",)

    def __init__(self, schema: Mapping[str, Any], budget: Budget) -> None:
        keywords = {
            name: _counted(name, keyword, budget)
            for name, keyword in Draft202012Validator.VALIDATORS.items()
        }
        keywords["pattern"] = _pattern(budget)
        kind = extend(Draft202012Validator, keywords)  # type: ignore[no-untyped-call]
        # An empty registry: the library would else fetch what a `$ref` names.
        self._validator = kind(schema, registry=Registry())

    def misfits(self, value: Any, schema: Mapping[str, Any]) -> tuple[Misfit, ...]:
        """What does not fit; `schema` is the whole or a part of it. Raises Exhausted, Unsure."""
        errors = self._validator.evolve(schema=schema).iter_errors(value)
        try:
            found = [_misfit(one) for one in islice(errors, MOST_ERRORS)]
        except RecursionError:
            raise Unsure from None
        return tuple({(one.steps, one.keyword): one for one in found}.values())


def _misfit(error: ValidationError) -> Misfit:
    schema = error.schema if isinstance(error.schema, Mapping) else {}
    steps = tuple(error.absolute_path)
    return Misfit(steps, str(error.validator), error.validator_value, error.instance, schema)


def _counted(name: str, keyword: _Keyword, budget: Budget) -> _Keyword:
    weigh = _WEIGHTS.get(name, _size)

    def check(
        validator: Validator, limit: Any, value: Any, schema: Any
    ) -> Iterator[ValidationError]:
        budget.spend(1 + weigh(limit, value))
        yield from keyword(validator, limit, value, schema) or ()

    return check


def _size(limit: Any, value: Any) -> int:
    return _length(limit) + _length(value)


def _length(value: Any) -> int:
    return len(value) if type(value) in (list, dict) else 0


def _compared(limit: Any, value: Any) -> int:
    return _values(limit) if type(value) in (list, dict) else _length(limit)


def _squared(_limit: Any, value: Any) -> int:
    return int(_values(value) * _length(value))


def _values(value: Any) -> int:
    """How many values there are in this one."""
    inner = value.values() if type(value) is dict else value if type(value) is list else ()
    return 1 + sum(map(_values, inner))


_WEIGHTS: Mapping[str, Callable[[Any, Any], int]] = {
    "const": _compared,
    "enum": _compared,
    "uniqueItems": _squared,
}


def _pattern(budget: Budget) -> _Keyword:
    def check(
        _validator: Validator, pattern: str, value: Any, _schema: Any
    ) -> Iterator[ValidationError]:
        if type(value) is not str:
            return
        if not budget.covers(1 + ways(pattern, len(value)) // _WAYS_A_STEP):
            raise Unsure
        if not _matches(pattern, value):
            yield ValidationError(f"does not match {pattern}")

    return check


def _matches(pattern: str, value: str) -> bool:
    try:
        return re.search(pattern, value) is not None
    except (re.error, OverflowError):
        raise Unsure from None  # a form that Attune's engine has, and Python has not
