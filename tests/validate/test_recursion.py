"""Workflows that call each other in a circle."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.pack.diagnostic import Diagnostic, Severity
from tests.validate.packs import Content, check

Graph = dict[str, list[str]]


def _files(graph: Graph) -> dict[str, Content]:
    """A workflow for each name, which calls the workflows of these names."""
    return {f"workflows/{name}.yaml": _workflow(called) for name, called in graph.items()}


def _workflow(called: list[str]) -> str:
    tasks = [f"{{name: t{at}, action: demo.{one}}}" for at, one in enumerate(called)]
    return f'version: "1.0.0"\ntasks: [{", ".join(tasks) or "{name: t, action: core.echo}"}]\n'


def _warned(graph: Graph) -> list[Diagnostic]:
    found = check(_files(graph)).diagnostics
    return [one for one in found if one.rule.code == "ATT516"]


def _told(graph: Graph) -> list[tuple[str, str, str]]:
    """Where each circle is told, and its way."""
    found = []
    for one in _warned(graph):
        name = one.file.removeprefix("workflows/").removesuffix(".yaml")
        way = one.message.rpartition(": ")[2] if "→" in one.message else "itself"
        found.append((name, one.path, way.replace("demo.", "")))
    return found


CIRCLES: dict[str, tuple[Graph, list[tuple[str, str, str]]]] = {
    "none": ({"a": ["b", "c"], "b": ["c"], "c": []}, []),
    "one alone": ({"a": ["a"]}, [("a", "tasks[0].action", "itself")]),
    "two": ({"a": ["b"], "b": ["a"]}, [("a", "tasks[0].action", "a → b → a")]),
    "reached from outside": (
        {"a": ["b"], "b": ["c"], "c": ["b"]},
        [("b", "tasks[0].action", "b → c → b")],
    ),
    "with a way round": (
        {"a": ["z", "b"], "b": ["c"], "c": ["a"], "z": []},
        [("a", "tasks[1].action", "a → b → c → a")],
    ),
    "twice by the same way": (
        {"a": ["b", "b"], "b": ["a", "a"]},
        [("a", "tasks[0].action", "a → b → a")],
    ),
    "two that share a workflow": (
        {"a": ["b", "c"], "b": ["a"], "c": ["a"]},
        [("a", "tasks[0].action", "a → b → a"), ("a", "tasks[1].action", "a → c → a")],
    ),
    "one within another": (
        {"a": ["b"], "b": ["b", "a"]},
        [("a", "tasks[0].action", "a → b → a"), ("b", "tasks[0].action", "itself")],
    ),
    "two apart": (
        {"a": ["b"], "b": ["a"], "c": ["d"], "d": ["c"]},
        [("a", "tasks[0].action", "a → b → a"), ("c", "tasks[0].action", "c → d → c")],
    ),
    "of many": (
        {f"w{at}": [f"w{(at + 1) % 10}"] for at in range(10)},
        [
            (
                "w0",
                "tasks[0].action",
                "w0 → w1 → w2 → w3 → w4 → w5 → w6 → w7 → … 2 more … → w0",
            )
        ],
    ),
}


@pytest.mark.parametrize(("graph", "expected"), CIRCLES.values(), ids=CIRCLES)
def test_each_circle_is_told_where_it_begins(
    graph: Graph, expected: list[tuple[str, str, str]]
) -> None:
    assert _told(graph) == expected


def test_a_circle_may_end_and_is_a_warning() -> None:
    checked = check(_files({"a": ["b"], "b": ["a"]}))
    (one,) = checked.diagnostics
    assert one.severity is Severity.WARNING
    assert "unless a condition ends it" in one.message
    assert (one.file, one.workflow, one.span.line) == ("workflows/a.yaml", "demo.a", 2)
    assert len(checked.workflows) == 2


def test_only_the_file_in_effect_calls() -> None:
    files = _files({"a": ["a"]}) | {"actions/workflows/a.yaml": _workflow(["b"])}
    assert [one.rule.code for one in check(files).diagnostics] == ["ATT511", "ATT502"]


_NAMES = [f"w{at}" for at in range(6)]


@given(st.dictionaries(st.sampled_from(_NAMES), st.lists(st.sampled_from(_NAMES), max_size=4)))
def test_without_the_last_call_of_each_that_is_told_no_circle_is_left(graph: Graph) -> None:
    whole = {name: graph.get(name, []) for name in _NAMES}
    told = _told(whole)
    assert bool(told) == _has_circle(whole)
    for start, _, way in told:
        last = start if way == "itself" else way.split(" → ")[-2]
        assert start in whole[last]
        whole[last] = [one for one in whole[last] if one != start]
    assert not _has_circle(whole)


def _has_circle(graph: Graph) -> bool:
    """By taking away those that call nobody until none is left."""
    left = dict(graph)
    while ends := [name for name in left if not set(left[name]) & left.keys()]:
        for name in ends:
            del left[name]
    return bool(left)
