"""`Graph` → Mermaid, as GitHub and GitLab draw it in Markdown. Pure; imports `model`.

Source of the syntax: https://mermaid.js.org/syntax/flowchart.html. A text stands in quotes, where
`#35;` is the character of that number; what Mermaid would take for its own syntax or for Markdown
is written so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from controller.graph.model import Edge, Graph, Kind, Node, Outcome

_SPECIAL = re.compile(
    r"[^\w ()=.,:/+!?'-]"
    r"|(?<![^\W_])_|_(?![^\W_])"  # at the edge of a word it would begin emphasis
    r"|^\d*[.)+-](?= |$)"  # at the beginning it would begin a list
)
_SHAPES = {
    Kind.ACTION: ("[", "]"),
    Kind.PARALLEL: ("[", "]"),
    Kind.WORKFLOW: ("[[", "]]"),
    Kind.MISSING: ("{{", "}}"),
}
_ARROWS = dict.fromkeys(Outcome, "-->") | {Outcome.FAILED: "-.->", Outcome.TIMED_OUT: "-.->"}
_CLASSES = (
    "  classDef entry stroke-width:3px",
    "  classDef missing stroke:#c00,stroke-dasharray:4 3",
)


def to_mermaid(graph: Graph) -> str:
    """The graph as a Mermaid flowchart."""
    lines = ["flowchart TD", f"  accTitle: {_plain(graph.title)}"]
    for node in graph.nodes:
        lines += _node(node, "  ")
    lines += [_edge(edge) for edge in graph.edges]
    lines += _CLASSES
    lines += [f"  class {node.id} entry" for node in graph.walk() if node.is_entry]
    lines += [f"  class {node.id} missing" for node in graph.walk() if node.kind is Kind.MISSING]
    return "\n".join(lines) + "\n"


def _node(node: Node, indent: str) -> Iterator[str]:
    label = '"' + "<br/>".join(map(_text, node.lines)) + '"'
    if not node.inner:
        opening, closing = _SHAPES[node.kind]
        yield f"{indent}{node.id}{opening}{label}{closing}"
        return
    yield f"{indent}subgraph {node.id}[{label}]"
    for one in node.inner:
        yield from _node(one, indent + "  ")
    yield f"{indent}end"


def _edge(edge: Edge) -> str:
    label = f'|"{_text(edge.label)}"|' if edge.label else ""
    return f"  {edge.source} {_ARROWS[edge.outcome]}{label} {edge.target}"


def _text(text: str) -> str:
    return _SPECIAL.sub(lambda found: "".join(f"#{ord(one)};" for one in found[0]), text)


def _plain(title: str) -> str:
    """A title for screen readers: Mermaid knows no escape there."""
    return " ".join(re.sub(r"[^\w .,:()/-]", " ", title).split())
