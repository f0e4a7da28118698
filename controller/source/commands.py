"""The one place that starts git, through GitPython. Knows processes and nothing of packs.

A caller gives a fixed argument list and an environment of `environment`; no text of a user ever
becomes an option. Every process leads its own group, so that one signal ends it with its helpers;
GitPython's own time limit needs `pgrep` or `ps`, which a small image does not have. Its limits are
set by a shell that becomes git, so that no helper starts before they hold. What is run to its end
has a guard in its group, another shell that reads from a pipe that only we hold: when this process
dies, however it does, the guard ends the group.
"""

from __future__ import annotations

import atexit
import fcntl
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import IO

# GitPython fails on import where git is missing; `check_git` says it better.
os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")

from git.cmd import Git
from git.exc import GitCommandError, GitCommandNotFound

from controller.errors import Reason, Stalled

MINIMUM_GIT = (2, 39)
"""`cat-file --batch-command` came with 2.36, `safe.directory` from the environment with 2.38; 2.39
is the oldest that distributions still keep free of known holes."""

MAX_OUTPUT = 64 * 1024 * 1024
"""Bytes of output that are kept of one process; a process that writes more is ended."""

_ERROR_TAIL = 16 * 1024
_CHUNK = 256 * 1024
_TICK = 0.1
# Blocks of 512 bytes and KiB, as dash, bash called sh and busybox count; a limit that is lower
# already may stay.
_BOUNDED = 'ulimit -f "$1" 2>/dev/null; ulimit -d "$2" 2>/dev/null; shift 2; '
_FREE = f'{_BOUNDED} exec "$@"'
# What a shell starts in the background has no standard input but by another name.
_GUARDED = (
    f"{_BOUNDED} exec 3<&0; (read -r _; kill -KILL 0) <&3 3<&- >/dev/null 2>&1 & "
    'exec "$@" </dev/null 3<&-'
)
_OUT_OF_THE_WAY = 10  # scripts name their own file descriptors by one digit


# What still runs when the program ends, in a thread that nobody waits for, must not outlive it.
_running: set[subprocess.Popen[bytes]] = set()


class OverdueError(Exception):
    """The process did not end before its deadline and was killed with its group."""


class TooMuchOutputError(Exception):
    """The process wrote more than `MAX_OUTPUT` and was killed with its group."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a git process and each of its helpers may take, in bytes.

    `file` is what it may write into one file. `memory` is what it may have for itself; files that
    are mapped do not count. The tip of a repository with 20,000 files takes 12 MiB, so does one
    file with 300 MB of zeros; 400,000 objects with deltas take 85 MiB.
    """

    file: int = 2 * 1024**3
    memory: int = 128 * 1024**2


@dataclass(frozen=True, slots=True)
class Finished:
    """What a git process left behind; `errors` is the last 16 KiB of its standard error."""

    code: int
    output: bytes
    errors: str


def check_git() -> str:
    """The version of git in use; raises `Stalled` when git is missing or older than 2.39."""
    try:
        version = Git().version_info
    except (GitCommandNotFound, GitCommandError):
        version = ()
    shown = ".".join(map(str, version))
    if version[:2] < MINIMUM_GIT:
        needed = ".".join(map(str, MINIMUM_GIT))
        found = f"git {shown} is too old" if shown else "git is not installed"
        raise Stalled(
            Reason.INTERNAL_ERROR,
            f"{found}; at least git {needed} is needed.",
            hint=f"Install git {needed} or newer where this program runs.",
        )
    return shown


def start_git(
    arguments: Sequence[str],
    environment: Mapping[str, str],
    *,
    limits: Limits = Limits(),
) -> subprocess.Popen[bytes]:
    """A git process with pipes on all three ends, leader of its own process group. It ends by
    itself when its standard input does, as it must when we die."""
    return _start(_FREE, arguments, environment, limits)


