"""Scalars with an explicit tag, such as `!!str 5`. May import `load.scalars`."""

from __future__ import annotations

from controller.load.scalars import Value, resolve

CORE = "tag:yaml.org,2002:"
"""What `!!` stands for."""

_TYPES: dict[str, tuple[type, ...]] = {
    "null": (type(None),),
    "bool": (bool,),
    "int": (int,),
    "float": (float, int),
}


def resolve_tagged(tag: str, text: str) -> tuple[Value, bool]:
    """The value of a tagged scalar, and whether the tag is a core one that fits the text."""
    if tag == CORE + "str":
        return text, True
    value = resolve(text)
    wanted = _TYPES.get(tag.removeprefix(CORE), ()) if tag.startswith(CORE) else ()
    if type(value) not in wanted or not text or (float in wanted and _is_of_other_radix(text)):
        return text, False
    if float in wanted and isinstance(value, int):
        return float(value), True
    return value, True


def _is_of_other_radix(text: str) -> bool:
    return text.lstrip("+-")[:2] in ("0x", "0o", "0b")
