"""Folders and files on a disk that others write to meanwhile. Imports the standard library only.

A name is only ever opened in the open folder that it was listed in (openat(2) with O_NOFOLLOW), so
that whatever is put in its place meanwhile, no symbolic link is followed and nothing leads out.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

_READ = os.O_RDONLY | os.O_CLOEXEC
_FOLDER = _READ | os.O_DIRECTORY
# Not to wait for the other end of a pipe that took the place of a file.
_FILE = _READ | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY
_CHUNK = 1024 * 1024
_ELSEWHERE = {errno.ENOENT, errno.ENOTDIR, errno.ELOOP}


class Mark(NamedTuple):
    """What differs when a file was written or replaced; times in nanoseconds, size in bytes."""

    device: int
    inode: int
    size: int
    modified: int
    changed: int


def mark(state: os.stat_result) -> Mark:
    """The mark of a file, of what stat(2) says of it."""
    return Mark(state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns, state.st_ctime_ns)


@contextmanager
def folder(path: Path) -> Iterator[int]:
    """An open folder; a symbolic link that the user named is followed. Raises OSError."""
    handle = os.open(path, _FOLDER)
    try:
        yield handle
    finally:
        os.close(handle)


@contextmanager
def inner(name: str, above: int) -> Iterator[int | None]:
    """An open folder in an open folder; None where `name` is no real folder. Raises OSError."""
    handle = _open(name, _FOLDER | os.O_NOFOLLOW, above)
    try:
        yield handle
    finally:
        if handle is not None:
            os.close(handle)


@contextmanager
def file(name: str, above: int) -> Iterator[tuple[int, os.stat_result] | None]:
    """An open file in an open folder, and its state; None where `name` is no regular file."""
    handle = _open(name, _FILE, above)
    try:
        state = None if handle is None else os.fstat(handle)
        is_file = state is not None and stat.S_ISREG(state.st_mode)
        yield (handle, state) if handle is not None and state is not None and is_file else None
    finally:
        if handle is not None:
            os.close(handle)


def chunks(handle: int, size: int) -> Iterator[bytes]:
    """The first `size` bytes of an open file, or fewer if there are no more."""
    while size > 0 and (chunk := os.read(handle, min(size, _CHUNK))):
        size -= len(chunk)
        yield chunk


def _open(name: str, flags: int, above: int) -> int | None:
    try:
        return os.open(name, flags, dir_fd=above)
    except OSError as failure:
        # ENXIO: a socket, or a device without hardware.
        if failure.errno in _ELSEWHERE or failure.errno == errno.ENXIO:
            return None
        raise
