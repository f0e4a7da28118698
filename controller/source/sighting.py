"""What a look says of one reference: where it stood, or what is wrong. Pure; imports this room's
values.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from controller.errors import Reason, Stalled
from controller.redact import brief
from controller.source.references import PEELED, Advertised
from controller.source.remote import Remote
from controller.source.target import GitReference, ReferenceKind
from controller.source.versions import newest

_TAGS = "refs/tags/"
_FOLDERS = {ReferenceKind.BRANCH: "refs/heads/", ReferenceKind.TAG: _TAGS}
_PLURALS = {
    ReferenceKind.BRANCH: "branches",
    ReferenceKind.TAG: "tags",
    ReferenceKind.NAME: "references",
}


@dataclass(frozen=True, slots=True)
class Sighting:
    """Where a reference stood: `oid` is what to fetch, `commit` what it leads to.

    They differ for an annotated tag. `name` is the branch or tag for people, which for HEAD is
    the branch that it points to; it is empty for a commit.
    """

    name: str
    oid: str
    commit: str


def pinned(reference: GitReference) -> Sighting | None:
    """Where a reference stands that no remote need be asked about: a commit."""
    if reference.kind is not ReferenceKind.COMMIT:
        return None
    return Sighting("", reference.name, reference.name)


def prefixes(references: Iterable[GitReference]) -> tuple[str, ...]:
    """What to ask a remote for, to learn where all of `references` stand; sorted."""
    return tuple(sorted({_TAGS if one.is_range else one.full_name for one in references}))


def sighted(reference: GitReference, seen: Advertised) -> Sighting | None:
    """Where `reference` stood; None where the remote has no such reference."""
    if reference.is_range:
        tag = newest(_tags(seen), reference.name)
        return _of(seen, f"{_TAGS}{tag}", tag) if tag else None
    name = reference.full_name
    if name not in seen.ids:
        return None
    is_head = reference.kind is ReferenceKind.HEAD
    return _of(seen, name, seen.head.removeprefix("refs/heads/") if is_head else reference.name)


def not_found(remote: Remote, reference: GitReference, everything: Advertised) -> Stalled:
    """Why there is no such reference, by all that the remote has."""
    if not everything.ids:
        return Stalled(
            Reason.EMPTY_REPOSITORY,
            f"The repository {remote.url} is empty.",
            hint="Push a commit with the pack.",
        )
    if reference.kind is ReferenceKind.HEAD:
        return Stalled(
            Reason.REF_NOT_FOUND,
            f"HEAD of {remote.url} points to a branch that does not exist.",
            hint="Set spec.git.ref.branch, or change the default branch on the server.",
        )
    if reference.is_range:
        return _none_in_range(remote, reference, _tags(everything))
    near = _near(reference, everything)
    return Stalled(
        Reason.REF_NOT_FOUND,
        f"There is no {reference} in {remote.url}.",
        hint=brief(f"{near} Set spec.git.ref.{reference.kind.value} to one that exists."),
    )


def _of(seen: Advertised, name: str, shown: str) -> Sighting:
    return Sighting(
        shown or "HEAD", seen.ids[name], seen.ids.get(f"{name}{PEELED}", seen.ids[name])
    )


def _tags(seen: Advertised) -> list[str]:
    return [
        name.removeprefix(_TAGS)
        for name in seen.ids
        if name.startswith(_TAGS) and not name.endswith(PEELED)
    ]


def _none_in_range(remote: Remote, reference: GitReference, tags: list[str]) -> Stalled:
    versions = newest(tags, "*") or newest(tags, ">=0.0.0-0")
    near = f"The newest version there is {versions}." if versions else "No tag is a version."
    return Stalled(
        Reason.REF_NOT_FOUND,
        f"No tag of {remote.url} is a version in the range '{reference.name}'.",
        hint=brief(f"{near} Push such a tag, or correct spec.git.ref.semver."),
    )


def _near(reference: GitReference, seen: Advertised) -> str:
    folder = _FOLDERS.get(reference.kind, "")
    names = [
        name.removeprefix(folder)
        for name in seen.ids
        if name.startswith(folder) and not name.endswith(PEELED)
    ]
    near = difflib.get_close_matches(reference.name, names[:5000], n=5, cutoff=0.4)
    near = near or sorted(names)[:5]
    plural = _PLURALS[reference.kind]
    return f"Its {plural} most like that: {', '.join(near)}." if near else f"It has no {plural}."
