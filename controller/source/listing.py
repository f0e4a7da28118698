"""A pack's folder out of the trees of one commit. Reads objects through a `catfile` reader.

Only tree objects are read, on the way to the pack's folder and at four known places in it, so the
rest of a repository costs nothing and no name in it is ever looked up on a file system. Each object
is asked for by the id that the one before names, and hashed: what the commit's id stands for is
listed, whatever became of the mirror.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from controller.errors import Reason, Stalled
from controller.pack.tree import Commit, Entry, EntryKind
from controller.redact import brief
from controller.source.catfile import GitObject, MissingError, ObjectReader, TooMuchToReadError
from controller.source.objects import TreeItem, parse_commit, parse_tree, tree_of

FOLDERS = ("workflows", "actions", "actions/workflows")
"""The folders below a pack's own whose names are listed, too; each after the one it is in."""

MAX_ENTRIES = 20_000
"""Names in a pack's listing."""

_MAX_TREE = MAX_ENTRIES * 300
_MAX_TREES = 10 * _MAX_TREE


@dataclass(frozen=True, slots=True)
class Listing:
    """A pack's folder at one commit."""

    commit: Commit
    tree_oid: str
    entries: tuple[Entry, ...]


Items = dict[str, TreeItem]


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
    such folder, when it holds too many names or when its objects are of the wrong kinds.
    """
    revision = _read(reader, commit, place)
    if revision.kind != "commit":
        raise _no_commit(place, revision.kind)
    oid = _folder(reader, tree_of(revision.content), path, place)
    items = _items(reader, oid, place)
    for name in FOLDERS:
        if name in items and items[name].kind is EntryKind.FOLDER:
            below = _items(reader, items[name].oid, place)
            items |= {f"{name}/{inner}": item for inner, item in below.items()}
    if len(items) > MAX_ENTRIES:
        raise too_many_names(place)
    sizes = _sizes(reader, items, before, max_file_size, place)
    return Listing(parse_commit(revision.content), oid, _entries(items, sizes))


def folders(reader: ObjectReader, commit: str, paths: Iterable[str], place: str) -> dict[str, str]:
    """The ids of those of the folders `paths` that are there at `commit`, read level by level."""
    parts = {path: path.split("/") if path else [] for path in paths}
    here = dict.fromkeys(parts, tree_of(_read(reader, commit, place).content))
    for level in range(max(map(len, parts.values()), default=0)):
        deeper = [path for path in here if len(parts[path]) > level]
        oids = tuple({here[path] for path in deeper})
        trees = zip(oids, reader.contents(oids, limit=_MAX_TREES), strict=True)
        items = {oid: _named(tree) for oid, tree in trees}
        for path in deeper:
            item = items[here.pop(path)].get(parts[path][level])
            if item is not None and item.kind is EntryKind.FOLDER:
                here[path] = item.oid
    return here


def too_many_names(place: str) -> Stalled:
    """The error for a folder with more than `MAX_ENTRIES` names."""
    return Stalled(
        Reason.LIMIT_EXCEEDED,
        f"A folder on the way to the pack in {place}, or in it, holds more than "
        f"{MAX_ENTRIES:,} names.",
        hint="Move what does not belong to the pack out of its folder.",
    )


def _read(reader: ObjectReader, oid: str, place: str) -> GitObject:
    try:
        (found,) = reader.contents([oid], limit=_MAX_TREE)
    except TooMuchToReadError:
        raise too_many_names(place) from None
    if found is None:
        raise MissingError
    return found


def _items(reader: ObjectReader, oid: str, place: str) -> Items:
    tree = _read(reader, oid, place)
    if tree.kind != "tree":
        raise _wrong_kind(place, "A folder", tree.kind)
    return _named(tree)


def _named(tree: GitObject | None) -> Items:
    if tree is None:
        return {}
    return {item.name: item for item in parse_tree(tree.content, digits=len(tree.oid))}


def _folder(reader: ObjectReader, oid: str, path: str, place: str) -> str:
    """The id of the folder `path` below the tree `oid`."""
    above = ""
    for part in path.split("/") if path else ():
        items = _items(reader, oid, place)
        here = f"{above}/{part}" if above else part
        if part not in items:
            raise _no_folder(place, path, _near(part, items, above))
        if items[part].kind is not EntryKind.FOLDER:
            raise _not_a_folder(place, here, items[part].kind)
        above, oid = here, items[part].oid
    return oid


def _sizes(
    reader: ObjectReader, items: Items, before: Iterable[Entry], max_file_size: int, place: str
) -> dict[str, int]:
    """The sizes of all files, by object id."""
    left_out = max_file_size + 1
    # That size says only that the file was not here: it may have come since.
    sizes = {entry.oid: entry.size for entry in before if 0 <= entry.size != left_out}
    new = {item.oid: name for name, item in items.items() if item.kind is EntryKind.FILE}
    new = {oid: name for oid, name in new.items() if oid not in sizes}
    heads = reader.heads(tuple(new))
    # They are not hashed. Whoever reads a file finds out, but nobody reads these.
    reader.confirm(
        head for head in heads if head and (head.kind != "blob" or head.size > max_file_size)
    )
    for oid, head in zip(new, heads, strict=True):
        if head is not None and head.kind != "blob":
            raise _wrong_kind(place, f"'{new[oid]}'", head.kind)
        sizes[oid] = left_out if head is None else head.size
    return sizes


def _entries(items: Items, sizes: Mapping[str, int]) -> tuple[Entry, ...]:
    return tuple(
        Entry(path, item.kind, item.oid, sizes[item.oid] if item.kind is EntryKind.FILE else -1)
        for path, item in sorted(items.items())
    )


def _near(part: str, items: Items, above: str) -> tuple[str, ...]:
    folders = [name for name, item in items.items() if item.kind is EntryKind.FOLDER]
    near = difflib.get_close_matches(part, folders[:1000], n=5, cutoff=0.4) or sorted(folders)[:5]
    return tuple(f"{above}/{name}" if above else name for name in near)


def _no_commit(place: str, kind: str) -> Stalled:
    return Stalled(
        Reason.REF_NOT_FOUND,
        f"The reference in {place} leads to a {kind}, not to a commit.",
        hint="Set spec.git.ref to a branch, a tag or a commit.",
    )


def _wrong_kind(place: str, what: str, kind: str) -> Stalled:
    return Stalled(
        Reason.PACK_INVALID,
        brief(f"{what} in {place} is a {kind} by its content.", limit=500),
        hint="Run 'git fsck --strict' in a clone and rewrite the commit that holds it.",
    )


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
