"""Texts of a workflow as a picture can show them: one line, printable, short. Imports nothing."""

from __future__ import annotations

import re

LONGEST = 40
"""Characters of a name or a condition that a box or an edge shows."""

_TEMPLATE = re.compile(r"\{\{((?:(?!\}\}).)*)\}\}", re.DOTALL)


def one_line(text: str) -> str:
    """`text` in one line; what does not print (such as marks that turn text around) is shown."""
    return "".join(one if one.isprintable() else "\ufffd" for one in " ".join(text.split()))


def shortened(text: str) -> str:
    """`text`, cut when it is long."""
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def condition(template: str) -> str:
    """An expression without the braces around it, in one line, cut when it is long."""
    whole = _TEMPLATE.fullmatch(template.strip())
    return shortened(one_line(whole[1] if whole else template))
