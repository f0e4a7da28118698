"""One look at a remote: which commit does the wanted reference name right now?

Runs `git ls-remote` for the few fully qualified names that matter; a server that speaks protocol
version 2 then sends only those.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass

from controller.errors import Reason, Stalled
from controller.redact import brief
from controller.source.commands import run_git
from controller.source.opening import opened
from controller.source.remote import Remote
from controller.source.target import GitReference, ReferenceKind
from controller.source.versions import newest

_PEELED = "^{}"
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


@dataclass(frozen=True, slots=True)
class Advertised:
    """What `git ls-remote --symref` printed: ids by full name, and where HEAD points."""

    ids: Mapping[str, str]
    head: str = ""


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
    seen = _advertised(remote, (name, f"{name}{_PEELED}"), deadline)
    if name not in seen.ids:
        raise _not_found(remote, reference, _advertised(remote, (), deadline))
    shown = seen.head.removeprefix("refs/heads/") or reference.name or "HEAD"
    return Sighting(shown, seen.ids[name], seen.ids.get(f"{name}{_PEELED}", seen.ids[name]))


def _newest(remote: Remote, reference: GitReference, deadline: float) -> Sighting:
    """The tag of the highest version in the range that `reference` names."""
    seen = _advertised(remote, (f"{_TAGS}*",), deadline)
    tags = [name.removeprefix(_TAGS) for name in seen.ids if not name.endswith(_PEELED)]
    tag = newest(tags, reference.name)
    if not tag:
        raise _none_in_range(remote, reference, tags)
    name = f"{_TAGS}{tag}"
    return Sighting(tag, seen.ids[name], seen.ids.get(f"{name}{_PEELED}", seen.ids[name]))


def parse_advertised(output: bytes) -> Advertised:
    """The lines `<oid>\\t<name>` and `ref: <name>\\tHEAD` of `git ls-remote --symref`."""
    ids = {}
    head = ""
    for line in output.decode(errors="backslashreplace").splitlines():
        value, _, name = line.partition("\t")
        if not value.startswith("ref: "):
            ids[name] = value
        elif name == "HEAD":
            head = value.removeprefix("ref: ")
    return Advertised(ids, head)


def _advertised(remote: Remote, patterns: tuple[str, ...], deadline: float) -> Advertised:
    arguments = ["ls-remote", "--quiet", "--symref", "--end-of-options", str(remote.url)]
    with opened(remote, deadline) as environment:
        found = run_git([*arguments, *patterns], environment, deadline=deadline)
    if found.code:
        raise remote.explain(found.errors) or remote.unknown(found.errors)
    return parse_advertised(found.output)


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
        if name.startswith(folder) and not name.endswith(_PEELED)
    ]
    near = difflib.get_close_matches(reference.name, names[:5000], n=5, cutoff=0.4)
    near = near or sorted(names)[:5]
    plural = _PLURALS[reference.kind]
    return f"Its {plural} most like that: {', '.join(near)}." if near else f"It has no {plural}."
