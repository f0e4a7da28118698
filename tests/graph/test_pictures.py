"""Each language says all of the graph, whatever its names are, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from controller.graph import Graph, TooLarge, to_dot, to_mermaid, to_svg
from tests.graph.graphs import HOSTILE, from_tasks, graphs, parallel, task
from tests.graph.readers import expected, read_dot, read_mermaid
from tests.graph.svg import Picture, read_svg

ANY = settings(deadline=None)  # a shared machine may stall


def hostile(name: str) -> Graph:
    """Tasks of this name at every place where a name can stand."""
    inner = parallel("inner", task(name, on_complete=name), on_failure=name)
    again = task("b", next=[{"when": f"{{{{ {name} }}}}", "do": ["missing " + name]}])
    return from_tasks(task(name, on_success="inner", with_items=name), inner, again, label=name)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_in_mermaid(name: str) -> None:
    graph = hostile(HOSTILE[name])
    read, wanted = read_mermaid(to_mermaid(graph)), expected(graph)
    read.title = wanted.title  # it stands without its special characters, for want of an escape
    assert read == wanted


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_in_dot(name: str) -> None:
    graph = hostile(HOSTILE[name])
    assert read_dot(to_dot(graph)) == expected(graph)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_in_svg(name: str) -> None:
    graph = hostile(HOSTILE[name])
    _check(read_svg(to_svg(graph)), graph)


@ANY
@given(graphs())
def test_any_graph_in_mermaid(graph: Graph) -> None:
    read, wanted = read_mermaid(to_mermaid(graph)), expected(graph)
    read.title = wanted.title
    assert read == wanted


@ANY
@given(graphs())
def test_any_graph_in_dot(graph: Graph) -> None:
    assert read_dot(to_dot(graph)) == expected(graph)


@settings(deadline=None, max_examples=50)
@given(graphs())
def test_any_graph_in_svg(graph: Graph) -> None:
    _check(read_svg(to_svg(graph)), graph)


def _check(picture: Picture, graph: Graph) -> None:
    wanted = expected(graph)
    assert picture.title == f"Workflow {graph.title}"
    assert picture.lines == wanted.boxes
    assert picture.entries == wanted.entries
    assert picture.names == {node.id: node.name for node in graph.walk()}
    assert sorted(picture.labels) == sorted(label for *_, label in wanted.edges)
    assert picture.ends_at_borders(wanted.edges)
    assert picture.overlapping(wanted.around) == []
    assert picture.crossed() == []
    assert picture.is_inside_view()


def test_the_same_bytes_each_time() -> None:
    graph = hostile(HOSTILE["HTML"])
    for write in (to_mermaid, to_dot, to_svg):
        assert write(graph) == write(graph)


def test_the_description_has_every_transition_in_words() -> None:
    graph = from_tasks(task("a", on_success="b", on_failure="a"), task("b", on_complete="b"))
    picture = read_svg(to_svg(graph))
    assert (
        picture.description
        == "a leads to b when succeeded. a leads to a when failed. b leads to b."
    )


def test_a_graph_beyond_reason_is_refused() -> None:
    names = [f"t{number}" for number in range(301)]
    graph = from_tasks(*(task(name, on_complete="t0") for name in names))
    with pytest.raises(TooLarge, match="602 tasks and transitions"):
        to_svg(graph)
