"""Graphs from workflow files, and hostile names for them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from controller.graph import Graph, graph_of
from controller.load.tree import parse
from controller.pack.report import Report
from controller.workflow.build import build
from tests.load.dumping import dump

HOSTILE = {
    "quotes": "say \"hi\" 'there' `now`",
    "brackets": "a[b](c){d}<e>]])}}",
    "an arrow": "a --> b -.-> c -- d",
    "HTML": '<script>alert("1")</script> &amp; <br/>',
    "a backslash": "a\\nb\\",
    "an escape of Mermaid": "#quot; #35; ;%%{init: {}}%%",
    "Markdown": "__bold__ *it* _x_",
    "a list": "1. first",
    "a dash": "- first",
    "another script": "größe 任务 مهمة 🚀",
    "keywords": "end",
    "graph": "subgraph",
    "a comment": "%% // /* #",
}


def from_text(text: str) -> Graph:
    """The graph of a file, whatever else is wrong with it."""
    report = Report("w.yaml")
    document = parse(text, report)
    assert document is not None
    workflow = build(document, report)
    assert workflow is not None
    return graph_of(workflow, "w")


def from_tasks(*tasks: dict[str, Any], **fields: Any) -> Graph:
    return from_text(dump({"version": "1.0.0", "tasks": [*tasks], **fields}))


def task(name: str, **fields: Any) -> dict[str, Any]:
    return {"name": name, "action": "core.echo", **fields}


def parallel(name: str, *tasks: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"name": name, "type": "parallel", "tasks": [*tasks], **fields}


_NAMES = st.lists(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1)
    | st.sampled_from(sorted(HOSTILE.values())),
    min_size=1,
    max_size=4,
    unique=True,
)
_CONDITIONS = st.sampled_from(
    ("{{ succeeded() }}", "{{ failed() }}", "{{ timed_out() }}", "{{ 1 < 2 }}", "{{ 'a\"]' }}", "")
)


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    """The graph of any workflow whose tasks have names and whose targets exist."""
    return from_tasks(*_tasks(draw, depth=1), label=draw(st.sampled_from(sorted(HOSTILE.values()))))


def _tasks(draw: st.DrawFn, *, depth: int) -> list[dict[str, Any]]:
    names = draw(_NAMES)
    transition = st.fixed_dictionaries(
        {"do": st.lists(st.sampled_from(names), max_size=2)}, optional={"when": _CONDITIONS}
    )
    tasks = []
    for name in names:
        extra = draw(
            st.fixed_dictionaries(
                {"next": st.lists(transition, max_size=3)},
                optional={"join": st.integers(0, 3), "with_items": _CONDITIONS},
            )
        )
        if depth and draw(st.booleans()):
            tasks.append(parallel(name, *_tasks(draw, depth=depth - 1), **extra))
        else:
            tasks.append(task(name, **extra))
    return tasks
