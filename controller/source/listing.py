"""A pack's folder out of the trees of one commit. Reads objects through a `catfile` reader.

Only tree objects are read, at four known places, so the rest of a repository costs nothing and
no name in it is ever looked up on a file system.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from controller.errors import Reason, Stalled
from controller.pack.tree import Commit, Entry, EntryKind
from controller.redact import brief
from controller.source.catfile import MissingError, ObjectReader, TooMuchToReadError
from controller.source.objects import TreeItem, parse_commit, parse_tree

FOLDERS = ("workflows", "actions", "actions/workflows")
"""The folders below a pack's own whose names are listed, too."""

MAX_ENTRIES = 20_000
"""Names in a pack's listing."""

_MAX_TREES = MAX_ENTRIES * 300


@dataclass(frozen=True, slots=True)
class Listing:
    """A pack's folder at one commit."""

    commit: Commit
    tree_oid: str
    entries: tuple[Entry, ...]


def list_pack(
    reader: ObjectReader,
    commit: str,
    path: str,
    *,
    place: str,
    max_file_size: int,
    before: Iterable[Entry] = (),
) -> Listing:
    """The pack in the folder `path` at `commit`; `place` names both in messages.

    The sizes of files that are among `before`, an older listing, are taken from it. A file that
    the mirror left out for its size is listed with `max_file_size + 1` bytes. Raises
    `MissingError` when objects are missing, and `Stalled` when it is no commit, when there is no
    such folder or when it holds too many names.
    """
    folder = f"{commit}:{path}"
    below = [f"{folder}/{name}" if path else f"{folder}{name}" for name in FOLDERS]
    try:
        revision, root, *found = reader.contents([commit, folder, *below], limit=_MAX_TREES)
    except TooMuchToReadError:
        raise too_many_names(place) from None
    if revision is None:
        raise MissingError
    if revision.kind != "commit":
        raise _no_commit(place, revision.kind)
    if root is None or root.kind != "tree":
        raise _path_error(reader, commit, path, place)
    digits = len(commit)
    items = {item.name: item for item in parse_tree(root.content, digits=digits)}
    for name, tree in zip(FOLDERS, found, strict=True):
        if name in items and items[name].kind is EntryKind.FOLDER:
            if tree is None:
                raise MissingError
            below_it = parse_tree(tree.content, digits=digits)
            items |= {f"{name}/{item.name}": item for item in below_it}
    if len(items) > MAX_ENTRIES:
        raise too_many_names(place)
    # A size above the limit says only that the file was not here: it may have come since.
    known = {entry.oid: entry.size for entry in before if 0 <= entry.size <= max_file_size}
    sizes = known | _sizes(reader, items.values(), known, unknown=max_file_size + 1)
    return Listing(parse_commit(revision.content), root.oid, _entries(items, sizes))


def too_many_names(place: str) -> Stalled:
    """The error for a folder with more than `MAX_ENTRIES` names."""
    return Stalled(
        Reason.LIMIT_EXCEEDED,
        f"The pack's folder in {place} holds more than {MAX_ENTRIES:,} names.",
        hint="Move what does not belong to the pack out of its folder.",
    )


def _sizes(
    reader: ObjectReader, items: Iterable[TreeItem], known: Mapping[str, int], *, unknown: int
) -> dict[str, int]:
    files = dict.fromkeys(
        item.oid for item in items if item.kind is EntryKind.FILE and item.oid not in known
    )
    heads = reader.heads(tuple(files))
    return {
        oid: unknown if head is None else head.size for oid, head in zip(files, heads, strict=True)
    }


def _entries(items: Mapping[str, TreeItem], sizes: Mapping[str, int]) -> tuple[Entry, ...]:
    return tuple(
        Entry(path, item.kind, item.oid, sizes[item.oid] if item.kind is EntryKind.FILE else -1)
        for path, item in sorted(items.items())
    )


def _no_commit(place: str, kind: str) -> Stalled:
    return Stalled(
        Reason.REF_NOT_FOUND,
        f"The reference in {place} leads to a {kind}, not to a commit.",
        hint="Set spec.git.ref to a branch, a tag or a commit.",
    )


def _path_error(reader: ObjectReader, commit: str, path: str, place: str) -> Exception:
    """Why there is no tree at `path`: walks down to the first part that is not a folder."""
    above = ""
    for part in path.split("/"):
        (tree,) = reader.contents([f"{commit}:{above}"], limit=_MAX_TREES)
        if tree is None:
            return MissingError()
        kinds = {item.name: item.kind for item in parse_tree(tree.content, digits=len(commit))}
        here = f"{above}/{part}" if above else part
        if part not in kinds:
            return _no_folder(place, path, _near(part, kinds, above))
        if kinds[part] is not EntryKind.FOLDER:
            return _not_a_folder(place, here, kinds[part])
        above = here
    return MissingError()


def _near(part: str, kinds: Mapping[str, EntryKind], above: str) -> tuple[str, ...]:
    folders = [name for name, kind in kinds.items() if kind is EntryKind.FOLDER]
    near = difflib.get_close_matches(part, folders[:1000], n=5, cutoff=0.4) or sorted(folders)[:5]
    return tuple(f"{above}/{name}" if above else name for name in near)


def _no_folder(place: str, path: str, near: tuple[str, ...]) -> Stalled:
    hint = f"Folders near it: {', '.join(near)}." if near else "There is no folder near it."
    return Stalled(
        Reason.PATH_NOT_FOUND,
        f"There is no folder '{path}' in {place}.",
        hint=brief(f"{hint} Set spec.git.path to the folder that holds pack.yaml."),
    )


def _not_a_folder(place: str, path: str, kind: EntryKind) -> Stalled:
    return Stalled(
        Reason.PATH_NOT_FOUND,
        f"'{path}' in {place} is a {kind.value}, not a folder.",
        hint="Set spec.git.path to a real folder; symbolic links and submodules are not followed.",
    )
