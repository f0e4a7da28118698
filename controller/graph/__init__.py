"""A workflow as a picture: which task follows which, and when. Pure.

May import `workflow`, `pack` and graphlay, which places the boxes of an SVG. This is the door of
the room.
"""

from controller.graph.dot import to_dot
from controller.graph.mermaid import to_mermaid
from controller.graph.model import Graph, graph_of
from controller.graph.svg import TooLarge, to_svg

__all__ = ["Graph", "TooLarge", "graph_of", "to_dot", "to_mermaid", "to_svg"]
