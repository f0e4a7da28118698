"""`Graph` → SVG: one file without script or outside parts, for light and dark screens. Pure.

May import `layout`, `model` and the standard library's XML. Colour is never the only sign: a dash
tells a failure and a timeout, and the description for screen readers has every transition in words.
"""

from __future__ import annotations

from xml.etree import ElementTree as ET

from controller.graph.layout import LINE, PADDING, Box, Route, TooLarge, draw
from controller.graph.model import Edge, Graph, Kind, Node, Outcome
from controller.graph.style import CSS

__all__ = ["TooLarge", "to_svg"]

_NAMESPACE = "http://www.w3.org/2000/svg"
_MARGIN = 16.0
_BASELINE = 13.0  # pixels from the top of a line of text to where its letters stand


def to_svg(graph: Graph) -> str:
    """The graph as an SVG document; raises TooLarge."""
    drawing = draw(graph)
    root = _root(drawing.around)
    ET.SubElement(root, "title", id="title").text = f"Workflow {graph.title}"
    ET.SubElement(root, "desc", id="desc").text = _description(graph)
    ET.SubElement(root, "style").text = CSS
    _arrowheads(ET.SubElement(root, "defs"))
    for node in graph.walk():
        _box(root, node, drawing.boxes[node.id])
    for edge, route in drawing.routes:
        _route(root, edge, route)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode") + "\n"


def _root(around: Box) -> ET.Element:
    width, height = around.width + 2 * _MARGIN, around.height + 2 * _MARGIN
    view = (around.x - _MARGIN, around.y - _MARGIN, width, height)
    attributes = {
        "xmlns": _NAMESPACE,
        "viewBox": " ".join(map(_number, view)),
        "width": _number(width),
        "height": _number(height),
        "role": "img",
        "aria-labelledby": "title desc",
    }
    return ET.Element("svg", attributes)


def _description(graph: Graph) -> str:
    names = {node.id: node.lines[0] for node in graph.walk()}
    entries = [names[node.id] for node in graph.walk() if node.is_entry]
    begins = f"Begins with {', '.join(entries)}. " if entries else ""
    steps = (
        f"{names[edge.source]} leads to {names[edge.target]}"
        + (f" when {edge.label}" if edge.label else "")
        for edge in graph.edges
    )
    return begins + "".join(f"{step}. " for step in steps).rstrip()


def _arrowheads(defs: ET.Element) -> None:
    for outcome in Outcome:
        attributes = {
            "id": f"arrow-{outcome.value}",
            "viewBox": "0 0 10 10",
            "refX": "9",
            "refY": "5",
            "markerWidth": "8",
            "markerHeight": "8",
            "orient": "auto",
            "class": f"head {outcome.value}",
        }
        marker = ET.SubElement(defs, "marker", attributes)
        ET.SubElement(marker, "path", d="M0 0 10 5 0 10Z")


def _box(root: ET.Element, node: Node, box: Box) -> None:
    classes = ["node", node.kind.value, *(["entry"] if node.is_entry else [])]
    group = ET.SubElement(root, "g", {"id": node.id, "class": " ".join(classes)})
    ET.SubElement(group, "title").text = node.name
    rectangle = {
        "x": _number(box.x),
        "y": _number(box.y),
        "width": _number(box.width),
        "height": _number(box.height),
        "rx": "2" if node.kind is Kind.WORKFLOW else "6",
    }
    ET.SubElement(group, "rect", rectangle)
    for index, line in enumerate(node.lines):
        place = {
            "x": _number(box.x + box.width / 2),
            "y": _number(box.y + PADDING + index * LINE + _BASELINE),
            "class": "more" if index else "name",
        }
        ET.SubElement(group, "text", place).text = line


def _route(root: ET.Element, edge: Edge, route: Route) -> None:
    group = ET.SubElement(root, "g", {"class": f"edge {edge.outcome.value}"})
    points = " ".join(f"{_number(x)},{_number(y)}" for x, y in route.points)
    end = f"url(#arrow-{edge.outcome.value})"
    ET.SubElement(group, "polyline", {"points": points, "marker-end": end})
    if edge.label:
        x, y = route.label
        place = {"x": _number(x), "y": _number(y + 4)}
        ET.SubElement(group, "text", place).text = edge.label


def _number(value: float) -> str:
    return f"{round(value, 1):g}"
