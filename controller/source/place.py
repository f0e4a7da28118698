"""A mirror's place in the cache: its lock file, what may be in its folder, and how it goes.

Knows files and nothing of git's work. Whatever git does not make under our own settings was put
there by somebody else, or by another version, and nothing in such a folder is believed.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

CONFIGS = {
    40: "[core]\n\trepositoryformatversion = 0\n\tbare = true\n",
    64: "[core]\n\trepositoryformatversion = 1\n\tbare = true\n"
    "[extensions]\n\tobjectformat = sha256\n",
}
"""The whole configuration of a mirror, by the length of its object ids."""

_PACKS = "objects/pack/"
# Of git 2.39 to 2.51, by the path within the mirror: objects only ever come in packs. What ends in
# `.keep` tells of a fetch that was killed after its pack was whole.
_OWN_FOLDERS = re.compile(r"objects(/info|/pack)?|refs(/.+)?")
_OWN_FILES = re.compile(
    r"HEAD|config|packed-refs|shallow|refs/.+"
    r"|objects/pack/pack-[0-9a-f]{40,64}\.(?:pack|idx|rev|promisor|keep)"
)
_LEFTOVERS = re.compile(
    r"(?:.+/)?[^/]+\.lock|shallow_[^/]+|packed-refs\.new"
    r"|objects/(?:pack/)?(?:tmp_|\.tmp-|incoming-)[^/]*"
)
_OURS = re.compile(r"[0-9a-f]{40}\.(?:git|lock|new|old)")
_BLOCK = 4096
_POLL = 0.05


class BusyError(Exception):
    """The place stayed in use by others until the deadline."""


@dataclass(frozen=True, slots=True)
class Survey:
    """What is in a mirror's folder. `size` are bytes on disk, in whole blocks; `leftovers` are what
    a killed process left behind; `is_strange` when something is there that git would not make."""

    size: int = 0
    packs: int = 0
    leftovers: tuple[Path, ...] = ()
    is_strange: bool = False


@contextmanager
def locked(path: Path, deadline: float) -> Iterator[int]:
    """The lock file `path`, made if need be and locked by us; gives its file descriptor.

    Raises `BusyError` when another has it until `deadline` (in `time.monotonic` seconds).
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = _take(path, deadline)
    try:
        yield lock
    finally:
        # By name: the guard of a git process that has ended may be about to end, and has it, too.
        fcntl.flock(lock, fcntl.LOCK_UN)
        os.close(lock)


def tidy(path: Path) -> Survey:
    """Remove what a killed process left of the mirror `path`, and a mirror that is strange.

    For who has it locked: whatever is unfinished then belongs to the dead.
    """
    delete((unfinished(path), condemned(path)))
    found = survey(path)
    if found.is_strange:
        remove(path)
        return Survey()
    delete(found.leftovers)
    return survey(path) if found.leftovers else found


def survey(path: Path) -> Survey:
    """Look at everything in the mirror `path`; links are not followed."""
    if not path.is_dir() or path.is_symlink():
        return Survey(is_strange=os.path.lexists(path))
    size = packs = 0
    leftovers = []
    is_strange = not _is_configured(path)
    for entry, name in _walk(path, ""):
        size += size_of(entry)
        packs += name.startswith(_PACKS) and name.endswith(".pack")
        if _LEFTOVERS.fullmatch(name):
            leftovers.append(Path(entry.path))
        elif not _is_own(entry, name):
            is_strange = True
    return Survey(size, packs, tuple(leftovers), is_strange)


def size_of_packs(path: Path) -> int:
    """Bytes on disk of the mirror's packs, with those that are just being written."""
    with suppress(FileNotFoundError), os.scandir(path / _PACKS) as entries:
        return sum(map(size_of, entries))
    return 0


def size_of(entry: os.DirEntry[str]) -> int:
    """Bytes on disk of a file; 0 when it went meanwhile."""
    with suppress(FileNotFoundError):
        return -(-entry.stat(follow_symlinks=False).st_size // _BLOCK) * _BLOCK
    return 0


def remove(path: Path) -> None:
    """Remove the mirror `path`, whatever is there, in one step as others see it."""
    delete((unfinished(path), condemned(path)))
    if os.path.lexists(path):
        path.rename(condemned(path))
        delete((condemned(path),))


def is_mirrors(path: Path) -> bool:
    """Whether `path` has the name of something that belongs to a mirror."""
    return bool(_OURS.fullmatch(path.name))


def last_used(path: Path) -> float:
    """When the mirror `path` was last used, in seconds since the epoch; 0 when it never was."""
    with suppress(FileNotFoundError):
        return lock_of(path).stat().st_mtime
    return 0.0


def unfinished(path: Path) -> Path:
    """Where the mirror `path` is made."""
    return path.with_suffix(".new")


def condemned(path: Path) -> Path:
    """Where the mirror `path` is taken apart."""
    return path.with_suffix(".old")


def lock_of(path: Path) -> Path:
    """The lock file of the mirror `path`; its time of change is when the mirror was last used."""
    return path.with_suffix(".lock")


def delete(paths: Iterable[Path]) -> None:
    """Delete files and folders, which may be gone already; of a link the link alone."""
    for path in paths:
        with suppress(FileNotFoundError):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()


def _is_configured(path: Path) -> bool:
    config = path / "config"
    with suppress(OSError):
        return config.is_file() and config.read_text(errors="replace") in CONFIGS.values()
    return False


def _walk(folder: Path, prefix: str) -> Iterator[tuple[os.DirEntry[str], str]]:
    """Every entry below `folder`, with its path from the mirror on."""
    with suppress(FileNotFoundError), os.scandir(folder) as entries:
        for entry in entries:
            name = f"{prefix}{entry.name}"
            yield entry, name
            if entry.is_dir(follow_symlinks=False) and not _LEFTOVERS.fullmatch(name):
                yield from _walk(Path(entry.path), f"{name}/")


def _is_own(entry: os.DirEntry[str], name: str) -> bool:
    if entry.is_dir(follow_symlinks=False):
        return bool(_OWN_FOLDERS.fullmatch(name))
    return entry.is_file(follow_symlinks=False) and bool(_OWN_FILES.fullmatch(name))


def _take(path: Path, deadline: float) -> int:
    while True:
        if path.is_symlink():
            path.unlink()
        lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_current(lock, path):
                return lock
        except BlockingIOError:
            pass
        except OSError:
            os.close(lock)
            raise
        os.close(lock)
        if time.monotonic() + _POLL > deadline:
            raise BusyError
        time.sleep(_POLL)


def _is_current(lock: int, path: Path) -> bool:
    # Another process may have removed the file between our opening it and locking it.
    with suppress(FileNotFoundError):
        return path.stat().st_ino == os.fstat(lock).st_ino
    return False
