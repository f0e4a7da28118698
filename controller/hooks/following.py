"""Whether a push concerns a Pack. Pure; imports `pack.spec`."""

from __future__ import annotations

from collections.abc import Sequence

from controller.pack.spec import GitRef

_HEADS = "refs/heads/"
_TAGS = "refs/tags/"


def follows(wanted: GitRef | None, refs: Sequence[str]) -> bool:
    """Whether one of the full names in `refs` is what `wanted` follows. A push that names none may
    concern anybody."""
    return not refs or any(_is_followed(wanted, ref) for ref in refs)


def _is_followed(wanted: GitRef | None, ref: str) -> bool:
    if wanted is None:
        return ref.startswith(_HEADS)
    if wanted.name:
        return ref == wanted.name
    if wanted.tag:
        return ref == _TAGS + wanted.tag
    if wanted.semver:
        return ref.startswith(_TAGS)
    if wanted.branch:
        return ref == _HEADS + wanted.branch
    # One that stays at a commit waits for nothing but, perhaps, its arrival; HEAD is some branch.
    return ref.startswith(_HEADS)
