"""What changes in the folders of packs, time after time, until Ctrl-C. Imports watchfiles.

Each folder is watched by itself, without what is below it: what tools keep there (`.git`,
`node_modules`) neither delays a change of a pack nor counts against the system's limits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from watchfiles import Change, DefaultFilter, watch

from controller.load.files import ACTIONS, DIRECTORIES, MANIFEST, SETTINGS

Changes = frozenset[Path] | None
"""The paths that changed; None where anything may have, because nobody watched before."""

Places = dict[Path, tuple[int, int] | None]
"""Folders, each with what tells it from another of its name; None for one that is not there."""

_FILES = {MANIFEST, SETTINGS}
_FOLDERS = {ACTIONS, DIRECTORIES[0]}
# Milliseconds in which nothing new must change before a change is told, so that a checkout of many
# files is one change; and how long it may be put off at most.
_QUIET = 50
_LONGEST = 10_000
_is_no_editors = DefaultFilter(ignore_dirs=())


class UnwatchableError(Exception):
    """The system watches no more files; its text says what to do."""


def changes(folders: Callable[[], Iterable[Path]]) -> Iterator[Changes]:
    """What changed in the `folders`, which are asked for again when they may be others.

    None comes first, and once more after folders came or went. An empty set comes several times a
    second while nothing changes. Ends with KeyboardInterrupt, or raises `UnwatchableError`.
    """
    while True:
        yield from _while_they_stay(_identified(folders()), folders)


def _while_they_stay(places: Places, folders: Callable[[], Iterable[Path]]) -> Iterator[Changes]:
    tops = {place: identity for place, identity in places.items() if place.parent not in places}
    watched = [place for place, identity in places.items() if identity]
    begun = False
    try:
        for found in _watch(watched):
            gone = {path for change, path in found if change is Change.deleted} & places.keys()
            if gone or _identified(tops) != tops:
                return
            if any(_may_move(*one) for one in found) and _identified(folders()) != places:
                return
            yield frozenset(path for _, path in found if _matters(path)) if begun else None
            begun = True
    except FileNotFoundError:
        return  # a folder went before the watch began


def _watch(folders: Iterable[Path]) -> Iterator[set[tuple[Change, Path]]]:
    """Changes of names in the folders; an empty set when nothing changed for `_QUIET`."""
    watcher = watch(
        *folders,
        watch_filter=None,
        debounce=_LONGEST,
        step=_QUIET,
        rust_timeout=1,
        yield_on_timeout=True,
        recursive=False,
        ignore_permission_denied=True,
    )
    try:
        for found in watcher:
            yield {(one[0], Path(one[1])) for one in found if _is_no_editors(*one)}
    except FileNotFoundError:
        raise
    except (OSError, RuntimeError) as error:
        raise UnwatchableError(
            f"The files cannot be watched: {error}. Name fewer folders, or raise "
            "fs.inotify.max_user_watches and max_user_instances (sysctl)."
        ) from None


def _identified(folders: Iterable[Path]) -> Places:
    return {folder: _identity(folder) for folder in folders}


def _identity(folder: Path) -> tuple[int, int] | None:
    try:
        state = folder.stat()
    except OSError:
        return None
    return state.st_dev, state.st_ino


def _may_move(change: Change, path: Path) -> bool:
    """Whether there may be other folders to watch now."""
    return change is not Change.modified and (path.name == MANIFEST or path.is_dir())


def _matters(path: Path) -> bool:
    """Whether a pack may be another now; a report that is written beside it changes nothing."""
    return path.name in _FILES or path.parent.name in _FOLDERS
