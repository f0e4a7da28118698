"""Which tag is the newest version that a range allows. Pure; imports `errors` and `redact`.

Ranges are npm's (`^1.2`, `~1.2.3`, `>=1.0 <2`, `1.x || >=3`, `1.2 - 2.3`), with commas between
conditions as in Flux. A pre-release counts only where the range names one (`>=1.0.0-0`), and then
everywhere in it, as Flux's own library has it; npm would take those of the same patch alone. Those
of an upper bound are beyond it: 2.0.0-rc.1 is not below 2.0.0.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import nodesemver
from semver import Version

from controller.errors import InvalidSpec, Reason
from controller.redact import brief

MAX_RANGE = 256
"""Characters of a range."""

_PRE_RELEASE = re.compile(r"\d-[0-9A-Za-z]")
_VERSION = re.compile(r"v?(\d+(?:\.\d+){0,2})((?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?)\Z")


def check_range(text: str) -> None:
    """Raises `InvalidSpec` where `text` is no range."""
    if len(text) <= MAX_RANGE and text.strip() and _comparators(text) is not None:
        return
    raise InvalidSpec(
        Reason.INVALID_SPEC,
        f"'{brief(text, limit=80)}' is not a range of versions.",
        hint="Write spec.git.ref.semver like '^1.2', '>=1.0.0 <2.0.0' or '1.x'.",
    )


def newest(tags: Iterable[str], wanted: str) -> str:
    """The tag with the highest version in the range `wanted`; empty when none is in it.

    Tags may begin with `v` and leave out the last numbers; those that are no versions do not
    count. Of two with one version, the longer name counts, then the one last in the alphabet.
    """
    sets = _comparators(wanted) or []
    pre_releases = bool(_PRE_RELEASE.search(wanted))
    found = [
        (version, len(tag), tag)
        for tag in tags
        if (version := parse_version(tag)) is not None
        and (pre_releases or not version.prerelease)
        and any(all(_holds(one, version) for one in each) for each in sets)
    ]
    return max(found)[2] if found else ""


def parse_version(tag: str) -> Version | None:
    """`v1.2` as 1.2.0; None when the tag is no version."""
    match = _VERSION.match(tag)
    if match is None:
        return None
    numbers = match[1] + ".0" * (2 - match[1].count("."))
    text = numbers + match[2]
    return Version.parse(text) if Version.is_valid(text) else None


def _comparators(text: str) -> list[list[Any]] | None:
    """The sides of each `||` of a range, as bounds that must all hold; None: it is no range.

    nodesemver reads them; its own way to count pre-releases cuts them off the bounds, too.
    """
    spaced = re.sub(r"\s*,\s*", " ", text.strip())
    try:
        found: list[list[Any]] = nodesemver.make_range(spaced, loose=False).set
    except ValueError:
        return None
    return found


def _holds(bound: Any, version: Version) -> bool:
    if bound.operator == "<" and not bound.semver.prerelease:
        return version.replace(prerelease=None) < Version.parse(bound.semver.version)
    return bool(bound.test(str(version)))
