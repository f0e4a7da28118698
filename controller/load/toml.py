"""TOML text → plain data, and where a key of it stands. Pure, total, bounded in time.

May import `pack`. Python's parser tells no places, so a key is looked for in the text: what is
spelled in a way nobody uses (with escapes) is not found, and has no place.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import Any

from controller.pack.diagnostic import Place, Span

MAX_CHARACTERS = 16 * 1024
"""Python's parser takes time in the square of the dots in one key: 0.7 s for this much of them."""

# How the parser ends a message; the text ended too early when it does not name a line.
_AT = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")

_VALUE = r"""[ \t]*(?P<value>"[^"\n]*"|'[^'\n]*'|[^\s,#}]+)?"""


@dataclass(frozen=True, slots=True)
class NotToml:
    """Why a text cannot be read, and where as far as that is known."""

    message: str
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Toml:
    """The data of one file."""

    values: dict[str, Any]
    text: str

    def key(self, *path: str) -> Place | None:
        """Where the key at the end of `path`, of one name or two, stands."""
        return self._place(path, "key")

    def value(self, *path: str) -> Place | None:
        """Where its value stands, or the key when the value takes several lines."""
        return self._place(path, "value") or self.key(*path)

    def _place(self, path: tuple[str, ...], part: str) -> Place | None:
        table, name = path if len(path) == 2 else ("", path[0])
        header = re.search(rf"^[ \t]*\[[ \t]*{_name(table)}[ \t]*\]", self.text, re.MULTILINE)
        pattern = _in_table(table, name) if table else _at_top(name)
        found = pattern.search(self.text, header.end() if table and header else 0)
        if found is None or found[part] is None:
            return None
        begin, end = _position(self.text, found.start(part)), _position(self.text, found.end(part))
        return Place(Span(*begin, *end))


def parse_toml(text: str) -> Toml | NotToml:
    """Read `text`."""
    if len(text) > MAX_CHARACTERS:
        return NotToml(f"it has more than {MAX_CHARACTERS:,} characters")
    try:
        return Toml(tomllib.loads(text), text)
    except tomllib.TOMLDecodeError as error:
        return _explained(str(error), text)
    except RecursionError:
        return NotToml("its values are nested too deeply")
    except ValueError:
        # Python reads no integer of more than 4,300 digits.
        return NotToml("it has a number that is too long")


def _explained(error: str, text: str) -> NotToml:
    at = _AT.search(error)
    message = _AT.sub("", error)
    message = message[:1].lower() + message[1:]
    line, column = (int(at[1]), int(at[2])) if at and at[1] else _position(text, len(text))
    return NotToml(message, Place(Span(line, column, line, column + 1)))


def _position(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def _name(name: str) -> str:
    spelled = re.escape(name)
    return rf"""(?:{spelled}|"{spelled}"|'{spelled}')"""


def _at_top(name: str) -> re.Pattern[str]:
    pattern = rf"^[ \t]*\[{{0,2}}[ \t]*(?P<key>{_name(name)})[ \t]*(?:[].]|={_VALUE})"
    return re.compile(pattern, re.MULTILINE)


def _in_table(table: str, name: str) -> re.Pattern[str]:
    dotted = rf"\[{{0,2}}[ \t]*{_name(table)}[ \t]*\.[ \t]*"
    inline = rf"{_name(table)}[ \t]*=[ \t]*\{{(?:[^#\n]*,)?[ \t]*"
    pattern = rf"^[ \t]*(?:{dotted}|{inline})?(?P<key>{_name(name)})[ \t]*(?:[].]|={_VALUE})"
    return re.compile(pattern, re.MULTILINE)
