"""`Graph` → DOT, the language of Graphviz. Pure; imports `model`.

Source of the syntax: https://graphviz.org/doc/info/lang.html and escString. An edge cannot end at
a cluster, so each parallel task has a node inside its own cluster that says what it is, and the
edges are cut at the border (`lhead`, `ltail`).
"""

from __future__ import annotations

from collections.abc import Iterator

from controller.graph.model import Edge, Graph, Kind, Node, Outcome

_HEAD = (
    "  graph [compound=true, rankdir=TB, fontname=monospace]",
    "  node [shape=box, style=rounded, fontname=monospace]",
    "  edge [fontname=monospace, fontsize=11]",
)
_KINDS = {
    Kind.ACTION: "",
    Kind.PARALLEL: "",
    Kind.WORKFLOW: ", peripheries=2",
    Kind.MISSING: ', style=dashed, color="#cc0000"',
}
_STYLES = {
    Outcome.ALWAYS: "",
    Outcome.SUCCEEDED: 'color="#1a7f37"',
    Outcome.FAILED: 'color="#cf222e", style=dashed',
    Outcome.TIMED_OUT: 'color="#9a6700", style=dotted',
    Outcome.CONDITION: 'color="#0969da"',
}


def to_dot(graph: Graph) -> str:
    """The graph as a DOT digraph."""
    clusters = {node.id for node in graph.walk() if node.inner}
    lines = [f"digraph {_quoted(graph.title)} {{", *_HEAD]
    for node in graph.nodes:
        lines += _node(node, "  ")
    lines += [_edge(edge, clusters) for edge in graph.edges]
    return "\n".join([*lines, "}"]) + "\n"


def _node(node: Node, indent: str) -> Iterator[str]:
    width = ", penwidth=2.5" if node.is_entry else ""
    label = f"label={_label(node.lines)}, tooltip={_quoted(node.name)}"
    if not node.inner:
        yield f"{indent}{node.id} [{label}{_KINDS[node.kind]}{width}]"
        return
    yield f"{indent}subgraph cluster_{node.id} {{"
    yield f"{indent}  graph [style=rounded{width}]"
    yield f"{indent}  {node.id} [{label}, shape=plaintext]"
    for one in node.inner:
        yield from _node(one, indent + "  ")
    yield f"{indent}}}"


def _edge(edge: Edge, clusters: set[str]) -> str:
    style = [f"label={_quoted(edge.label)}"] if edge.label else []
    style += filter(None, [_STYLES[edge.outcome]])
    if edge.source != edge.target:  # Graphviz refuses to cut an edge that stays in its cluster
        style += [f"ltail=cluster_{edge.source}"] if edge.source in clusters else []
        style += [f"lhead=cluster_{edge.target}"] if edge.target in clusters else []
    attributes = f" [{', '.join(style)}]" if style else ""
    return f"  {edge.source} -> {edge.target}{attributes}"


def _label(lines: tuple[str, ...]) -> str:
    return '"' + r"\n".join(map(_escaped, lines)) + '"'


def _quoted(text: str) -> str:
    return f'"{_escaped(text)}"'


def _escaped(text: str) -> str:
    """Graphviz reads backslashes and HTML entities inside quotes."""
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;")
