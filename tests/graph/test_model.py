"""Which boxes and arrows a workflow gives."""

from __future__ import annotations

from typing import Any

import pytest

from tests.graph.graphs import from_tasks, parallel, task

Edges = list[tuple[str, str, str]]
A, B = task("a"), task("b")

EDGES: dict[str, tuple[list[dict[str, Any]], Edges]] = {
    "none": ([A, B], []),
    "each kind of condition": (
        [
            task(
                "a",
                next=[
                    {"when": "{{ succeeded() }}", "do": ["a", "b"]},
                    {"when": "{{failed()}}", "do": ["b"]},
                    {"when": " {{  timed_out()  }} ", "do": ["b"]},
                    {"when": "{{ result().x\n  ==   1 }}", "do": ["b"]},
                    {"when": "{{ x }} and {{ y }}", "do": ["b"]},
                    {"when": "", "do": ["b"]},
                    {"do": ["b"]},
                    {"publish": ["x"]},
                ],
            ),
            B,
        ],
        [
            ("t0", "t0", "succeeded"),
            ("t0", "t1", "succeeded"),
            ("t0", "t1", "failed"),
            ("t0", "t1", "timed_out"),
            ("t0", "t1", "result().x == 1"),
            ("t0", "t1", "{{ x }} and {{ y }}"),
            ("t0", "t1", "(empty)"),
            ("t0", "t1", ""),
        ],
    ),
    "legacy fields": (
        [task("a", on_timeout="b", on_success="a"), B],
        [("t0", "t0", "succeeded"), ("t0", "t1", "timed_out")],
    ),
    "in parallel, each list by itself": (
        [parallel("a", task("a", on_complete="b"), B, on_complete="b"), B],
        [("t0", "t1", ""), ("t0_0", "t0_1", "")],
    ),
    "sub-tasks of an action do not run": ([task("a", tasks=[task("x", on_complete="x")])], []),
    "targets that are missing": (
        [task("a", on_success="nope", on_failure="nope"), task("b", on_failure="other")],
        [("t0", "m2", "succeeded"), ("t0", "m2", "failed"), ("t1", "m3", "failed")],
    ),
    "two tasks of one name": ([A, A, task("b", on_complete="a")], [("t2", "t0", "")]),
}


@pytest.mark.parametrize("name", EDGES)
def test_edges(name: str) -> None:
    tasks, edges = EDGES[name]
    found = from_tasks(*tasks).edges
    assert [(edge.source, edge.target, edge.label) for edge in found] == edges


LINES = {
    "an action": (A, ("a", "core.echo")),
    "a workflow": (task("a", type="workflow"), ("a", "workflow core.echo")),
    "in parallel": (parallel("a", B), ("a", "parallel")),
    "everything": (
        task("a", with_items="{{ parameters.xs }}", join=2),
        ("a", "core.echo", "for each of parameters.xs", "joins 2"),
    ),
    "long": (
        task("n" * 60, with_items="{{ " + "x" * 60 + " }}"),
        ("n" * 39 + "…", "core.echo", "for each of " + "x" * 39 + "…"),
    ),
    "odd characters": (task("a\u202eb\tc\n\x07d"), ("a\ufffdb c \ufffdd", "core.echo")),
    "no name": ({"action": "core.echo"}, ("(no name)", "core.echo")),
}


@pytest.mark.parametrize("name", LINES)
def test_what_a_box_says(name: str) -> None:
    given, lines = LINES[name]
    assert from_tasks(given).nodes[0].lines == lines


def test_a_missing_target_is_a_box_that_says_so() -> None:
    *_, missing = from_tasks(task("a", on_success="nope")).walk()
    assert missing.lines == ("nope", "no such task")


def test_entries_are_what_nothing_leads_to_in_each_list() -> None:
    inner = parallel("b", task("x", on_complete="y"), task("y"), task("z", on_complete="z"))
    graph = from_tasks(task("a", on_complete="b"), inner, task("c"))
    assert [node.name for node in graph.walk() if node.is_entry] == ["a", "x", "c"]


@pytest.mark.parametrize(
    ("fields", "title"),
    [({}, "w"), ({"ref": "demo.x"}, "demo.x"), ({"ref": "demo.x", "label": "A\nb"}, "A b")],
)
def test_title(fields: dict[str, str], title: str) -> None:
    assert from_tasks(A, **fields).title == title
