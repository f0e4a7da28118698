"""Programs that never outlive us: a temporary folder, and a watchdog over what runs in it.

However the owner ends (an exception, Ctrl-C, SIGTERM, SIGKILL, a crash), `watchdog.py` sees its
pipe close, ends the programs and removes the folder. Imports the standard library and the account
that a program runs as.
"""

from __future__ import annotations

import fcntl
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Self

from controller.store.wheel import Account

_PREFIX = "attune-pack-controller-"


class Guard:
    """A context: `folder` and every program spawned within it are gone when it ends."""

    def __enter__(self) -> Self:
        _sweep()
        self._processes: list[subprocess.Popen[bytes]] = []
        self.folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
        self.folder.chmod(0o711)  # a server may run as another user and has a folder in here
        self._lock = _lock(self.folder)
        self._watchdog = subprocess.Popen(
            [sys.executable, "-I", "-S", str(Path(__file__).with_name("watchdog.py")), self.folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=[self._lock.fileno()],  # held until the watchdog is done, against a sweep
            start_new_session=True,
        )
        return self

    def __exit__(self, *exception: object) -> None:
        self._pipe.close()
        self._watchdog.wait()
        for process in self._processes:
            process.wait()
        self._lock.close()

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
            argv,
            stdin=subprocess.DEVNULL,
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
        self._pipe.write(b"%d\n" % process.pid)
        self._pipe.flush()
        return process


def _lock(folder: Path) -> IO[bytes]:
    lock = (folder / "lock").open("wb")
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return lock


def _sweep() -> None:
    """Remove the folders whose owner and watchdog were both killed: nobody holds their lock."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        try:
            lock = (folder / "lock").open("r+b")
        except OSError:
            continue  # another user's, or not yet locked by one who starts right now
        with lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            shutil.rmtree(folder, ignore_errors=True)
