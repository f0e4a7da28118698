"""The functions that Attune's engine has, and what other engines call them. Pure.

Imports nothing of ours. Source: crates/common/src/workflow/expression in
https://github.com/attune-system/attune.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_SIGNATURES = """
string(value) number(value) int(value) bool(value) type_of(value)
length(value) keys(object) values(object)
abs(number) floor(number) ceil(number) round(number) min(a, b) max(a, b) sum(list)
lower(text) upper(text) trim(text) split(text, separator) join(list, separator)
replace(text, old, new) starts_with(text, start) ends_with(text, end) match(pattern, text)
contains(list, value) index_of(list, value) count(list, value) reversed(list) sort(list)
unique(list) flat(list) zip(a, b) merge(a, b) chunks(list, size)
range(end, start?) slice(list, start, end?)
result(any*) succeeded(any*) failed(any*) timed_out(any*)
"""
_SIGNATURE = re.compile(r"(\w+)\(([^)]*)\)")
_FORMS = {"range": "range(start, end)"}


@dataclass(frozen=True, slots=True)
class Function:
    """How a function is called: the counts of arguments it takes (`most` None: any), as text."""

    least: int
    most: int | None
    form: str

    def takes(self, count: int) -> bool:
        """Whether it can be called with that many arguments."""
        return self.most is None or self.least <= count <= self.most

    @property
    def wanted(self) -> str:
        """The counts of arguments in words."""
        if self.least != self.most:
            return f"{self.least} or {self.most} arguments"
        return "1 argument" if self.least == 1 else f"{self.least} arguments"


def _function(name: str, arguments: str) -> Function:
    names = arguments.split(", ")
    if names[-1].endswith("*"):
        return Function(0, None, f"{name}()")
    optional = sum(one.endswith("?") for one in names)
    form = _FORMS.get(name, f"{name}({arguments.replace('?', '')})")
    return Function(len(names) - optional, len(names), form)


FUNCTIONS: Mapping[str, Function] = {
    name: _function(name, arguments) for name, arguments in _SIGNATURE.findall(_SIGNATURES)
}

ELSEWHERE: Mapping[str, str] = {
    "batch": "chunks",
    "combine": "merge",
    "count": "length",
    "distinct": "unique",
    "endswith": "ends_with",
    "endsWith": "ends_with",
    "find": "index_of",
    "flatten": "flat",
    "float": "number",
    "includes": "contains",
    "indexOf": "index_of",
    "index": "index_of",
    "isMatch": "match",
    "len": "length",
    "lowercase": "lower",
    "matches": "match",
    "regex_match": "match",
    "regex_search": "match",
    "reverse": "reversed",
    "search": "match",
    "size": "length",
    "sorted": "sort",
    "startswith": "starts_with",
    "startsWith": "starts_with",
    "str": "string",
    "strip": "trim",
    "test": "match",
    "toLowerCase": "lower",
    "toString": "string",
    "toUpperCase": "upper",
    "to_json": "string",
    "to_json_string": "string",
    "to_string": "string",
    "tojson": "string",
    "type": "type_of",
    "typeof": "type_of",
    "uppercase": "upper",
}
"""Names that Jinja, YAQL, Python and JavaScript have for what a function does here."""

_CLOCK = "Expressions have no clock: pass the time in as a parameter, or publish it from a task."
_CHANCE = "Expressions are the same at every run: publish the value from a task that makes it."
_CHOICE = (
    "Give the parameter a `default`, or publish a value on each of two transitions with `when`."
)
_PARSE = "Results of tasks are objects already; parse other texts in a task."

NOT_HERE: Mapping[str, str] = {
    **dict.fromkeys(("now", "utcnow", "today", "date", "time", "timestamp", "format_date"), _CLOCK),
    **dict.fromkeys(("uuid", "uuid4", "guid", "random", "rand", "randint"), _CHANCE),
    **dict.fromkeys(("default", "d", "coalesce", "if", "iif", "switch", "ternary"), _CHOICE),
    **dict.fromkeys(("from_json", "from_json_string", "fromjson", "fromJson", "json"), _PARSE),
    **dict.fromkeys(("env", "getenv"), "Write `config.<name>`, and set it in the pack's config."),
    **dict.fromkeys(("format", "concat"), "Join texts with `+`: `'a' + string(1)`."),
    "task": "Write `task.<name>`.",
    "item": "Write `item`.",
    "completed": "Leave `when` away: a transition without it always fires.",
}
"""What no function here does, and what to do in its place."""

_PATTERN_FIRST = frozenset(("match",))


def call_for(name: str, arguments: Sequence[str]) -> str:
    """The call that does what another engine's `name` does to the first of the arguments.

    Empty when no function here does that.
    """
    if len(arguments) == 1 and name in ("first", "last"):
        last = f"length({arguments[0]}) - 1"
        return f"{arguments[0]}[{0 if name == 'first' else last}]"
    for known in (name, ELSEWHERE.get(name, "")):
        if known in FUNCTIONS and FUNCTIONS[known].takes(len(arguments)):
            swapped = known in _PATTERN_FIRST
            return f"{known}({', '.join(reversed(arguments) if swapped else arguments)})"
    return ""
