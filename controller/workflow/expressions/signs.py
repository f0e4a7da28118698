"""What stands where nothing of the kind can stand, and what its author most likely meant. Pure.

May import `pack` and the neighbours.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from controller.pack import rules
from controller.pack.report import quoted
from controller.workflow.expressions.filters import instead_of_filters, instead_of_test
from controller.workflow.expressions.problem import Problem
from controller.workflow.expressions.tokens import NAME, SPACE

_UNARY = "Write `not` before the condition."
_NO_POWER = "There is no power: multiply, or compute it in a task."
_NO_CHOICE = "Publish a value on each of two transitions with `when`, and use that."
_OBJECT = "Write the object in YAML, with an expression for each value."
_QUOTE = "Write `'` or `\"`."

_FOREIGN: Mapping[str, str] = {
    "||": "Write `or`.",
    "&&": "Write `and`.",
    "===": "Write `==`.",
    "!==": "Write `!=`.",
    "<>": "Write `!=`.",
    "=": "Write `==` to compare.",
    "!": _UNARY,
    "**": _NO_POWER,
    "//": "Write `floor(a / b)`.",
    "~": "Write `+`, with `string(…)` around what is not text.",
    "?": _NO_CHOICE,
    ":": "Write `slice(list, start, end)` for a part of a list.",
    "??": _NO_CHOICE,
    "?.": "Write `.`.",
    "->": "Write `.`.",
    "=>": "There are no functions of one's own: compute it in a task.",
    "&": "Write `and`.",
    "{": _OBJECT,
    "}": _OBJECT,
}
"""Signs that other engines know, and what to write here."""

_ODD: Mapping[str, str] = {
    **dict.fromkeys("\u2018\u2019\u201c\u201d\u201e\xab\xbb`\xb4", _QUOTE),
    "\u2212": "Write `-`.",
    "\xd7": "Write `*`.",
    "≠": "Write `!=`.",
    "≤": "Write `<=`.",
    "≥": "Write `>=`.",
    "…": "Write the whole expression out.",
}
"""Characters that a word processor or a keyboard puts in the place of a sign."""

_WORDS: Mapping[str, str] = {
    "AND": "Write `and`.",
    "And": "Write `and`.",
    "OR": "Write `or`.",
    "Or": "Write `or`.",
    "NOT": "Write `not`.",
    "IN": "Write `in`.",
    "mod": "Write `%`.",
    "div": "Write `floor(a / b)`.",
    "eq": "Write `==`.",
    "ne": "Write `!=`.",
    "gt": "Write `>`.",
    "lt": "Write `<`.",
    "ge": "Write `>=`.",
    "le": "Write `<=`.",
    "contains": "Write `contains(list, value)`.",
    "matches": "Write `match(pattern, text)`.",
    "if": _NO_CHOICE,
    "else": _NO_CHOICE,
    "for": "Use `with_items` of a task to go through a list.",
}
"""Words that stand between two values in other engines, and what to write here."""

_LOOKUP = re.compile(rf"\${SPACE}*+\.{SPACE}*+({NAME})")
_IN = re.compile(rf"not{SPACE}++in\b")
_OPERAND = "Write a name, a number, a text in quotes or a call there."


def problem(text: str, token: re.Match[str], before: str) -> Problem:
    """A sign that no expression has; `before` is the value that stands before it, if one does."""
    sign, (start, after) = token[0], token.span()
    if sign == "|" and before:
        hint = instead_of_filters(text, before, start)
        message = "`|` passes a value to a filter, and Attune has functions only"
        return Problem(rules.FOREIGN_EXPRESSION, start, after, message, hint)
    if sign in "'\"":
        return _unclosed_text(text, start)
    if sign == "$":
        return _lookup(text, start)
    if sign == "{{":
        message = "`{{` stands inside an expression"
        hint = "Remove it: names need no braces of their own here."
        return Problem(rules.EXPRESSION_SYNTAX, start, after, message, hint)
    if sign in _FOREIGN:
        message = f"{quoted(sign)} is no operator of Attune's expressions"
        if sign == "{":
            message = "an object cannot be written inside an expression"
        return Problem(rules.FOREIGN_EXPRESSION, start, after, message, _FOREIGN[sign])
    return _odd(sign, start)


def _unclosed_text(text: str, start: int) -> Problem:
    quote = text[start]
    hint = f"Close it with `{quote}`; a `}}}}` ends the expression even inside a text."
    message = "the text that begins here is never closed"
    return Problem(rules.EXPRESSION_SYNTAX, start, start + 1, message, hint)


def _lookup(text: str, start: int) -> Problem:
    found = _LOOKUP.match(text, start)
    message = "`$` looks up a variable in YAQL; Attune has names only"
    after, name = (start + 1, "") if found is None else (found.end(), found[1])
    return Problem(rules.FOREIGN_EXPRESSION, start, after, message, name=name)


def _odd(sign: str, start: int) -> Problem:
    if sign.isalpha():
        message = f"{quoted(sign)} cannot stand in a name"
        hint = "Names are of `a` to `z`, digits and `_`; others go in brackets: `vars['…']`."
    else:
        message = f"{quoted(sign)} means nothing in an expression"
        hint = _ODD.get(sign, "Remove it, or put the text that it belongs to in quotes.")
    return Problem(rules.EXPRESSION_SYNTAX, start, start + 1, message, hint)


def no_operator(text: str, token: re.Match[str], before: str, clause: str) -> Problem:
    """A value directly after the value `before`, which ends the comparison `clause`."""
    word, (start, after) = token[0], token.span()
    rule = rules.FOREIGN_EXPRESSION
    if word == "is":
        hint = instead_of_test(text, before, start)
        return Problem(rule, start, after, "`is` is no operator of Attune's expressions", hint)
    found = _IN.match(text, start)
    if found:
        hint = f"Write `not {clause} in …`." if len(clause) < 40 else "Write `not a in b`."
        return Problem(rule, start, found.end(), "there is no `not in`", hint)
    if word in _WORDS:
        message = f"{quoted(word)} is no operator of Attune's expressions"
        return Problem(rule, start, after, message, _WORDS[word])
    if word == "(":
        message = "only a function can be called, by its name"
        hint = "Remove the parenthesis, or write an operator before it."
        return Problem(rules.EXPRESSION_SYNTAX, start, after, message, hint)
    message = f"an operator is missing before {quoted(word)}"
    hint = "Join texts with `+`, compare with `==`, or end the expression with `}}` before it."
    return Problem(rules.EXPRESSION_SYNTAX, start, after, message, hint)


def no_value(token: re.Match[str], last: re.Match[str] | None) -> Problem:
    """Something that needs a value before it, and has none."""
    sign, (start, after) = token[0], token.span()
    message, hint = f"a value is missing before {quoted(sign)}", _OPERAND
    if sign == ")" and last and last[0] == ",":
        hint = "Remove the comma before it: only a list may end in one."
    elif sign == ".":
        hint = "Write `0.5` for a number, and `parameters.<name>` for a parameter."
    elif sign == "not" and last:
        message = f"`not` cannot stand after {quoted(last[0])}"
        hint = "Put it in parentheses: `(not …)`."
    return Problem(rules.EXPRESSION_SYNTAX, start, after, message, hint)
