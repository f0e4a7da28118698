"""YAML text → node tree with positions, bounded in time and memory whatever the text is. Pure.

May import `pack`, PyYAML's C parser and the neighbours in `load`. The events of libyaml are used
and not PyYAML's own loaders: those crash the process on deep nesting, follow YAML 1.1, and expand
aliases without a bound.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NoReturn

from yaml import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    YAMLError,
)
from yaml._yaml import CParser

from controller.load.causes import explain
from controller.load.inside import Inside
from controller.load.scalars import WORDS, resolve
from controller.load.tags import CORE, resolve_tagged
from controller.pack import rules
from controller.pack.content import Json
from controller.pack.diagnostic import Rule, Span
from controller.pack.node import Document, List, Mapping, Mark, Node, Scalar, step
from controller.pack.numbers import is_unstorable
from controller.pack.report import Report, quoted

MAX_DEPTH = 64
MAX_NODES = 50_000
MAX_REPEATED_CHARACTERS = 4 * 1024 * 1024
"""Of the text that aliases stand for, each time they stand for it."""
MAX_TAG_DIRECTIVES = 16
"""libyaml compares each %TAG with all before it: thousands would take seconds."""

_TAG_DIRECTIVE = re.compile(r"^%TAG\b", re.MULTILINE)
# The first letters of the plain texts that may be words, or numbers.
_OF_WORDS = frozenset(("", *"~nNtTfF"))
_OF_NUMBERS = frozenset(".+-0123456789")
_MAP_TAGS = (None, f"{CORE}map")
_LIST_TAGS = (None, f"{CORE}seq")
_TEMPLATE = "{{ }}"
"""Stands for a template without quotes, which was complained of: nobody has more to say of it."""


class _Unreadable(Exception):
    """The rest of the text is not looked at; the diagnostic is already in the report."""


class _Anchor:
    """What an anchor names (None: still open), and how much a repetition of it adds."""

    __slots__ = ("characters", "depth", "node", "nodes")

    def __init__(self, nodes: int, characters: int, node: Node | None) -> None:
        self.nodes = nodes
        self.characters = characters
        self.depth = 0
        self.node = node


class _At:
    """The place of an event, for the report."""

    __slots__ = ("span",)

    def __init__(self, start: Mark, end: Mark) -> None:
        line, column = start.line + 1, start.column + 1
        after = (end.line + 1, end.column + 1)
        self.span = Span(line, column, *max(after, (line, column + 1)))


def parse(text: str, report: Report) -> Document | None:
    """The document in `text`; None, with at least one error in `report`, when it has none."""
    if _has_many_tag_directives(text):
        message = f"the file has more than {MAX_TAG_DIRECTIVES} %TAG directives"
        report.add(rules.TOO_MANY_DIRECTIVES, None, message, hint="Remove them.")
        return None
    builder = _Builder(text, report)
    try:
        root = builder.document()
    except _Unreadable:
        return None
    except YAMLError as error:
        if not builder.expects(error):
            cause = explain(error, text)
            report.add(rules.SYNTAX, cause, cause.message, hint=cause.hint)
        return None
    if root is None:
        hint = "Write the fields it needs, or delete it."
        report.add(rules.NOT_AN_OBJECT, None, "the file is empty", hint=hint)
        return None
    return Document(root, builder.has_unstorable, Inside(text))


def _has_many_tag_directives(text: str) -> bool:
    # Counting first, because a file without any is searched ten times as fast.
    many = text.count("%TAG") > MAX_TAG_DIRECTIVES
    return many and len(_TAG_DIRECTIVE.findall(text)) > MAX_TAG_DIRECTIVES


class _Builder:
    """Makes nodes of events, by descent: `MAX_DEPTH` bounds it.

    `_trail` says where it is: for each open collection the name whose value comes next (None
    while a key is read), or the items that a list has so far. Most events are scalars: the loops
    take these without a detour.
    """

    __slots__ = (
        "_anchors",
        "_closing",
        "_deepest",
        "_next_event",
        "_nodes",
        "_repeated",
        "_report",
        "_template",
        "_trail",
        "has_unstorable",
    )

    def __init__(self, text: str, report: Report) -> None:
        self._next_event: Callable[[], Any] = CParser(text).get_event
        self._report = report
        self._trail: list[str | list[Node] | None] = []
        self._anchors: dict[str, _Anchor] = {}
        self._nodes = 0
        self._repeated = 0
        self._closing: Any = None
        self._deepest = 0
        self._template: Mapping | None = None
        self.has_unstorable = False

    def document(self) -> Node | None:
        """The one document, None in an empty text; raises YAMLError and _Unreadable."""
        root: Node | None = None
        while (event := self._next_event()) is not None:
            if type(event) is not DocumentStartEvent:
                continue
            if root is not None:
                hint = "Keep one workflow in one file, and remove this `---`."
                message = "the file has a second document"
                self._refuse(rules.SEVERAL_DOCUMENTS, event, message, hint)
            root = self._node(self._next_event())
        return root

    def expects(self, error: YAMLError) -> bool:
        """Whether it comes of a template without quotes, which was complained of."""
        mark = getattr(error, "problem_mark", None)
        template = self._template
        return template is not None and mark is not None and mark.line == template.start.line

    def _node(self, event: Any) -> Node:
        kind = type(event)
        if kind is ScalarEvent:
            return self._scalar(event)
        if kind is AliasEvent:
            return self._alias(event)
        return self._collection(event)

    def _scalar(self, event: Any) -> Scalar:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            self._refuse_more(event)
        text: str = event.value
        if event.tag is not None:
            value = self._tagged(event)
        elif event.style:
            value = text
            if "\0" in text:
                message = "PostgreSQL cannot store the NUL character in this text"
                self._complain(rules.NUL_CHARACTER, event, message, hint="Remove the `\\0`.")
        elif (first := text[:1]) in _OF_WORDS:
            value = WORDS.get(text, text)
        elif first not in _OF_NUMBERS:
            value = text
        else:
            value = resolve(text)
            if type(value) is not str and is_unstorable(value):
                self.has_unstorable = True
        node = Scalar(value, text, event.start_mark, event.end_mark)
        if event.anchor is not None:
            self._anchors[event.anchor] = _Anchor(1, len(text), node)
        return node

    def _refuse_more(self, event: Any) -> NoReturn:
        message = f"the document has more than {MAX_NODES:,} values"
        self._refuse(rules.TOO_MANY_NODES, event, message, "Split the file.")

    def _tagged(self, event: Any) -> bool | int | float | str | None:
        value, known = resolve_tagged(event.tag, event.value)
        if not known:
            self._complain_of_tag(event)
        elif is_unstorable(value):
            self.has_unstorable = True
        return value

    def _collection(self, event: Any) -> Node:
        self._go_down(1, event)
        is_mapping = type(event) is MappingStartEvent
        if event.tag not in (_MAP_TAGS if is_mapping else _LIST_TAGS):
            self._complain_of_tag(event)
        self._nodes += 1
        if self._nodes > MAX_NODES:
            self._refuse_more(event)
        read = self._mapping if is_mapping else self._list
        return read(event) if event.anchor is None else self._anchored(read, event)

    def _go_down(self, levels: int, event: Any) -> None:
        depth = len(self._trail) + levels
        if depth > MAX_DEPTH:
            message = f"values are nested more than {MAX_DEPTH} deep"
            self._refuse(rules.TOO_DEEP, event, message, "Make the structure flatter.")
        if depth > self._deepest:
            self._deepest = depth

    def _anchored(self, read: Callable[[Any], Node], event: Any) -> Node:
        begun = _Anchor(self._nodes - 1, -self._repeated - event.start_mark.index, None)
        self._anchors[event.anchor] = begun
        around, self._deepest = self._deepest, len(self._trail) + 1
        begun.node = read(event)
        begun.nodes = self._nodes - begun.nodes
        begun.characters += self._repeated + self._closing.end_mark.index
        begun.depth = self._deepest - len(self._trail)
        self._deepest = max(around, self._deepest)
        return begun.node

    def _list(self, opening: Any) -> List:
        items: list[Node] = []
        values: list[Json] = []
        next_event, read, scalar = self._next_event, self._node, self._scalar
        self._trail.append(items)
        while type(event := next_event()) is not SequenceEndEvent:
            item = scalar(event) if type(event) is ScalarEvent else read(event)
            items.append(item)
            values.append(item.value)
        self._trail.pop()
        self._closing = event
        return List(items, values, opening.start_mark)

    def _mapping(self, opening: Any) -> Mapping | Scalar:
        node = Mapping({}, {}, {}, opening.start_mark)
        fields, keys, values = node.fields, node.keys, node.value
        trail, next_event, read, scalar = self._trail, self._next_event, self._node, self._scalar
        trail.append(None)
        while type(event := next_event()) is not MappingEndEvent:
            found = scalar(event) if type(event) is ScalarEvent else read(event)
            if type(found) is Scalar and type(found.value) is str and found.text != "<<":
                key: Scalar | None = found
            else:
                key = self._odd_key(found, node, event)
            if key is None:
                read(next_event())
                continue
            trail[-1] = name = key.text
            event = next_event()
            value = scalar(event) if type(event) is ScalarEvent else read(event)
            if name in fields:
                self._complain_of_second(keys[name], key)
            else:
                fields[name] = value
                keys[name] = key
                values[name] = value.value
            trail[-1] = None
        trail.pop()
        self._closing = event
        if node is self._template:
            return Scalar(_TEMPLATE, _TEMPLATE, node.start, self._closing.end_mark)
        return node

    def _alias(self, event: Any) -> Node:
        anchor = self._anchors.get(event.anchor)
        if anchor is None:
            message = f"the alias {quoted('*' + event.anchor)} has no anchor before it"
            hint = "Define the anchor first, or quote a text that begins with `*`."
            self._refuse(rules.UNKNOWN_ALIAS, event, message, hint)
        if anchor.node is None:
            message = f"the alias {quoted('*' + event.anchor)} stands inside what it repeats"
            self._refuse(rules.RECURSIVE_ALIAS, event, message, "Write the value out.")
        self._go_down(anchor.depth, event)
        self._nodes += anchor.nodes
        self._repeated += anchor.characters
        if self._nodes > MAX_NODES or self._repeated > MAX_REPEATED_CHARACTERS:
            message = "the aliases of the document repeat too much data"
            self._refuse(rules.TOO_MUCH_EXPANSION, event, message, "Use fewer aliases.")
        return anchor.node

    def _odd_key(self, key: Node, mapping: Mapping, event: Any) -> Scalar | None:
        """A key that is no plain text, after a complaint; None when its value is dropped, too."""
        if type(key) is not Scalar:
            self._complain_of_key(key, mapping)
            return None
        if type(key.value) is not str:
            message = f"the key {quoted(key.text)} is not a string"
            self._complain(rules.KEY_NOT_STRING, event, message, hint="Put it in quotes.")
            return key
        if type(event) is not ScalarEvent or event.style:
            return key
        hint = "Write the fields out: neither Attune nor YAML 1.2 merges `<<`."
        self._complain(rules.MERGE_KEY, event, "`<<` is not merged by Attune", hint=hint)
        return None

    def _complain_of_key(self, key: Node, mapping: Mapping) -> None:
        if key.start.index == mapping.start.index + 1:
            message = "a value that begins with `{{` is read as a mapping, not as a template"
            hint = 'Put the whole value in quotes: "{{ … }}".'
            self._template = mapping
            path = self._path()
            self._report.add(rules.UNQUOTED_TEMPLATE, mapping, message, path=path, hint=hint)
            return
        message = "a list or mapping cannot be a key"
        hint = "Write a text as the key."
        self._report.add(rules.KEY_NOT_STRING, key, message, path=self._path(), hint=hint)

    def _complain_of_second(self, first: Scalar, second: Scalar) -> None:
        before, here = first.span, second.span
        message = (
            f"the key {quoted(second.text)} stands twice: at line {before.line}, column "
            f"{before.column} and at line {here.line}, column {here.column}"
        )
        hint = "Keep one of them: the other would be lost."
        self._report.add(rules.DUPLICATE_KEY, second, message, path=self._path(), hint=hint)

    def _complain_of_tag(self, event: Any) -> None:
        tag = event.tag.replace(CORE, "!!", 1) if event.tag.startswith(CORE) else event.tag
        message = f"the tag {quoted(tag)} does not fit this value: Attune would drop it"
        self._complain(rules.FOREIGN_TAG, event, message, hint="Remove the tag.")

    def _refuse(self, rule: Rule, event: Any, message: str, hint: str) -> NoReturn:
        self._complain(rule, event, message, hint=hint)
        raise _Unreadable

    def _complain(self, rule: Rule, event: Any, message: str, *, hint: str) -> None:
        place = _At(event.start_mark, event.end_mark)
        self._report.add(rule, place, message, path=self._path(), hint=hint)

    def _path(self) -> str:
        path = ""
        for inside in self._trail:
            if type(inside) is list:
                path += f"[{len(inside)}]"
            elif type(inside) is str:
                path = step(path, inside)
        return path
