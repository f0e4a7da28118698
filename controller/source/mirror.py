"""One bare mirror on disk: who may use it when, and how objects come into it.

A mirror is a cache: whatever is odd about it, it is thrown away and fetched again. It has one
user at a time: threads take turns by a lock, processes by a locked file beside the mirror. The git
process that writes inherits the locked file, so a mirror stays locked for as long as one writes to
it, even when the controller was killed meanwhile.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

from controller.errors import Reason, Transient
from controller.source.catfile import ObjectReader, reading
from controller.source.commands import Finished, OverdueError, run_git
from controller.source.environment import local_environment
from controller.source.opening import opened
from controller.source.remote import Remote

MAX_PACKS = 64
"""Each fetch leaves one pack file. A mirror with more of them starts afresh with its next fetch,
which costs one full fetch of the tip and frees what old commits left behind."""

_LEFTOVERS = ("*.lock", "shallow_*", "refs/**/*.lock", "objects/pack/tmp_*", "objects/??/tmp_*")
_CONFIGS = {
    40: "[core]\n\trepositoryformatversion = 0\n\tbare = true\n",
    64: "[core]\n\trepositoryformatversion = 1\n\tbare = true\n"
    "[extensions]\n\tobjectformat = sha256\n",
}
_POLL = 0.05


class Mirror:
    """A mirror's place on disk and its lock; `path` need not exist yet."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock_file = path.with_suffix(".lock")
        self._turn = threading.Lock()

    @contextmanager
    def held(self, deadline: float) -> Iterator[HeldMirror]:
        """The mirror for this caller alone, swept of what a killed process left behind.

        Raises `Transient` (CacheUnavailable) when the turn does not come before `deadline`, or
        when the disk fails.
        """
        if not self._turn.acquire(timeout=max(0.0, deadline - time.monotonic())):
            raise _busy()
        try:
            with _locked(self._lock_file, deadline) as lock:
                held = HeldMirror(self.path, lock)
                held.tidy()
                yield held
        except OSError as failure:
            raise Transient(
                Reason.CACHE_UNAVAILABLE,
                f"The controller's cache cannot be used: {failure.strerror}.",
                hint="Give the cache volume more room and check that it is writable.",
            ) from failure
        finally:
            self._turn.release()

    @property
    def last_used(self) -> float:
        """When it was last held, in seconds since the epoch; 0 when it never was."""
        with suppress(FileNotFoundError):
            return self._lock_file.stat().st_mtime
        return 0.0

    def discard(self) -> None:
        """Remove it with its lock file, unless it is in use."""
        with suppress(Transient), self.held(time.monotonic()) as held:
            held.drop()
            self._lock_file.unlink(missing_ok=True)


class HeldMirror:
    """A mirror that is ours for now; made by `Mirror.held`."""

    def __init__(self, path: Path, lock: int) -> None:
        self._path = path
        self._lock = lock

    def tidy(self) -> None:
        """Remove lock and temporary files: nobody else is here, so they belong to the dead.

        A mirror whose settings are not the ones we write is removed as a whole.
        """
        if not self._path.exists():
            return
        for pattern in _LEFTOVERS:
            for leftover in self._path.glob(pattern):
                leftover.unlink()
        config = self._path / "config"
        if not config.is_file() or config.read_text(errors="replace") not in _CONFIGS.values():
            self.drop()

    def drop(self) -> None:
        """Remove the mirror."""
        for path in (self._path, self._unfinished):
            with suppress(FileNotFoundError):
                shutil.rmtree(path)

    def reading(self, deadline: float) -> AbstractContextManager[ObjectReader]:
        """A reader of its objects; see `catfile.reading`."""
        return reading(self._path, deadline)

    def fetch(
        self, remote: Remote, refspecs: Sequence[str], *, digits: int, depth: int, deadline: float
    ) -> Finished:
        """Bring `refspecs` of `remote` here; `digits` is the length of its object ids.

        The result tells whether git succeeded. Raises `OverdueError` after `deadline`.
        """
        if self._pack_count() > MAX_PACKS:
            self.drop()
        self._make(digits, deadline)
        arguments = (
            *(f"--git-dir={self._path}", "fetch", "--quiet", "--no-tags", "--no-auto-maintenance"),
            *("--no-write-fetch-head", "--no-recurse-submodules", f"--depth={depth}"),
            *("--end-of-options", "origin", *refspecs),
        )
        try:
            with opened(remote, deadline) as environment:
                finished = run_git(arguments, environment, deadline=deadline, keep_open=self._lock)
        except OverdueError:
            self.tidy()
            raise
        if finished.code:
            self.tidy()
        return finished

    @property
    def _unfinished(self) -> Path:
        return self._path.with_suffix(".new")

    def _pack_count(self) -> int:
        return sum(1 for _ in self._path.glob("objects/pack/*.pack"))

    def _make(self, digits: int, deadline: float) -> None:
        """Make an empty mirror, in one step as others see it."""
        if self._path.exists():
            return
        self.drop()
        object_format = "sha256" if digits == 64 else "sha1"
        made = run_git(
            (
                *("init", "--quiet", "--bare", "--template=", f"--object-format={object_format}"),
                *("--initial-branch=none", "--end-of-options", str(self._unfinished)),
            ),
            local_environment(),
            deadline=deadline,
        )
        if made.code:
            raise OSError(0, made.errors.strip() or "git init failed")
        (self._unfinished / "config").write_text(_CONFIGS[digits])
        self._unfinished.rename(self._path)


@contextmanager
def _locked(path: Path, deadline: float) -> Iterator[int]:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = _take(path, deadline)
    try:
        os.utime(lock)
        yield lock
    finally:
        os.close(lock)


def _take(path: Path, deadline: float) -> int:
    while True:
        lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        with suppress(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_current(lock, path):
                return lock
        os.close(lock)
        if time.monotonic() + _POLL > deadline:
            raise _busy()
        time.sleep(_POLL)


def _is_current(lock: int, path: Path) -> bool:
    # Another process may have removed the file between our opening it and locking it.
    with suppress(FileNotFoundError):
        return path.stat().st_ino == os.fstat(lock).st_ino
    return False


def _busy() -> Transient:
    return Transient(
        Reason.CACHE_UNAVAILABLE,
        "The mirror of the repository stayed in use by others until the time was over.",
        hint="It is tried again; if this stays, raise spec.timeout.",
    )
