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
    request = graphlay.Graph()
    for node in nodes:
        width, height = _size(node, inside.get(node.id))
        request.node(node.id, width=width, height=height)
    edges = [edge for node in nodes for edge in leaving.get(node.id, ())]
    for edge in edges:
        request.edge(edge.source, edge.target, label_size=_label_size(edge))
    placed = graphlay.layout(request, options={"direction": "topbottom", "effort": effort})
    boxes = {node.id: _box(one) for node, one in zip(nodes, placed.nodes, strict=True)}
    routes = [(edge, _route(one)) for edge, one in zip(edges, placed.edges, strict=True)]
    for node in nodes:
        if node.id in inside:
            _put(inside[node.id], node, boxes, routes)
    return Drawing(boxes, routes, _around(boxes, routes))


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


def _label_size(edge: Edge) -> dict[str, float] | None:
    if not edge.label:
        return None
    width, height = _label_width(edge), _LABEL_HEIGHT
    if edge.source == edge.target:  # graphlay takes the sides of a loop's label the other way
        width, height = height, width
    return {"width": width, "height": height}


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


def _route(placed: dict[str, Any]) -> Route:
    points = tuple((one["x"], one["y"]) for one in placed["points"])
    anchor = placed["label_anchor"]
    return Route(points, (anchor["x"], anchor["y"]) if anchor else points[len(points) // 2])


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
