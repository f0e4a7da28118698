"""A process that follows a repository, and kills itself before one step on the disk of its cache,
or finds that the disk fails there.

A step is a write of its own to the folder of the mirrors, or the start of git, as Python's audit
events tell of them (https://docs.python.org/3/library/audit_events.html), so that nothing of the
product is replaced.
"""

from __future__ import annotations

import os
import re
import signal
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from controller.errors import Transient
from controller.source.eviction import Budget
from controller.source.git_source import GitSource
from controller.source.mirrors import Mirrors
from controller.source.target import GitTarget
from controller.source.urls import Scheme
from tests.forked import PROCESSES, end_with_parent

_SCHEMES = frozenset({Scheme.HTTP, Scheme.FILE})
_SECONDS = 60.0
_WRITES = {"os.mkdir": "make", "os.remove": "remove", "os.rmdir": "remove", "os.utime": "touch"}
_NUMBER = re.compile(r"[0-9a-f]{12,64}|tmp_\w+_\w+")
_GIT = ("init", "fetch", "cat-file")


@dataclass(frozen=True, slots=True)
class Job:
    """Look at `url` once, within `timeout` seconds, with the mirrors in `cache`; `size` are all the
    bytes that they may take."""

    cache: Path
    url: str
    size: int = Budget().size
    timeout: float = 60.0


def follow(job: Job) -> GitSource:
    """The source of the job, as a new process has it."""
    mirrors = Mirrors(job.cache, _SCHEMES, budget=Budget(size=job.size))
    return GitSource(mirrors, GitTarget(job.url, timeout=job.timeout))


@contextmanager
def running(job: Job, trace: Path, step: str = "", failure: int = 0) -> Iterator[BaseProcess]:
    """Another process that does the job, and kills itself before `step` where one is given, or has
    the error `failure` of errno(3) there, once; it notes the steps that it came to in `trace`."""
    trace.unlink(missing_ok=True)
    arguments = (job, step, failure, trace)
    process = PROCESSES.Process(target=_work, args=arguments, daemon=True)
    process.start()
    yield process
    process.join(_SECONDS)


def run(job: Job, step: str, trace: Path) -> list[str]:
    """Do the job in another process, to its end or up to `step`; the steps that it came to."""
    with running(job, trace, step) as process:
        pass
    passed = trace.read_text().splitlines()
    assert process.exitcode == (-signal.SIGKILL if step else 0), passed
    return passed


def fail(job: Job, step: str, failure: int, trace: Path) -> None:
    """Do the job in another process whose disk fails at `step`; whatever becomes of it, it must say
    so in order, and do the same job afterwards."""
    with running(job, trace, step, failure) as process:
        pass
    passed = trace.read_text().splitlines()
    assert step in passed
    assert process.exitcode == 0, passed


def _work(job: Job, fatal: str, failure: int, trace: Path) -> None:
    threading.Thread(target=end_with_parent, daemon=True).start()
    source = follow(job)
    seen: Counter[str] = Counter()

    def hear(event: str, arguments: tuple[Any, ...]) -> None:
        name = _step(event, arguments, job.cache)
        if not name:
            return
        seen[name] += 1
        step = f"{name} {seen[name]}" if seen[name] > 1 else name
        with trace.open("a") as noted:
            noted.write(f"{step}\n")
        if step == fatal and failure:
            raise OSError(failure, os.strerror(failure))
        if step == fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hear)
    if failure:
        with suppress(Transient):
            source.fetch()
    source.fetch()
    os._exit(0)


def _step(event: str, arguments: tuple[Any, ...], cache: Path) -> str:
    """What is about to happen; empty where it is no step."""
    if event == "subprocess.Popen":
        words = [word for word in arguments[1] if word in _GIT]
        return f"git {words[0]}" if words else ""
    if event == "os.rename":
        return f"rename {_shown(arguments[0])} {_shown(arguments[1])}"
    if event == "open" and isinstance(arguments[0], str) and arguments[2] & os.O_CREAT:
        return f"open {_shown(arguments[0])}" if arguments[0].startswith(str(cache)) else ""
    return f"{_WRITES[event]} {_shown(arguments[0])}" if event in _WRITES else ""


def _shown(path: object) -> str:
    """The last part of a path, without what differs from run to run; a file that is open has no
    name."""
    return _NUMBER.sub("#", Path(path).name) if isinstance(path, str | Path) else "it"
