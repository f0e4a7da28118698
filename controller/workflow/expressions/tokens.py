"""The tokens of an expression. Pure.

Imports nothing of ours. The patterns never go over a character twice, however hostile the text.
"""

from __future__ import annotations

import re

SPACE = "[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"
"""A character of Unicode's White_Space, which is what Rust skips between tokens."""

NAME = "[A-Za-z_][A-Za-z0-9_]*+"
TEXT = r"""(?:'(?:[^'\\]|\\.)*+'|"(?:[^"\\]|\\.)*+")"""

TOKEN = re.compile(
    r"(?P<word>(?:and|or|not|in|true|false|null)(?![A-Za-z0-9_]))"
    rf"|(?P<call>{NAME}(?={SPACE}*+\())"
    rf"|(?P<name>{NAME})"
    r"|(?P<dot>\.)"
    rf"|(?P<text>{TEXT})"
    r"|(?P<number>[0-9]++(?:\.[0-9]++)?)"
    r"|(?P<open>[(\[])|(?P<close>[)\]])|(?P<comma>,)"
    r"|(?P<operator>(?!===|!==|\*\*|//|<>|->)(?:==|!=|<=|>=|[-+*/%<>]))"
    rf"|(?P<sign>\|\||&&|===|!==|\*\*|//|<>|\?\?|\?\.|=>|->|\{{\{{|(?!{SPACE}).)",
    re.DOTALL,
)
"""What is skipped between two matches is white space; `call` is a name before a parenthesis, and
`sign` whatever the grammar has not."""

LITERALS = frozenset(("true", "false", "null"))

_ESCAPE = re.compile(r"\\([ntr\\'\"])")
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r"}


def literal(token: str) -> str:
    """The text that a token of TEXT stands for; a backslash before other characters stays."""
    quote = token[0]

    def value(found: re.Match[str]) -> str:
        escaped = found[1]
        if escaped in ("'", '"') and escaped != quote:
            return found[0]
        return _ESCAPED.get(escaped, escaped)

    return _ESCAPE.sub(value, token[1:-1])
