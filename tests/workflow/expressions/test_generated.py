"""Whatever follows the grammar is accepted, and whatever does not is answered, and soon."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from controller.pack.diagnostic import Category, Diagnostic
from tests.load.dumping import dump
from tests.validate.packs import check_one

_HEAD = """\
version: "1.0.0"
vars: {region: eu, _x9: 1}
tasks:
  - name: a
    action: core.echo
    next: [{publish: [body]}]
    with_items: "{{ body }}"
    input: """


def _source(text: str) -> str:
    return _HEAD + dump({"x": text}, flow=True)


def _problems(text: str) -> tuple[Diagnostic, ...]:
    return check_one(_source(text)).diagnostics


Piece = tuple[int, str]
"""An expression, and how tightly its outermost operator binds."""

_TIGHTEST = 8
_OPERATORS = {
    **dict.fromkeys(["or"], 1),
    **dict.fromkeys(["and"], 2),
    **dict.fromkeys(["==", "!=", "<", ">", "<=", ">=", "in"], 4),
    **dict.fromkeys(["+", "-"], 5),
    **dict.fromkeys(["*", "/", "%"], 6),
}
_PREFIXES = {"not": 3, "-": 7}

_NAMES = st.sampled_from(
    ["region", "_x9", "body", "item", "index", "parameters", "task.a", "true", "null", "1", "0.50"]
)
_CHARACTERS = st.text(st.characters(codec="utf-8", exclude_characters="\0'\"\\}"), max_size=5)
_LITERALS = st.one_of(
    st.integers(0, 2**63 - 1).map(str),
    st.sampled_from([r"'\''", r'"\""', r"'\d\\'", "'\"'", '""']),
    _CHARACTERS.map(lambda text: f"'{text}'"),
    _CHARACTERS.map(lambda text: f'"{text}"'),
)


def _within(piece: Piece, level: int) -> str:
    """As it must be written where an operator binds at `level`."""
    return piece[1] if piece[0] >= level else f"({piece[1]})"


def _binary(left: Piece, operator: str, space: str, right: Piece) -> Piece:
    level = _OPERATORS[operator]
    return level, f"{_within(left, level)} {operator}{space} {_within(right, level + 1)}"


def _prefixed(prefix: str, operand: Piece) -> Piece:
    level = _PREFIXES[prefix]
    return level, f"{prefix} {_within(operand, level)}"


def _followed(subject: Piece, after: str) -> Piece:
    return _TIGHTEST, f"{_within(subject, _TIGHTEST)}{after}"


def _larger(inner: st.SearchStrategy[Piece]) -> st.SearchStrategy[Piece]:
    texts = inner.map(lambda piece: piece[1])
    after = st.one_of(
        st.sampled_from([".a", " . in", ".not", "[ 'x' ]"]), texts.map(lambda text: f"[{text}]")
    )
    whole = st.one_of(
        texts.map(lambda text: f"[{text},]"),
        st.lists(texts, max_size=2).map(lambda several: f"[{', '.join(several)}]"),
        st.lists(texts, max_size=2).map(lambda several: f"result({','.join(several)})"),
        texts.map(lambda text: f"length ({text})"),
        st.tuples(texts, texts).map(lambda two: f"join({two[0]}, {two[1]})"),
    )
    return st.one_of(
        st.builds(
            _binary,
            inner,
            st.sampled_from([*_OPERATORS]),
            st.sampled_from(["", "\n", "\xa0"]),
            inner,
        ),
        st.builds(_prefixed, st.sampled_from([*_PREFIXES]), inner),
        st.builds(_followed, inner, after),
        whole.map(lambda text: (_TIGHTEST, text)),
    )


def _expressions(atoms: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """By the grammar of the contract, without a parenthesis that it does not ask for."""
    leaves = atoms.map(lambda text: (_TIGHTEST, text))
    return st.recursive(leaves, _larger, max_leaves=12).map(lambda piece: piece[1])


@settings(deadline=None)  # a shared machine may stall
@given(_expressions(_NAMES | _LITERALS))
def test_what_follows_the_grammar_is_accepted(expression: str) -> None:
    assert _problems(f"a {{{{ {expression} }}}} b") == ()


@settings(deadline=None)
@given(_expressions(_NAMES), st.data())
def test_a_bracket_too_many_is_refused(expression: str, data: st.DataObject) -> None:
    """Wherever it lands; there is no text in the expression that could hold it."""
    at = data.draw(st.integers(0, len(expression)))
    bracket = data.draw(st.sampled_from("()[]"))
    # Inside `'x'` it would be a part of the text.
    at = at if "'" not in expression[max(0, at - 2) : at + 2] else 0
    mutated = f"{expression[:at]}{bracket}{expression[at:]}"
    codes = {one.rule.code for one in _problems(f"{{{{ {mutated} }}}}")}
    assert codes & {"ATT401", "ATT402"}


_PIECES = st.sampled_from(
    [
        *("{{", "}}", "{", "}", "(", ")", "[", "]", ",", ".", "'", '"', "\\", "|", "<%", "%>", "%"),
        *("and", "or", "not", "in", "is", "if", "task", "body", "nope", "item", "ctx", "match("),
        *("1", "2.5", "==", "=", "+", "-", "*", "//", "!", "$", "_", "join", "\u00e9", "\n", " "),
    ]
)


@settings(deadline=None)
@given(st.lists(_PIECES | _CHARACTERS, max_size=30))
def test_garbage_is_answered_within_its_text(pieces: list[str]) -> None:
    text = "".join(pieces)
    last = _source(text).count("\n") + 1
    for one in _problems(text):
        assert one.rule.category is Category.EXPRESSIONS
        assert one.hint
        begin, end = (one.span.line, one.span.column), (one.span.end_line, one.span.end_column)
        assert (_HEAD.count("\n") + 1, 0) < begin < end < (last, 0)


_SIZE = 1_000_000

HOSTILE = {
    "openings": "{{" * (_SIZE // 2),
    "openings and one end": "{{" * (_SIZE // 2) + "}}",
    "empty blocks": "{{}}" * (_SIZE // 4),
    "blocks": "{{a}}" * (_SIZE // 5),
    "wrong blocks": "{{a|b}}" * (_SIZE // 7),
    "unknown functions": "{{a()}}" * (_SIZE // 7),
    "unclosed texts": "{{'}}" * (_SIZE // 5),
    "brackets": "{{" + "(" * _SIZE + "}}",
    "calls": "{{" + "f(" * (_SIZE // 2) + "}}",
    "closed brackets": "{{" + "[]," * (_SIZE // 3) + "}}",
    "prefixes": "{{" + "-" * _SIZE + "}}",
    "words": "{{" + "not " * (_SIZE // 4) + "}}",
    "a sum": "{{1" + "+1" * (_SIZE // 2) + "}}",
    "a list": "{{[1" + ",1" * (_SIZE // 2) + "]}}",
    "a path": "{{body" + ".a" * (_SIZE // 2) + "}}",
    "a long name": "{{" + "a" * _SIZE + "}}",
    "a long number": "{{" + "1" * _SIZE + "}}",
    "a long text": "{{'" + r"\'" * (_SIZE // 2) + "'}}",
    "a text without end": "{{'" + "a" * _SIZE + "}}",
    "spaces": "{{a" + " " * _SIZE + "b}}",
    "spaces between names": "{{" + ("a" + " " * 999) * (_SIZE // 1000) + "}}",
    "filters": "{{a" + "|b" * (_SIZE // 2) + "}}",
    "many names": "{{[" + ",".join(f"a{number}" for number in range(_SIZE // 8)) + "]}}",
    "one name in hyphens": "{{" + "a-" * (_SIZE // 2) + "a}}",
    "patterns": "{{[" + "match('[(', a)," * (_SIZE // 15) + "]}}",
    "a long pattern": "{{match('" + "(?" * (_SIZE // 2) + "', a)}}",
    "a pattern of brackets": "{{match('" + "[a" * (_SIZE // 2) + "', a)}}",
    "other engines": "<%" * (_SIZE // 4) + "{%" * (_SIZE // 4),
    "YAQL": "<% a %>" * (_SIZE // 7),
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_text_is_answered_in_time(text: str) -> None:
    quoted = text.replace("'", "''")
    source = f"{_HEAD}{{x: '{quoted}'}}\n"
    before = time.process_time()
    check_one(source)
    assert time.process_time() - before < 3
