"""One look at a remote: which commit does the wanted reference name right now?

Imports this room's values and the question to the remote.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from controller.errors import Reason, Stalled
from controller.redact import brief
from controller.source.advertised import advertised
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


def look(remote: Remote, reference: GitReference, deadline: float) -> Sighting:
    """Ask the remote where `reference` stands; a commit needs no asking.

    Raises `PackError` for all that can be wrong with the remote or the reference, and
    `OverdueError` after `deadline`.
    """
    if reference.kind is ReferenceKind.COMMIT:
        return Sighting("", reference.name, reference.name)
    if reference.kind is ReferenceKind.SEMVER:
        return _newest(remote, reference, deadline)
    name = reference.full_name
    seen = advertised(remote, (name,), deadline)
    if name not in seen.ids:
        raise _not_found(remote, reference, advertised(remote, (), deadline))
    pointed = seen.head if reference.kind is ReferenceKind.HEAD else ""
    shown = pointed.removeprefix("refs/heads/") or reference.name or "HEAD"
    return Sighting(shown, seen.ids[name], seen.ids.get(f"{name}{PEELED}", seen.ids[name]))


def _newest(remote: Remote, reference: GitReference, deadline: float) -> Sighting:
    """The tag of the highest version in the range that `reference` names."""
    seen = advertised(remote, (_TAGS,), deadline)
    tags = [name.removeprefix(_TAGS) for name in seen.ids if not name.endswith(PEELED)]
    tag = newest(tags, reference.name)
    if not tag:
        raise _none_in_range(remote, reference, tags)
    name = f"{_TAGS}{tag}"
    return Sighting(tag, seen.ids[name], seen.ids.get(f"{name}{PEELED}", seen.ids[name]))


def _not_found(remote: Remote, reference: GitReference, seen: Advertised) -> Stalled:
    if not seen.ids:
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
    near = _near(reference, seen)
    return Stalled(
        Reason.REF_NOT_FOUND,
        f"There is no {reference} in {remote.url}.",
        hint=brief(f"{near} Set spec.git.ref.{reference.kind.value} to one that exists."),
    )


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
