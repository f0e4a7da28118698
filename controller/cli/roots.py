"""Names of files and folders → the folders of the packs that are meant. Looks at the disk only."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from controller.load.files import MANIFEST

# Folders in which tools keep what is not the user's; those that begin with a dot are left out, too.
_NEVER = "node_modules"


class NoPackError(Exception):
    """A name that stands for no pack; its text says what to name instead."""


def roots(paths: Iterable[Path]) -> list[Path]:
    """Each pack that one of `paths` stands for, once; raises `NoPackError`.

    A file stands for the pack that it is in. A folder stands for itself when it has a pack.yaml,
    else for all packs below it, else for the pack that it is in. Where there is none at all it
    stands for itself, so that its pack.yaml is found missing.
    """
    found: dict[Path, Path] = {}
    for path in paths:
        for root in _roots(path):
            found.setdefault(root.resolve(), root)
    return list(found.values())


def root_of(file: Path) -> Path:
    """The pack that a file is in, whether it exists or not; raises `NoPackError`."""
    above = _above(file)
    if above is None:
        raise NoPackError(
            f"{file} is in no pack: no folder above it has a {MANIFEST}. Name a file of a pack, or "
            "a pack's folder."
        )
    return above


def absolute(path: Path) -> Path:
    """`path` from the top, without `..`, and with symbolic links as they are spelled."""
    return Path(os.path.normpath(Path.cwd() / path))


def _roots(path: Path) -> Iterable[Path]:
    if path.is_dir():
        return [path] if _is_pack(path) else [*_below(path)] or [_above(path) or path]
    if not os.path.lexists(path):
        raise NoPackError(f"There is no file or folder {path}. Name a folder with a {MANIFEST}.")
    return [root_of(path)]


def _is_pack(folder: Path) -> bool:
    return os.path.lexists(folder / MANIFEST)


def _above(path: Path) -> Path | None:
    """The nearest folder above `path` that is a pack, from the top only if `path` is, too."""
    found = next((one for one in absolute(path).parents if _is_pack(one)), None)
    return found if found is None or path.is_absolute() else Path(os.path.relpath(found))


def _below(path: Path) -> Iterator[Path]:
    for folder, inner, _ in os.walk(path):
        if _is_pack(Path(folder)):
            inner.clear()
            yield Path(folder)
        inner[:] = sorted(one for one in inner if not one.startswith(".") and one != _NEVER)
