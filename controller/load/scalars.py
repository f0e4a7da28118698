"""Plain text → value, as the YAML 1.2 core schema and Attune's parser resolve it.

May import `pack.numbers`. Source of the rules: https://yaml.org/spec/1.2.2/#103-core-schema, with
what Attune's parser does beyond it: binary integers, signs before any radix, and no float that
overflows to infinity.
"""

from __future__ import annotations

import math
import re

from controller.pack.numbers import HIGHEST

Value = None | bool | int | float | str

WORDS: dict[str, Value] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
}
"""The texts that stand for something else, and are no numbers in digits."""

_NUMERIC = frozenset(".+-0123456789")
_DECIMAL = re.compile(r"[+-]?(?:0|[1-9][0-9]*)")
_OTHER_RADIX = re.compile(r"[+-]?0(?:x[0-9a-fA-F]+|o[0-7]+|b[01]+)")
_LEADING_ZERO = re.compile(r"[+-]?0[0-9]+")
# Never two ways to match the same digits: a failed match must not go back over them.
_FLOAT = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
# Enough for any 64-bit number in binary; Python refuses to read decimals of over 4,300 digits.
_LONGEST_INTEGER = 72


def resolve(text: str) -> Value:
    """The value of an unquoted scalar; a text that is nothing else is a string."""
    if text in WORDS:
        return WORDS[text]
    return _number(text) if text[0] in _NUMERIC else text


def _number(text: str) -> Value:
    if _DECIMAL.fullmatch(text):
        return _integer(text, 10)
    if _OTHER_RADIX.fullmatch(text):
        return _integer(text, 0)
    if _FLOAT.fullmatch(text) and not _LEADING_ZERO.fullmatch(text):
        number = float(text)
        return number if math.isfinite(number) else text
    return text


def _integer(text: str, base: int) -> int:
    if len(text) > _LONGEST_INTEGER:
        return HIGHEST + 1
    return int(text, base)
