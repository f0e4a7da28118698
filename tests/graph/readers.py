"""Small readers of Mermaid and DOT: they take what our writers write, and refuse all else."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from controller.graph import Graph

Edge = tuple[str, str, str]
"""From, to, and the label, which is empty when there is none."""


@dataclass
class Read:
    """What a picture says: the lines in each box, the box around each, the edges, the entries."""

    title: str = ""
    boxes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    around: dict[str, str] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)
    entries: set[str] = field(default_factory=set)

    def add(self, box: str, lines: list[str], inside: list[str]) -> None:
        assert box not in self.boxes
        self.boxes[box] = tuple(lines)
        if inside:
            self.around[box] = inside[-1]


def expected(graph: Graph) -> Read:
    """What every picture of the graph must say."""
    read = Read(graph.title)
    read.boxes = {node.id: node.lines for node in graph.walk()}
    read.around = {inner.id: node.id for node in graph.walk() for inner in node.inner}
    read.edges = [(edge.source, edge.target, edge.label) for edge in graph.edges]
    read.entries = {node.id for node in graph.walk() if node.is_entry}
    return read


_BOX = re.compile(r'(\w+)(\[\[|\[|\{\{)"([^"]*)"(\]\]|\]|\}\})')
_SUBGRAPH = re.compile(r'subgraph (\w+)\["([^"]*)"\]')
_ARROW = re.compile(r'(\w+) (?:-->|-\.->)(?:\|"([^"]*)"\|)? (\w+)')
_CLASS = re.compile(r"class (\w+) (\w+)")
_CLOSING = {"[": "]", "[[": "]]", "{{": "}}"}


def read_mermaid(text: str) -> Read:
    first, title, *lines = text.splitlines()
    assert first == "flowchart TD"
    read, inside = Read(title.removeprefix("  accTitle: ")), list[str]()
    for line in map(str.strip, lines):
        if found := _BOX.fullmatch(line):
            assert found[4] == _CLOSING[found[2]]
            read.add(found[1], _mermaid_lines(found[3]), inside)
        elif found := _SUBGRAPH.fullmatch(line):
            read.add(found[1], _mermaid_lines(found[2]), inside)
            inside.append(found[1])
        elif line == "end":
            inside.pop()
        elif found := _ARROW.fullmatch(line):
            read.edges.append((found[1], found[3], "".join(_mermaid_lines(found[2] or ""))))
        elif found := _CLASS.fullmatch(line):
            read.entries |= {found[1]} if found[2] == "entry" else set()
        else:
            assert line.startswith("classDef ")
    assert not inside
    return read


def _mermaid_lines(text: str) -> list[str]:
    lines = text.split("<br/>")
    assert not re.search(r"[<>`*#&;%{}\[\]]", re.sub(r"#\d+;", "", "".join(lines)))
    return [re.sub(r"#(\d+);", lambda found: chr(int(found[1])), line) for line in lines]


_QUOTED = r'"((?:[^"\\]|\\.)*)"'
_NODE = re.compile(rf"(\w+) \[label={_QUOTED}, tooltip={_QUOTED}([^\"]*(?:\"#\w+\")?[^\"]*)\]")
_EDGE = re.compile(rf"(\w+) -> (\w+)(?: \[(?:label={_QUOTED})?[^\"]*(?:\"#\w+\")?[^\"]*\])?")
_CLUSTER = re.compile(r"subgraph cluster_(\w+) \{")


def read_dot(text: str) -> Read:
    first, *lines = text.splitlines()
    found = re.fullmatch(rf"digraph {_QUOTED} \{{", first)
    assert found
    read, inside, wide = Read(_unescaped(found[1])), list[str](), False
    for line in map(str.strip, lines):
        if found := _CLUSTER.fullmatch(line):
            inside.append(found[1])
        elif found := _NODE.fullmatch(line):
            around = inside[:-1] if inside[-1:] == [found[1]] else inside
            read.add(found[1], _dot_lines(found[2]), around)
            is_entry = wide if around is not inside else "penwidth" in found[4]
            read.entries |= {found[1]} if is_entry else set()
        elif found := _EDGE.fullmatch(line):
            read.edges.append((found[1], found[2], _unescaped(found[3] or "")))
        elif line == "}":
            inside = inside[:-1]
        else:
            assert line.startswith(("graph [", "node [shape", "edge ["))
            wide = "penwidth" in line
    return read


def _dot_lines(text: str) -> list[str]:
    """The lines of a label: `\\n` ends one, unless its backslash is itself escaped."""
    lines = [""]
    for part in re.findall(r"\\.|[^\\]", text):
        if part == "\\n":
            lines.append("")
        else:
            lines[-1] += part
    return [_unescaped(line) for line in lines]


def _unescaped(text: str) -> str:
    plain = re.sub(r"\\(.)", r"\1", text)
    assert not re.search(r"&(?!amp;)", plain)
    return plain.replace("&amp;", "&")
