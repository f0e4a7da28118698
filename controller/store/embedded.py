"""A PostgreSQL of one's own in a folder: for a first look, for development and for the tests.

May import the standard library, our errors and `wheel`, which knows where the programs are.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import IO, Final, Self

from controller.errors import Stalled
from controller.store.wheel import (
    Account,
    find_programs,
    open_to_others,
    stalled,
    unprivileged_account,
)

_START_SECONDS: Final = 60.0  # crash recovery of a large log comes before "ready"
_STOP_SECONDS: Final = 20.0
_POLL_SECONDS: Final = 0.01
_STATUS_LINE: Final = 7  # of postmaster.pid: src/include/utils/pidfile.h, LOCK_FILE_LINE_PM_STATUS


class StopMode(Enum):
    """How a server goes down; the signals are those of PostgreSQL's "Shutting Down the Server"."""

    FAST = signal.SIGINT  # sessions are cut off, data is written out
    IMMEDIATE = signal.SIGQUIT  # as in a crash: the next start recovers from the log


Spawn = Callable[[Sequence[str], IO[bytes], Account | None], "subprocess.Popen[bytes]"]


def spawn(argv: Sequence[str], log: IO[bytes], account: Account | None) -> subprocess.Popen[bytes]:
    """Start a program that writes to `log`, out of reach of the terminal's Ctrl-C."""
    return subprocess.Popen(
        argv,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )


class EmbeddedPostgres:
    """One server on the loopback interface, with its data, password and log in `folder`.

    `settings` are PostgreSQL's run-time parameters. The server keeps its port over `stop()` and
    `start()`. Every method raises `Stalled` when a person must act: the extra is not installed, the
    folder belongs to another process, or the server does not start (the message ends with its log).
    """

    def __init__(
        self,
        folder: Path,
        *,
        port: int | None = None,
        settings: Mapping[str, str] | None = None,
        spawn: Spawn = spawn,
    ) -> None:
        self._folder = folder.absolute()
        self._port = port or _free_port()
        self._settings = dict(settings or {})
        self._spawn = spawn
        self._account = unprivileged_account()
        self._process: subprocess.Popen[bytes] | None = None
        self._lock: IO[bytes] | None = None

    @property
    def url(self) -> str:
        """The address of the database `postgres`, password included: keep it out of logs."""
        password = (self._folder / "password").read_text()
        return f"postgresql://postgres:{password}@127.0.0.1:{self._port}/postgres"

    @property
    def pid(self) -> int | None:
        """The process id of the server, None while it is stopped."""
        return self._process.pid if self._process else None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def start(self) -> None:
        """Create the database cluster if the folder has none, start the server, wait for it."""
        if self._process:
            return
        self._prepare_folder()
        self._lock = self._lock_folder()
        try:
            programs = find_programs(self._folder, self._account)
            self._create_cluster(programs)
            self._stop_leftover(programs)
            self._launch(programs)
        except BaseException:
            self._unlock()
            raise

    def stop(self, mode: StopMode = StopMode.FAST) -> None:
        """Stop the server and wait until it is gone. A server that does not obey is killed."""
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(mode.value)
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        self._unlock()

    def _prepare_folder(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        if not self._account:
            self._folder.chmod(0o700)
            return
        if not open_to_others(self._folder.parent):
            raise stalled(
                f"PostgreSQL cannot reach its folder {self._folder}: it refuses to run as root, so"
                " it runs as the user nobody, who may not enter a folder above it.",
                "Name a folder under /var/lib or /tmp, or run as another user than root.",
            )
        os.chown(self._folder, self._account.uid, self._account.gid)
        self._folder.chmod(0o700)

    def _lock_folder(self) -> IO[bytes]:
        lock = (self._folder / "lock").open("wb")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.close()
            raise stalled(
                f"Another process runs the embedded database in {self._folder}.",
                "Stop that process, or name another folder.",
            ) from error
        return lock

    def _unlock(self) -> None:
        if self._lock:
            self._lock.close()
        self._lock = None

    def _create_cluster(self, programs: Path) -> None:
        if (self._folder / "data").exists():
            return
        password = self._folder / "password"
        password.write_text(secrets.token_hex(24))
        password.chmod(0o600)
        if self._account:
            os.chown(password, self._account.uid, self._account.gid)
        # initdb into another name: a half-made cluster of an interrupted start is never used.
        unfinished = self._folder / "data.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        self._run(
            str(programs / "initdb"),
            f"--pgdata={unfinished}",
            "--username=postgres",
            f"--pwfile={password}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-instructions",
            "--no-sync",
        )
        unfinished.rename(self._folder / "data")

    def _stop_leftover(self, programs: Path) -> None:
        """End a server that outlived its owner: the lock is ours, so nobody uses it."""
        if not (self._folder / "data" / "postmaster.pid").exists():
            return
        argv = [str(programs / "pg_ctl"), "stop", "--mode=fast", f"--pgdata={self._folder}/data"]
        with self._log() as log:
            self._spawn(argv, log, self._account).wait()

    def _launch(self, programs: Path) -> None:
        settings = {
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            **self._settings,
        }
        argv = [str(programs / "postgres"), "-D", str(self._folder / "data"), "-p", str(self._port)]
        argv += [f"--{name}={value}" for name, value in settings.items()]
        with self._log() as log:
            process = self._spawn(argv, log, self._account)
        deadline = time.monotonic() + _START_SECONDS
        while not self._ready(process):
            if process.poll() is not None or time.monotonic() > deadline:
                process.kill()
                process.wait()
                raise self._failure("The embedded PostgreSQL did not start.")
            time.sleep(_POLL_SECONDS)
        self._process = process

    def _ready(self, process: subprocess.Popen[bytes]) -> bool:
        try:
            lines = (self._folder / "data" / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        written = len(lines) > _STATUS_LINE
        return written and lines[0] == str(process.pid) and lines[_STATUS_LINE].strip() == "ready"

    def _run(self, *argv: str) -> None:
        with self._log() as log:
            if self._spawn(argv, log, self._account).wait():
                raise self._failure(f"{Path(argv[0]).name} could not create the embedded database.")

    def _log(self) -> IO[bytes]:
        return (self._folder / "log").open("ab")

    def _failure(self, message: str) -> Stalled:
        log = self._folder / "log"
        tail = " | ".join(log.read_text(errors="replace").splitlines()[-3:])
        return stalled(f"{message} It says: {tail}", f"The whole log is {log}.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
