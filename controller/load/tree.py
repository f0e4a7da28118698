"""YAML text → node tree with positions, bounded in time and memory whatever the text is. Pure.

May import `pack`, PyYAML's C parser and the neighbours in `load`. The events of libyaml are used
and not PyYAML's own loaders: those crash the process on deep nesting, follow YAML 1.1, and expand
aliases without a bound.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import yaml
from yaml._yaml import CParser

from controller.load.causes import explain
from controller.load.inside import Inside
from controller.load.scalars import resolve
from controller.load.tags import resolve_tagged
from controller.pack import rules
from controller.pack.diagnostic import Rule, Span
from controller.pack.node import Document, List, Mapping, Node, Scalar, step
from controller.pack.numbers import is_unstorable
from controller.pack.report import Report, quoted

MAX_DEPTH = 64
MAX_NODES = 50_000
MAX_REPEATED_CHARACTERS = 4 * 1024 * 1024
"""Of the text that aliases stand for, each time they stand for it."""
MAX_TAG_DIRECTIVES = 16
"""libyaml compares each %TAG with all before it: thousands would take seconds."""

_TAG_DIRECTIVE = re.compile(r"^%TAG\b", re.MULTILINE)
_COLLECTION_TAGS = {
    Mapping: ("!", "tag:yaml.org,2002:map"),
    List: ("!", "tag:yaml.org,2002:seq"),
}
_NO_KEY = Scalar(None, "", 0, 0, 0, 0)
_DROPPED = Scalar(None, "", 0, 0, 0, 0)


class _Unreadable(Exception):
    """The rest of the text is not looked at; the diagnostic is already in the report."""


class _Anchor:
    """What an anchor names, and how much a repetition of it adds."""

    __slots__ = ("characters", "node", "nodes")

    def __init__(self, nodes: int, characters: int, node: Node | None) -> None:
        self.nodes = nodes
        self.characters = characters
        self.node = node


class _At:
    """The place of an event or of an error, for the report."""

    __slots__ = ("span",)

    def __init__(self, start: Any, end: Any = None) -> None:
        end = (
            end if end is not None and (end.line, end.column) > (start.line, start.column) else None
        )
        line, column = start.line + 1, start.column + 1
        end_line, end_column = (end.line + 1, end.column + 1) if end else (line, column + 1)
        self.span = Span(line, column, end_line, end_column)


def parse(text: str, report: Report) -> Document | None:
    """The document in `text`; None, with at least one error in `report`, when it has none."""
    if len(_TAG_DIRECTIVE.findall(text)) > MAX_TAG_DIRECTIVES:
        message = f"the file has more than {MAX_TAG_DIRECTIVES} %TAG directives"
        report.add(rules.TOO_MANY_DIRECTIVES, None, message, hint="Remove them.")
        return None
    builder = _Builder(report)
    try:
        builder.run(text)
    except _Unreadable:
        return None
    except yaml.YAMLError as error:
        cause = explain(error, text)
        report.add(rules.SYNTAX, cause, cause.message, hint=cause.hint)
        return None
    if builder.root is None:
        hint = "Write the fields it needs, or delete it."
        report.add(rules.NOT_AN_OBJECT, None, "the file is empty", hint=hint)
        return None
    return Document(builder.root, builder.has_unstorable, Inside(text))


class _Builder:
    """Takes one event after the other; `_key` is the key whose value comes next."""

    __slots__ = (
        "_anchors",
        "_container",
        "_documents",
        "_key",
        "_nodes",
        "_open_anchors",
        "_repeated",
        "_report",
        "_stack",
        "_template",
        "has_unstorable",
        "root",
    )

    def __init__(self, report: Report) -> None:
        self._report = report
        self._stack: list[tuple[List | Mapping | None, Scalar]] = []
        self._container: List | Mapping | None = None
        self._key = _NO_KEY
        self._anchors: dict[str, _Anchor] = {}
        self._open_anchors: dict[int, _Anchor] = {}
        self._nodes = 0
        self._repeated = 0
        self._documents = 0
        self._template: Mapping | None = None
        self.root: Node | None = None
        self.has_unstorable = False

    def run(self, text: str) -> None:
        """Read the whole of `text`; raises YAMLError and _Unreadable."""
        handle: dict[type, Callable[[Any], None]] = {
            yaml.ScalarEvent: self._scalar,
            yaml.MappingStartEvent: self._open_mapping,
            yaml.SequenceStartEvent: self._open_list,
            yaml.MappingEndEvent: self._close,
            yaml.SequenceEndEvent: self._close,
            yaml.AliasEvent: self._alias,
            yaml.DocumentStartEvent: self._document,
        }
        next_event = CParser(text).get_event
        while (event := next_event()) is not None:
            handler = handle.get(type(event))
            if handler is not None:
                handler(event)

    def _document(self, event: Any) -> None:
        self._documents += 1
        if self._documents > 1:
            hint = "Keep one workflow in one file, and remove this `---`."
            message = "the file has a second document"
            self._refuse(rules.SEVERAL_DOCUMENTS, event, message, hint)

    def _scalar(self, event: Any) -> None:
        text: str = event.value
        if event.tag is not None:
            value = self._tagged(event)
        elif event.style:
            value = text
            if "\0" in text:
                message = "PostgreSQL cannot store the NUL character in this text"
                self._complain(rules.NUL_CHARACTER, event, message, hint="Remove the `\\0`.")
        else:
            value = resolve(text)
            if type(value) is not str and is_unstorable(value):
                self.has_unstorable = True
        start, end = event.start_mark, event.end_mark
        node = Scalar(value, text, start.line + 1, start.column + 1, end.line + 1, end.column + 1)
        self._nodes += 1
        if event.anchor is not None:
            self._anchors[event.anchor] = _Anchor(1, len(text), node)
        if self._key is _NO_KEY and type(value) is str and type(self._container) is Mapping:
            self._key = node if text != "<<" else self._as_key(node, self._container, event)
        else:
            self._attach(node, event)

    def _tagged(self, event: Any) -> bool | int | float | str | None:
        value, known = resolve_tagged(event.tag, event.value)
        if not known:
            self._foreign_tag(event)
        elif is_unstorable(value):
            self.has_unstorable = True
        return value

    def _foreign_tag(self, event: Any) -> None:
        message = f"the tag {quoted(event.tag)} does not fit this value: Attune would drop it"
        self._complain(rules.FOREIGN_TAG, event, message, hint="Remove the tag.")

    def _open_mapping(self, event: Any) -> None:
        start = event.start_mark
        self._open(Mapping({}, {}, {}, start.line + 1, start.column + 1), event)

    def _open_list(self, event: Any) -> None:
        start = event.start_mark
        self._open(List([], [], start.line + 1, start.column + 1), event)

    def _open(self, node: List | Mapping, event: Any) -> None:
        if len(self._stack) >= MAX_DEPTH:
            message = f"values are nested more than {MAX_DEPTH} deep"
            self._refuse(rules.TOO_DEEP, event, message, "Make the structure flatter.")
        if event.tag is not None and event.tag not in _COLLECTION_TAGS[type(node)]:
            self._foreign_tag(event)
        if event.anchor is not None:
            begun = _Anchor(self._nodes, self._repeated - event.start_mark.index, None)
            self._anchors[event.anchor] = self._open_anchors[id(node)] = begun
        self._nodes += 1
        self._stack.append((self._container, self._key))
        self._container, self._key = node, _NO_KEY

    def _close(self, event: Any) -> None:
        node: Node | None = self._container
        self._container, self._key = self._stack.pop()
        if node is None:
            return
        if self._open_anchors:
            self._name(node, event)
        if node is self._template:
            # A text in its place, an empty template, spares the reader a second complaint.
            node = Scalar("{{ }}", "{{ }}", node.line, node.column, node.line, node.column + 2)
        self._attach(node, event)

    def _name(self, node: Node, event: Any) -> None:
        anchor = self._open_anchors.pop(id(node), None)
        if anchor is not None:
            anchor.node = node
            anchor.nodes = self._nodes - anchor.nodes
            anchor.characters += self._repeated + event.end_mark.index

    def _alias(self, event: Any) -> None:
        anchor = self._anchors.get(event.anchor)
        if anchor is None:
            message = f"the alias {quoted('*' + event.anchor)} has no anchor before it"
            hint = "Define the anchor first, or quote a text that begins with `*`."
            self._refuse(rules.UNKNOWN_ALIAS, event, message, hint)
        elif anchor.node is None:
            message = f"the alias {quoted('*' + event.anchor)} stands inside what it repeats"
            self._refuse(rules.RECURSIVE_ALIAS, event, message, "Write the value out.")
        else:
            self._repeat(anchor, event)
            self._attach(anchor.node, event)

    def _repeat(self, anchor: _Anchor, event: Any) -> None:
        self._nodes += anchor.nodes
        self._repeated += anchor.characters
        if self._nodes > MAX_NODES or self._repeated > MAX_REPEATED_CHARACTERS:
            message = "the aliases of the document repeat too much data"
            self._refuse(rules.TOO_MUCH_EXPANSION, event, message, "Use fewer aliases.")

    def _attach(self, node: Node, event: Any) -> None:
        if self._nodes > MAX_NODES:
            message = f"the document has more than {MAX_NODES:,} values"
            self._refuse(rules.TOO_MANY_NODES, event, message, "Split the file.")
        container = self._container
        if type(container) is Mapping:
            key = self._key
            if key is _NO_KEY:
                self._key = self._as_key(node, container, event)
                return
            self._key = _NO_KEY
            name = key.text
            if name in container.fields:
                self._complain_of_second(container, key)
            elif key is not _DROPPED:
                container.fields[name] = node
                container.keys[name] = key
                container.value[name] = node.value
        elif type(container) is List:
            container.items.append(node)
            container.value.append(node.value)
        else:
            self.root = node

    def _complain_of_second(self, container: Mapping, key: Scalar) -> None:
        first = container.keys[key.text]
        message = (
            f"the key {quoted(key.text)} stands twice: at line {first.line}, column "
            f"{first.column} and at line {key.line}, column {key.column}"
        )
        hint = "Keep one of them: the other would be lost."
        path = step(self._path(), key.text)
        self._report.add(rules.DUPLICATE_KEY, key, message, path=path, hint=hint)

    def _as_key(self, node: Node, container: Mapping, event: Any) -> Scalar:
        if type(node) is not Scalar:
            self._complain_of_key(node, container)
            return _DROPPED
        merges = node.text == "<<" and type(event) is yaml.ScalarEvent and not event.style
        if type(node.value) is str and not merges:
            return node
        if merges:
            hint = "Write the fields out: neither Attune nor YAML 1.2 merges `<<`."
            self._complain(rules.MERGE_KEY, event, "`<<` is not merged by Attune", hint=hint)
            return _DROPPED
        message = f"the key {quoted(node.text)} is not a string"
        self._complain(rules.KEY_NOT_STRING, event, message, hint="Put it in quotes.")
        return node

    def _complain_of_key(self, node: Node, container: Mapping) -> None:
        if (node.line, node.column) == (container.line, container.column + 1):
            message = "a value that begins with `{{` is read as a mapping, not as a template"
            hint = 'Put the whole value in quotes: "{{ … }}".'
            self._template = container
            self._report.add(
                rules.UNQUOTED_TEMPLATE, container, message, path=self._outer_path(), hint=hint
            )
            return
        message = "a list or mapping cannot be a key"
        hint = "Write a text as the key."
        self._report.add(rules.KEY_NOT_STRING, node, message, path=self._path(), hint=hint)

    def _refuse(self, rule: Rule, event: Any, message: str, hint: str) -> None:
        self._complain(rule, event, message, hint=hint)
        raise _Unreadable

    def _complain(self, rule: Rule, event: Any, message: str, *, hint: str) -> None:
        place = _At(event.start_mark, event.end_mark)
        self._report.add(rule, place, message, path=self._path(), hint=hint)

    def _path(self) -> str:
        return _path([*self._stack[1:], (self._container, self._key)])

    def _outer_path(self) -> str:
        return _path(self._stack[1:])


def _path(containers: list[tuple[List | Mapping | None, Scalar]]) -> str:
    path = ""
    for container, key in containers:
        if type(container) is List:
            path += f"[{len(container.items)}]"
        elif key is not _NO_KEY:
            path = step(path, key.text)
    return path
