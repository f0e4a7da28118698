"""Names of files and folders → the folders of the packs that are meant. Looks at the disk only."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from controller.load.files import ACTIONS, DIRECTORIES, MANIFEST

# Folders in which tools keep what is not the user's; those that begin with a dot are left out, too.
_NEVER = "node_modules"


class NoPackError(Exception):
    """A name that stands for no pack; its text says what to name instead."""


def roots(paths: Iterable[Path], *, besides: Collection[Path] = ()) -> list[Path]:
    """Each pack that one of `paths` stands for, once; raises `NoPackError`.

    A file stands for the pack that it is in. A folder stands for itself when it has a pack.yaml,
    else for all packs below it, else for the pack that it is in. Where there is none at all it
    stands for itself, so that its pack.yaml is found missing. The folders `besides`, by their whole
    path, are not entered.
    """
    found: dict[Path, Path] = {}
    for path in paths:
        for root in _roots(path, besides):
            found.setdefault(root.resolve(), root)
    return list(found.values())


def folders(paths: Iterable[Path], *, besides: Collection[Path] = ()) -> list[Path]:
    """The folders, from the top, in which a change may change what `roots` finds or one of these
    packs; a name that is not there (any more) is among them."""
    found: list[Path] = []
    for path in paths:
        try:
            packs = [*_roots(path, besides)]
        except NoPackError:
            found.append(path)
            continue
        if path.is_dir():
            found += [folder for folder, _ in _walk(path, besides)]
        found += [folder for pack in packs for folder in _inside(pack)]
    return list(dict.fromkeys(map(absolute, found)))


@dataclass(frozen=True, slots=True)
class Places:
    """What to watch: names as they were typed, and folders that are never entered."""

    names: Sequence[Path]
    besides: Collection[Path] = ()

    def roots(self) -> Iterator[Path]:
        """The packs that are there now; raises `NoPackError` for a name that is none."""
        for name in self.names:
            yield from roots([name], besides=self.besides)

    def folders(self) -> list[Path]:
        """The folders that they are in, and in which others may appear."""
        return folders(self.names, besides=self.besides)


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


def _roots(path: Path, besides: Collection[Path]) -> Iterable[Path]:
    if path.is_dir():
        if _is_pack(path):
            return [path]
        below = [folder for folder, is_pack in _walk(path, besides) if is_pack]
        return below or [_above(path) or path]
    if not os.path.lexists(path):
        raise NoPackError(f"There is no file or folder {path}. Name a folder with a {MANIFEST}.")
    return [root_of(path)]


def _is_pack(folder: Path) -> bool:
    return os.path.lexists(folder / MANIFEST)


def _above(path: Path) -> Path | None:
    """The nearest folder above `path` that is a pack, from the top only if `path` is, too."""
    found = next((one for one in absolute(path).parents if _is_pack(one)), None)
    return found if found is None or path.is_absolute() else Path(os.path.relpath(found))


def _walk(path: Path, besides: Collection[Path]) -> Iterator[tuple[Path, bool]]:
    """`path` and the folders below it, each with whether it is a pack; packs are not entered."""
    for name, inner, _ in os.walk(path):
        folder = Path(name)
        is_pack = _is_pack(folder)
        inner[:] = [] if is_pack else sorted(one for one in inner if _is_entered(one))
        if besides:
            inner[:] = [one for one in inner if absolute(folder / one) not in besides]
        yield folder, is_pack


def _is_entered(name: str) -> bool:
    return not name.startswith(".") and name != _NEVER


def _inside(pack: Path) -> Iterator[Path]:
    """The folders of a pack that count, as far as they are there and are no links."""
    yield pack
    for name in (*DIRECTORIES, ACTIONS):
        place = pack / name
        links = (pack.joinpath(*place.relative_to(pack).parts[:depth]) for depth in (1, 2))
        if place.is_dir() and not any(map(Path.is_symlink, links)):
            yield place