def _start(
    script: str,
    arguments: Sequence[str],
    environment: Mapping[str, str],
    limits: Limits,
    inherited: tuple[int, ...] = (),
) -> subprocess.Popen[bytes]:
    command = [
        *("sh", "-c", script, "sh", str(limits.file // 512), str(limits.memory // 1024)),
        *(*_without_foreign(environment), "git", *arguments),
    ]
    handle = Git("/").execute(
        command,
        as_process=True,
        istream=subprocess.PIPE,
        env=dict(environment),
        start_new_session=True,
        # Python ignores SIGXFSZ, and git shall: it then says that a file is too large and tidies
        # up, where the signal would end it without a word.
        restore_signals=False,
        pass_fds=inherited,
    )
    process = handle.proc
    handle.proc = None  # ours from here: the handle would end it when it is collected
    assert process is not None  # noqa: S101  # a handle is never made without a process
    _running.add(process)
    return process


def run_git(
    arguments: Sequence[str],
    environment: Mapping[str, str],
    *,
    deadline: float,
    keep_open: int | None = None,
    limits: Limits = Limits(),
    meanwhile: Callable[[], object] | None = None,
) -> Finished:
    """Run git to its end, at most until `deadline` (in `time.monotonic` seconds).

    Its group ends with it, and with us. `keep_open` is a file descriptor that all of the group
    inherit, such as a lock that must not be free before they are gone. `meanwhile` is called ten
    times a second; what it raises ends the process. Raises `OverdueError` and `TooMuchOutputError`;
    a failure of git itself is in the result.
    """
    with _out_of_the_way(keep_open) as inherited:
        process = _start(_GUARDED, arguments, environment, limits, inherited)
    try:
        output, errors = _collect(process, deadline, meanwhile)
        return Finished(process.wait(), output, errors.decode(errors="replace"))
    finally:
        end_git(process)


def end_git(process: subprocess.Popen[bytes]) -> None:
    """Kill what is left of the process group, reap its leader and close the pipes."""
    kill_group(process)
    process.wait()
    _running.discard(process)
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe is not None:
            with suppress(BrokenPipeError):
                pipe.close()
    # Helpers whose parent is gone are ours to reap where we are the first process of a container.
    with suppress(ChildProcessError):
        while True:
            os.waitpid(-process.pid, 0)


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill the process with its helpers, without waiting; nothing happens once it is reaped."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


@atexit.register
def _end_running() -> None:
    for process in tuple(_running):
        kill_group(process)


def _without_foreign(environment: Mapping[str, str]) -> list[str]:
    # A process started from a git hook inherits GIT_DIR and the like, and GitPython passes the
    # whole environment on: it can set a variable but not take one away.
    foreign = [
        name
        for name in os.environ
        if name.startswith("GIT_")
        and not name.startswith("GIT_PYTHON_")
        and name not in environment
    ]
    return ["env", *(f"--unset={name}" for name in sorted(foreign))] if foreign else []


@contextmanager
def _out_of_the_way(handle: int | None) -> Iterator[tuple[int, ...]]:
    """The file descriptor, copied to a number that the script of a shell leaves alone."""
    if handle is None:
        yield ()
        return
    copy = fcntl.fcntl(handle, fcntl.F_DUPFD_CLOEXEC, _OUT_OF_THE_WAY)
    try:
        yield (copy,)
    finally:
        os.close(copy)


def _collect(
    process: subprocess.Popen[bytes], deadline: float, meanwhile: Callable[[], object] | None
) -> tuple[bytes, bytes]:
    assert process.stdin and process.stdout and process.stderr  # noqa: S101, PT018
    kept = {process.stdout: bytearray(), process.stderr: bytearray()}
    with selectors.DefaultSelector() as selector:
        for pipe in kept:
            selector.register(pipe, selectors.EVENT_READ)
        while selector.get_map():
            left = max(0.0, deadline - time.monotonic())
            ready = selector.select(min(left, _TICK))
            if not ready and time.monotonic() >= deadline:
                raise OverdueError
            if not ready and process.poll() is not None:
                process.stdin.close()  # it was killed; its guard ends its helpers
            if meanwhile:
                meanwhile()
            for key, _ in ready:
                _take(selector, key.fileobj, kept, process.stdout)  # type: ignore[arg-type]
    return bytes(kept[process.stdout]), bytes(kept[process.stderr])


def _take(
    selector: selectors.BaseSelector,
    pipe: IO[bytes],
    kept: dict[IO[bytes], bytearray],
    stdout: IO[bytes],
) -> None:
    chunk = os.read(pipe.fileno(), _CHUNK)
    if not chunk:
        selector.unregister(pipe)
    buffer = kept[pipe]
    buffer += chunk
    if pipe is not stdout:
        del buffer[:-_ERROR_TAIL]
    elif len(buffer) > MAX_OUTPUT:
        raise TooMuchOutputError
