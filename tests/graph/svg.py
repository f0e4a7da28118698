"""What an SVG shows, and whether its boxes and arrows fit together."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations, pairwise
from xml.etree import ElementTree as ET

_NS = "{http://www.w3.org/2000/svg}"
_NEAR = 0.2
"""Pixels by which rounding may move a place."""

Rectangle = tuple[float, float, float, float]
"""Left, top, right, bottom."""
Point = tuple[float, float]


@dataclass
class Picture:
    """The parts of an SVG document."""

    view: Rectangle
    title: str
    description: str
    lines: dict[str, tuple[str, ...]] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    boxes: dict[str, Rectangle] = field(default_factory=dict)
    entries: set[str] = field(default_factory=set)
    routes: list[list[Point]] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)

    def overlapping(self, around: dict[str, str]) -> list[tuple[str, str]]:
        """The pairs of boxes that overlap, and those that leave the box `around` them."""
        apart = [
            (one, other)
            for one, other in combinations(self.boxes, 2)
            if around.get(one) == around.get(other) and _overlap(self.boxes[one], self.boxes[other])
        ]
        outside = [
            (one, outer)
            for one, outer in around.items()
            if not _contains(self.boxes[outer], self.boxes[one])
        ]
        return apart + outside

    def crossed(self) -> list[tuple[str, Point, Point]]:
        """The boxes that an arrow passes through which neither begins nor ends there."""
        return [
            (box, begin, end)
            for route in self.routes
            for begin, end in pairwise(route)
            for box, place in self.boxes.items()
            if _overlap(_inner(place), _around(begin, end))
            and not any(_contains(place, (*point, *point)) for point in (route[0], route[-1]))
        ]

    def ends_at_borders(self, edges: list[tuple[str, str, str]]) -> bool:
        """Whether there is one route for each edge, from border to border."""
        wanted = sorted((source, target) for source, target, _ in edges)
        left = list(self.routes)
        for source, target in wanted:
            found = [
                route
                for route in left
                if _on_border(self.boxes[source], route[0])
                and _on_border(self.boxes[target], route[-1])
            ]
            if not found:
                return False
            left.remove(found[0])
        return not left

    def is_inside_view(self) -> bool:
        """Whether no box and no arrow is cut off."""
        places = [(x, y, x, y) for route in self.routes for x, y in route]
        return all(_contains(self.view, one) for one in [*self.boxes.values(), *places])


def read_svg(text: str) -> Picture:
    root = ET.fromstring(text)  # noqa: S314  # what our own writer wrote
    left, top, width, height = map(float, root.attrib["viewBox"].split())
    title, description = (root.findtext(f"{_NS}{name}") or "" for name in ("title", "desc"))
    picture = Picture((left, top, left + width, top + height), title, description)
    for group in root.iter(f"{_NS}g"):
        texts = tuple(one.text or "" for one in group.iter(f"{_NS}text"))
        classes = group.attrib["class"].split()
        if "node" in classes:
            _add_box(picture, group, texts, is_entry="entry" in classes)
        else:
            (line,) = group.iter(f"{_NS}polyline")
            picture.routes.append([_point(one) for one in line.attrib["points"].split()])
            picture.labels += texts or ("",)
    return picture


def _add_box(
    picture: Picture, group: ET.Element, texts: tuple[str, ...], *, is_entry: bool
) -> None:
    box = group.attrib["id"]
    (rectangle,) = group.iter(f"{_NS}rect")
    x, y, width, height = (float(rectangle.attrib[key]) for key in ("x", "y", "width", "height"))
    picture.boxes[box] = (x, y, x + width, y + height)
    picture.lines[box] = texts
    picture.names[box] = group.findtext(f"{_NS}title") or ""
    picture.entries |= {box} if is_entry else set()


def _point(text: str) -> Point:
    x, y = map(float, text.split(","))
    return x, y


def _overlap(one: Rectangle, other: Rectangle) -> bool:
    apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
    return not apart


def _around(one: Point, other: Point) -> Rectangle:
    (left, right), (top, bottom) = (sorted(pair) for pair in zip(one, other, strict=True))
    return left, top, right, bottom


def _inner(one: Rectangle) -> Rectangle:
    return one[0] + _NEAR, one[1] + _NEAR, one[2] - _NEAR, one[3] - _NEAR


def _contains(outer: Rectangle, inner: Rectangle) -> bool:
    begins = outer[0] - _NEAR <= inner[0] and outer[1] - _NEAR <= inner[1]
    return begins and inner[2] <= outer[2] + _NEAR and inner[3] <= outer[3] + _NEAR


def _on_border(box: Rectangle, point: Point) -> bool:
    x, y = point
    near = min(abs(x - box[0]), abs(x - box[2]), abs(y - box[1]), abs(y - box[3])) <= _NEAR
    return near and _contains(box, (x, y, x, y))
