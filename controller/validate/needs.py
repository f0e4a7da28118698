"""What `dependencies` of pack.yaml mean: which pack, in which versions. Pure.

Attune stores the texts as they are and documents no form: what any usual one means is taken. Ranges
are read as npm has them, and `==`, `!=` and `~=` as Python does. A pre-release counts as the
version that it leads to (2.0.0-rc.1 as 2.0.0), unless the range names one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import nodesemver
from semver import Version

from controller.pack.diagnostic import Span
from controller.validate.pack_table import PACK_REF

_NUMBER = r"v?[0-9]+(?:\.(?:[0-9]+|[xX*])){0,2}(?:[-+][0-9A-Za-z.+-]+)?"
_BOUND = rf"(?:(?:[<>=!~]=?|===?|~>|\^)?\s*{_NUMBER}|\*)"
_RANGE = re.compile(rf"(?:@\s*)?{_BOUND}(?:(?:\s*,\s*|\s+){_BOUND})*")
_BOUNDS = re.compile(rf"(?P<sign>[<>=!~^]*)\s*(?P<version>{_NUMBER}|\*)")
_NAME = re.compile(r"[^\s@<>=!~^*,]*")
_REF = re.compile(PACK_REF)
_NOWHERE = Span()


@dataclass(frozen=True, slots=True)
class Need:
    """One entry of `dependencies` that can be understood: `text` as it stands in the file,
    `wanted` what is behind the ref, `path` and `span` where it stands."""

    ref: str
    text: str
    wanted: str = ""
    path: str = ""
    span: Span = _NOWHERE

    def allows(self, version: str) -> bool:
        """Whether `version` will do; one that is not semantic is in no range."""
        bounds = list(_BOUNDS.finditer(self.wanted))
        return not bounds or (
            Version.is_valid(version) and all(_allows(one, version) for one in bounds)
        )


def split(text: str) -> tuple[str, str]:
    """The text before the range, which should be a ref, and what is behind it."""
    name = _NAME.match(text.strip())
    ref = name[0] if name else ""
    return ref, text.strip()[len(ref) :].strip()


def is_ref(text: str) -> bool:
    """Whether a pack may be called so."""
    return _REF.fullmatch(text) is not None


def is_range(text: str) -> bool:
    """Whether it says which versions are wanted; all, when it is empty."""
    return not text or _RANGE.fullmatch(text) is not None


def need(text: str, path: str = "", span: Span = _NOWHERE) -> Need | None:
    """What an entry asks for; None where it cannot be understood."""
    ref, wanted = split(text)
    return Need(ref, text, wanted, path, span) if is_ref(ref) and is_range(wanted) else None


def _allows(bound: re.Match[str], version: str) -> bool:
    sign, number = bound["sign"], bound["version"]
    if sign == "!=":
        return not _in("=" + number, version)
    if sign == "~=":
        # PEP 440: the last number given may grow, and nothing before it.
        fixed = number.removeprefix("v").split(".")[:-1] or ["*"]
        return _in(f">={number}", version) and _in(".".join(fixed), version)
    return _in(sign.replace("===", "=").replace("==", "=") + number, version)


def _in(bound: str, version: str) -> bool:
    found = Version.parse(version)
    if "-" in bound:
        return _compares(bound, found)
    try:
        return bool(nodesemver.satisfies(str(found.finalize_version()), bound, loose=False))
    except ValueError:
        # No version that is there can be in a range that is none.
        return False


def _compares(bound: str, found: Version) -> bool:
    """Against a bound that names a pre-release, by the order of versions."""
    number = bound.lstrip("<>=~^").strip().removeprefix("v")
    if not Version.is_valid(number):
        return False
    order = found.compare(number)
    sign = bound[: len(bound) - len(bound.lstrip("<>=~^"))]
    if sign in {"~", "^", "~>"}:
        return order >= 0 and _in(sign + number.partition("-")[0], str(found))
    return {"<": order < 0, "<=": order <= 0, ">": order > 0, ">=": order >= 0}.get(
        sign, order == 0
    )
