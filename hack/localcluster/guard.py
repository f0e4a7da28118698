"""Programs that never outlive us: a temporary folder, and a watchdog over what runs in it.

However the owner ends (an exception, Ctrl-C, SIGTERM, SIGKILL, a crash), `watchdog.py` sees its
pipe close, ends the programs and removes the folder. Imports the standard library and the account
that a program runs as.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Self

from controller.store.wheel import Account

_PREFIX = "attune-pack-controller-"
# A program tells the watchdog of itself before it starts. Until then it holds the pipe open (as its
# standard input), so there is no moment at which the owner's end could leave it unseen.
_REGISTER_AND_RUN = 'echo $$ >&0 && exec "$@" </dev/null'


class Guard:
    """A context: `folder` and every program spawned within it are gone when it ends."""

    def __enter__(self) -> Self:
        _sweep()
        self._processes: list[subprocess.Popen[bytes]] = []
        self.folder, self._lock = _own_folder()
        self._watchdog = subprocess.Popen(
            [sys.executable, "-I", "-S", str(Path(__file__).with_name("watchdog.py")), self.folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=[self._lock],  # held until the watchdog is done, against a sweep
            start_new_session=True,
        )
        return self

    def __exit__(self, *exception: object) -> None:
        self._pipe.close()
        self._watchdog.wait()
        for process in self._processes:
            process.wait()
        os.close(self._lock)

    @property
    def _pipe(self) -> IO[bytes]:
        assert self._watchdog.stdin
        return self._watchdog.stdin

    def spawn(
        self,
        argv: Sequence[str],
        log: IO[bytes],
        account: Account | None = None,
        *,
        environment: Mapping[str, str] | None = None,
    ) -> subprocess.Popen[bytes]:
        """Start a program that writes to `log`, out of reach of the terminal's Ctrl-C."""
        process = subprocess.Popen(
            ["sh", "-c", _REGISTER_AND_RUN, "sh", *argv],
            stdin=self._pipe,
            stdout=log,
            stderr=log,
            cwd=self.folder,
            env=environment,
            start_new_session=True,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )
        self._processes.append(process)
        return process


def _own_folder() -> tuple[Path, int]:
    """A new folder in the system's temporary one, and a descriptor that holds its lock."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
        lock = _lock(folder)
        # A sweep of another process may have come in between, and taken the folder away.
        if lock is not None and folder.exists():
            folder.chmod(0o711)  # a server may run as another user and has a folder in here
            return folder, lock


def _lock(folder: Path) -> int | None:
    """A descriptor that holds the folder's lock; None when another process has it."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        return None  # gone, or another user's
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def _sweep() -> None:
    """Remove the folders whose owner and watchdog were both killed: nobody holds their lock."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        lock = _lock(folder)
        if lock is not None:
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)
