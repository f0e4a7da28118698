"""A small disk that a test fills, and makes read-only: a real one where this user may mount one,
and else a git that fails as on such a disk."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

SIZE = 3 * 1024**2
"""Bytes that the disk has room for."""

INODES = 100
"""Files and folders that it has room for."""

_FULL = "No space left on device"


@dataclass(frozen=True, slots=True)
class SmallDisk:
    """A folder on the disk, which `protect` makes read-only and `release` writable again."""

    path: Path
    protect: Callable[[], object]
    release: Callable[[], object]

    def fill(self, left: int = 0) -> None:
        """Leave room for so many bytes and no more."""
        self._ballast.write_bytes(bytes(SIZE - self._used() - left))

    def use_up_inodes(self) -> None:
        """Leave room for no file."""
        self._ballast.mkdir()
        with suppress(OSError):
            for number in range(INODES):
                (self._ballast / str(number)).touch()

    def free(self) -> None:
        """Undo both."""
        shutil.rmtree(self._ballast) if self._ballast.is_dir() else self._ballast.unlink()

    @property
    def _ballast(self) -> Path:
        return self.path / "ballast"

    def _used(self) -> int:
        done = subprocess.run(["du", "-sk", self.path], capture_output=True, check=True)
        return int(done.stdout.split()[0]) * 1024


@contextmanager
def mounted(path: Path) -> Iterator[SmallDisk | None]:
    """A real one at the folder `path`; None where it cannot be mounted."""
    options = f"size={SIZE},nr_inodes={INODES}"
    if not _run("mount", "-t", "tmpfs", "-o", options, "tmpfs", path):
        yield None
        return
    try:
        yield SmallDisk(
            path,
            lambda: _run("mount", "-o", "remount,ro", path),
            lambda: _run("mount", "-o", "remount,rw", path),
        )
    finally:
        _run("umount", path)


def imitated(path: Path, programs: Path) -> SmallDisk:
    """One whose limits only the `git` in the folder `programs` keeps; it must be first in PATH."""
    protected = programs / "protected"
    shim = programs / "git"
    shim.write_text(
        f"""#!/bin/sh
case " $* " in *" init "*|*" fetch "*)
    [ -e {protected} ] && echo "fatal: cannot mkdir x: Read-only file system" >&2 && exit 128
    {shutil.which("git")} "$@" || exit
    size=$(du -sk {path} | cut -f1) inodes=$(find {path} | wc -l)
    [ $size -le {SIZE // 1024} ] && [ $inodes -le {INODES} ] && exit
    case $1 in --git-dir=*) touch "${{1#--git-dir=}}/objects/pack/tmp_pack_x" ;; esac
    echo "fatal: write error: {_FULL}" >&2
    exit 128
esac
exec {shutil.which("git")} "$@"
"""
    )
    shim.chmod(0o755)
    return SmallDisk(path, protected.touch, protected.unlink)


def _run(*command: str | Path) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0
