"""Where the boxes and arrows of a graph go; graphlay does the work. Pure.

May import `model` and graphlay. All lengths are in pixels, y grows downwards.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import graphlay

from controller.graph.model import Edge, Graph, Node

LINE = 18.0
"""The height of one line of text."""
PADDING = 9.0
"""Between the border of a box and its text."""
_NAME_WIDTH = 8.0
"""Of one character in the monospaced type of 13 pixels that the style asks for."""
_LABEL_WIDTH = 6.8
_LABEL_HEIGHT = 16.0
_LEAST_WIDTH = 88.0
_INSET = 16.0
"""Between the border of a parallel task and what is inside it."""

_OPTIONS = {
    "direction": "topbottom",
    "spacing": {"layer_gap": 26.0, "node_gap": 36.0, "dummy_gap": 36.0},
    # By itself graphlay straightens a step even where the straight line then touches a box.
    "tuning": {"routing": {"step_flatten": 0.0}},
}

MAX_PARTS = 600
"""Nodes and edges that are laid out within seconds."""
_CAREFUL = 120
"""Nodes and edges up to which graphlay may take the time to look for the best order."""


class TooLarge(Exception):
    """The graph has too many parts to be laid out in reasonable time."""


@dataclass(frozen=True, slots=True)
class Box:
    """The place of a node: its upper left corner and its size."""

    x: float
    y: float
    width: float
    height: float

    def moved(self, x: float, y: float) -> Box:
        """The same box elsewhere."""
        return Box(self.x + x, self.y + y, self.width, self.height)


@dataclass(frozen=True, slots=True)
class Route:
    """The way of an edge from border to border, and the middle of its label."""

    points: tuple[tuple[float, float], ...]
    label: tuple[float, float]

    def moved(self, x: float, y: float) -> Route:
        """The same way elsewhere."""
        points = tuple((left + x, top + y) for left, top in self.points)
        return Route(points, (self.label[0] + x, self.label[1] + y))


@dataclass(frozen=True, slots=True)
class _Way:
    """Where an edge is in a request: one or two edges, and the node that stands for its label."""

    edges: tuple[int, ...]
    label: int | None


@dataclass(frozen=True, slots=True)
class Drawing:
    """Each box by the id of its node, each edge with its route, and the box around it all."""

    boxes: Mapping[str, Box]
    routes: Sequence[tuple[Edge, Route]]
    around: Box


def draw(graph: Graph) -> Drawing:
    """Lay out a graph from top to bottom; raises TooLarge."""
    parts = sum(1 for _ in graph.walk()) + len(graph.edges)
    if parts > MAX_PARTS:
        raise TooLarge(f"{parts} tasks and transitions; {MAX_PARTS} can be laid out")
    leaving: defaultdict[str, list[Edge]] = defaultdict(list)
    for edge in graph.edges:
        leaving[edge.source].append(edge)
    return _draw(graph.nodes, leaving, "balanced" if parts <= _CAREFUL else "fast")


def _draw(nodes: Sequence[Node], leaving: Mapping[str, list[Edge]], effort: str) -> Drawing:
    """Lay out the nodes of one list, each with what is inside it already laid out.

    No transition leaves its list, so that a list can be drawn by itself.
    """
    inside = {node.id: _draw(node.inner, leaving, effort) for node in nodes if node.inner}
    request, edges = graphlay.Graph(), [edge for one in nodes for edge in leaving.get(one.id, ())]
    for node in nodes:
        width, height = _size(node, inside.get(node.id))
        request.node(node.id, width=width, height=height)
    ways = {edge: _request(request, edge) for edge in dict.fromkeys(edges)}
    options = {**_OPTIONS, "effort": effort}
    placed = graphlay.layout(request, options=options)
    boxes = {node.id: _box(one) for node, one in zip(nodes, placed.nodes, strict=False)}
    routes = [(edge, _route(ways[edge], placed)) for edge in edges]
    for node in nodes:
        if node.id in inside:
            _put(inside[node.id], node, boxes, routes)
    return Drawing(boxes, routes, _around(boxes, routes))


def _request(request: graphlay.Graph, edge: Edge) -> _Way:
    """Ask for a way for an edge. A label is a node on it: else it may lie far away, or on another.

    The label of a loop is not: graphlay places it well, but takes its sides the other way round.
    """
    if not edge.label:
        return _Way((request.edge(edge.source, edge.target),), None)
    width = _label_width(edge)
    if edge.source == edge.target:
        size = {"width": _LABEL_HEIGHT, "height": width}
        return _Way((request.edge(edge.source, edge.target, label_size=size),), None)
    label = request.node(width=width, height=_LABEL_HEIGHT)
    return _Way((request.edge(edge.source, label), request.edge(label, edge.target)), label)


def _route(way: _Way, placed: graphlay.Layout) -> Route:
    parts = [placed.edges[index] for index in way.edges]
    points = tuple((one["x"], one["y"]) for part in parts for one in part["points"])
    if way.label is not None:
        middle = placed.nodes[way.label]["center"]
    else:
        middle = parts[0]["label_anchor"] or parts[0]["points"][0]
    return Route(points, (middle["x"], middle["y"]))


def _size(node: Node, inside: Drawing | None) -> tuple[float, float]:
    """The width and height of a box that holds its lines and what is inside it."""
    width = max(_width(line, _NAME_WIDTH) for line in node.lines) + 2 * PADDING
    height = len(node.lines) * LINE + 2 * PADDING
    if inside is None:
        return max(width, _LEAST_WIDTH), height
    return max(width, inside.around.width + 2 * _INSET), height + inside.around.height + _INSET


def _put(
    inside: Drawing, node: Node, boxes: dict[str, Box], routes: list[tuple[Edge, Route]]
) -> None:
    """Move a drawing to its place within the box of `node`: below the lines, in the middle."""
    outer, around = boxes[node.id], inside.around
    x = outer.x + (outer.width - around.width) / 2 - around.x
    y = outer.y + outer.height - _INSET - around.height - around.y
    boxes |= {one: box.moved(x, y) for one, box in inside.boxes.items()}
    routes += ((edge, route.moved(x, y)) for edge, route in inside.routes)


def _label_width(edge: Edge) -> float:
    """The width of an edge's label."""
    return _width(edge.label, _LABEL_WIDTH)


def _width(text: str, character: float) -> float:
    return sum(character * (2 if _is_wide(one) else 1) for one in text)


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in ("W", "F")


def _box(placed: dict[str, Any]) -> Box:
    centre, size = placed["center"], placed["size"]
    width, height = size["width"], size["height"]
    return Box(centre["x"] - width / 2, centre["y"] - height / 2, width, height)


def _around(boxes: Mapping[str, Box], routes: Sequence[tuple[Edge, Route]]) -> Box:
    """The box around everything, labels included."""
    corners = [(box.x, box.y) for box in boxes.values()]
    corners += [(box.x + box.width, box.y + box.height) for box in boxes.values()]
    for edge, route in routes:
        corners += route.points
        (x, y), half = route.label, _label_width(edge) / 2
        corners += [(x - half, y - _LABEL_HEIGHT / 2), (x + half, y + _LABEL_HEIGHT / 2)]
    left, top = min(x for x, _ in corners), min(y for _, y in corners)
    right, bottom = max(x for x, _ in corners), max(y for _, y in corners)
    return Box(left, top, right - left, bottom - top)
