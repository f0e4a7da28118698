"""What PromQL expressions ask for, by a real parser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import promql_parser

INSIDE = ("lhs", "rhs", "expr", "param", "args", "vector_selector")


def parts(expression: str) -> Iterator[Any]:
    """Every part of an expression; raises `ValueError` for one that Prometheus would refuse."""
    yield from _below(promql_parser.parse(expression))


def metrics(expression: str) -> set[str]:
    """The names of all metrics in it."""
    return {one.name for one in parts(expression) if _is_selector(one)}


def labels(expression: str) -> set[str]:
    """All labels that it selects or groups by."""
    found: set[str] = set()
    for one in parts(expression):
        if _is_selector(one):
            found |= {matcher.name for matcher in one.matchers.matchers}
        if isinstance(one, promql_parser.AggregateExpr) and one.modifier:
            found |= set(one.modifier.labels)
    return found


def _is_selector(one: object) -> bool:
    return isinstance(one, promql_parser.VectorSelector)


def _below(one: Any) -> Iterator[Any]:
    yield one
    for name in INSIDE:
        inner = getattr(one, name, None)
        for each in inner if isinstance(inner, list) else [inner]:
            if each is not None:
                yield from _below(each)
