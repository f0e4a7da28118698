"""The text between `{{` and `}}`: is it an expression, and what does it name. Pure.

May import `pack` and the neighbours. What is wanted next and a stack of the open brackets: the
grammar has no more to it, for precedence decides what an expression means and not whether it is
one. So there is no tree, no recursion, and no text that takes more than linear time.

The grammar, from what binds least: `or`; `and`; prefix `not`; `== != < > <= >= in`; `+ -`;
`* / %`; prefix `-`; `.name`, `[index]`, and `(arguments)` after a name. So `not` may stand where
the operand of `or`, `and` or `not` begins, and before no other operand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import NoReturn

from controller.pack import rules
from controller.pack.report import quoted
from controller.workflow.expressions import calls, signs
from controller.workflow.expressions.filters import instead_of_method
from controller.workflow.expressions.functions import FUNCTIONS
from controller.workflow.expressions.problem import Problem, Unreadable
from controller.workflow.expressions.tokens import LITERALS, NAME, SPACE, TEXT, TOKEN, literal

MAX_DEPTH = 64
"""Of brackets and prefixes within each other."""

_MAX_INTEGER = 2**63 - 1
_FIELD = re.compile(
    rf"{SPACE}*+(?:\.{SPACE}*+(?P<name>{NAME})|\[{SPACE}*+(?P<text>{TEXT}){SPACE}*+\])"
)
_TASKS = frozenset(("task", "tasks"))
_VALUE = "Write a name, a number, a text in quotes or a call there."


class _Wanted(IntEnum):
    """What may come next; up to ITEM a value, of which VALUE takes no `not` before it."""

    VALUE = 0
    CONDITION = 1
    ITEM = 2  # or the bracket's end
    ARGUMENTS = 3
    FIELD = 4
    OPERATOR = 5


VALUE, CONDITION, ITEM, ARGUMENTS, FIELD, OPERATOR = _Wanted


@dataclass(slots=True)
class _Bracket:
    """An open bracket. `called` is the function whose arguments it holds, `operand` and `clause`
    are those of the value that it belongs to."""

    sign: str
    start: int
    operand: int
    clause: int
    is_index: bool
    called: re.Match[str] | None
    commas: int = 0


@dataclass(frozen=True, slots=True)
class Use:
    """A name in a text, and where it stands."""

    name: str
    start: int
    end: int


class Reader:
    """Takes one token after the other. `operand` is where the value read last begins, with all
    that is behind it (`a.b[0]`), `clause` where the comparison around it does (`a + b == c`)."""

    __slots__ = (
        "brackets",
        "called",
        "clause",
        "last",
        "names",
        "operand",
        "prefixes",
        "problems",
        "tasks",
        "text",
        "wanted",
    )

    def __init__(self, text: str) -> None:
        self.text = text
        self.names: dict[str, Use] = {}
        self.tasks: dict[str, Use] = {}
        self.problems: list[Problem] = []
        self.wanted = CONDITION
        self.brackets: list[_Bracket] = []
        self.called: re.Match[str] | None = None
        self.operand = self.clause = 0
        self.prefixes = 0
        self.last: re.Match[str] | None = None

    def read(self) -> None:
        """Read it all; raises Unreadable at what cannot follow."""
        for token in TOKEN.finditer(self.text):
            _ON[token.lastgroup](self, token)
            self.last = token
        if self.last is not None:
            self._finish(self.last)

    def _begin(self, token: re.Match[str]) -> None:
        """A value begins with this token."""
        if self.wanted > ITEM:
            self._refuse_value(token)
        self.operand = token.start()
        if self.wanted:
            self.clause = self.operand
        self.prefixes = 0
        self.wanted = OPERATOR

    def _name(self, token: re.Match[str]) -> None:
        if self.wanted is FIELD:
            self.wanted = OPERATOR
            return
        self._begin(token)
        name = token[0]
        if name in _TASKS:
            self._task(token.end())
        if name not in self.names:
            self.names[name] = Use(name, self.operand, token.end())

    def _task(self, at: int) -> None:
        found = _FIELD.match(self.text, at)
        if found is not None:
            kind = found.lastgroup or ""
            name = found[kind] if kind == "name" else literal(found[kind])
            self.tasks.setdefault(name, Use(name, *found.span(kind)))

    def _call(self, token: re.Match[str]) -> None:
        if self.wanted is FIELD:
            self._refuse_method(token)
        self._begin(token)
        if token[0] not in FUNCTIONS or token[0] == "match":
            self.problems += calls.check_name(self.text, token)
        self.called = token
        self.wanted = ARGUMENTS

    def _word(self, token: re.Match[str]) -> None:
        word = token[0]
        if self.wanted is FIELD:
            self.wanted = OPERATOR
        elif word in LITERALS:
            self._begin(token)
        elif self.wanted is OPERATOR:
            if word == "not":
                self._refuse_value(token)
            self.wanted = VALUE if word == "in" else CONDITION
        elif word == "not" and self.wanted is not VALUE:
            self._prefix(token, CONDITION)
        else:
            self._refuse_operator(token)

    def _prefix(self, token: re.Match[str], wanted: _Wanted) -> None:
        self.prefixes += 1
        self._check_depth(token)
        self.wanted = wanted

    def _check_depth(self, token: re.Match[str]) -> None:
        if len(self.brackets) + self.prefixes > MAX_DEPTH:
            message = f"the expression is nested more than {MAX_DEPTH} deep"
            self._refuse(token, message, "Publish a part of it from a task, and use that.")

    def _operator(self, token: re.Match[str]) -> None:
        if self.wanted is OPERATOR:
            self.wanted = VALUE
        elif token[0] == "-" and self.wanted <= ITEM:
            if self.wanted:
                self.clause = token.start()
            self._prefix(token, VALUE)
        else:
            self._refuse_operator(token)

    def _literal(self, token: re.Match[str]) -> None:
        self._begin(token)

    def _number(self, token: re.Match[str]) -> None:
        if self.wanted is FIELD:
            hint = f"Write an index in brackets: `[{token[0].partition('.')[0]}]`."
            self._refuse(token, f"{quoted(token[0])} cannot be the name of a field", hint)
        self._begin(token)
        # Python refuses to read very long ones.
        if "." not in token[0] and (len(token[0]) > 999 or int(token[0]) > _MAX_INTEGER):
            hint = "Write it with a decimal point, or as a text in quotes."
            self._refuse(token, f"{quoted(token[0])} is beyond 64 bits", hint)

    def _dot(self, token: re.Match[str]) -> None:
        if self.wanted is not OPERATOR:
            self._refuse_operator(token)
        self.wanted = FIELD

    def _open(self, token: re.Match[str]) -> None:
        sign, called = token[0], self.called
        is_index = sign == "[" and self.wanted is OPERATOR
        if self.wanted is ARGUMENTS:
            self.called = None
        elif not is_index:
            self._begin(token)
        self.brackets.append(
            _Bracket(sign, token.start(), self.operand, self.clause, is_index, called)
        )
        self._check_depth(token)
        may_be_empty = called or (sign == "[" and not is_index)
        self.wanted = ITEM if may_be_empty else CONDITION

    def _comma(self, token: re.Match[str]) -> None:
        if self.wanted is not OPERATOR:
            self._refuse_operator(token)
        bracket = self.brackets[-1] if self.brackets else None
        if bracket is None or bracket.is_index or (bracket.sign == "(" and not bracket.called):
            self._refuse(token, "a `,` cannot stand here", "Write a list in brackets: `[a, b]`.")
        bracket.commas += 1
        self.wanted = CONDITION if bracket.called else ITEM

    def _close(self, token: re.Match[str]) -> None:
        sign = token[0]
        if not self.brackets:
            self._refuse(token, f"this `{sign}` closes nothing", "Remove it, or open it before.")
        bracket = self.brackets.pop()
        if _CLOSING[bracket.sign] != sign:
            message = f"this `{sign}` cannot close the `{bracket.sign}` before it"
            self._refuse(token, message, f"Write `{_CLOSING[bracket.sign]}`.")
        is_empty = self.wanted is ITEM
        if not is_empty and self.wanted is not OPERATOR:
            self._refuse_operator(token)
        self.operand, self.clause = bracket.operand, bracket.clause
        self.wanted = OPERATOR
        if bracket.called:
            count = 0 if is_empty else bracket.commas + 1
            function = FUNCTIONS.get(bracket.called[0])
            if function is not None and not function.takes(count):
                self.problems.append(calls.wrong_count(bracket.called, function, count))

    def _sign(self, token: re.Match[str]) -> None:
        raise Unreadable(signs.problem(self.text, token, self._read_before()))

    def _read_before(self) -> str:
        """The value before a sign, as it is written; empty when a value is missing there."""
        if self.wanted is not OPERATOR or self.last is None:
            return ""
        return self.text[self.operand : self.last.end()]

    def _finish(self, last: re.Match[str]) -> None:
        if self.wanted is FIELD:
            self._refuse(last, "a name is missing after this `.`", "Name a field, or remove it.")
        if self.wanted < ITEM:
            self._refuse(last, f"a value is missing after {quoted(last[0])}", _VALUE)
        if self.brackets:
            bracket = self.brackets[-1]
            message = f"this `{bracket.sign}` is never closed"
            hint = f"Close it with `{_CLOSING[bracket.sign]}` before the `}}}}`."
            start = bracket.start
            raise Unreadable(Problem(rules.EXPRESSION_SYNTAX, start, start + 1, message, hint))

    def _refuse_value(self, token: re.Match[str]) -> NoReturn:
        """A value, or `not`, where none can stand."""
        if self.wanted is FIELD:
            self._refuse_operator(token)
        clause = self.text[self.clause : self.last.end()] if self.last else ""
        raise Unreadable(signs.no_operator(self.text, token, self._read_before(), clause))

    def _refuse_operator(self, token: re.Match[str]) -> NoReturn:
        """Something that goes on with a value, or ends it, where there is none."""
        if self.wanted is FIELD:
            message = f"a name is missing before {quoted(token[0])}"
            self._refuse(token, message, "Name a field after the `.`, or write it in brackets.")
        raise Unreadable(signs.no_value(token, self.last))

    def _refuse_method(self, token: re.Match[str]) -> NoReturn:
        receiver = self.text[self.operand : self.last.start()].strip() if self.last else ""
        hint = instead_of_method(self.text, receiver, token[0], token.end())
        message = f"{quoted(token[0])} is called as a method, and Attune has functions only"
        raise Unreadable(Problem(rules.FOREIGN_EXPRESSION, *token.span(), message, hint))

    def _refuse(self, token: re.Match[str], message: str, hint: str) -> NoReturn:
        raise Unreadable(Problem(rules.EXPRESSION_SYNTAX, *token.span(), message, hint))


_CLOSING = {"(": ")", "[": "]"}

_ON: Mapping[str | None, Callable[[Reader, re.Match[str]], None]] = {
    "word": Reader._word,
    "call": Reader._call,
    "name": Reader._name,
    "dot": Reader._dot,
    "text": Reader._literal,
    "number": Reader._number,
    "open": Reader._open,
    "close": Reader._close,
    "comma": Reader._comma,
    "operator": Reader._operator,
    "sign": Reader._sign,
}
