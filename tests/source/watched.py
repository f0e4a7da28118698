"""How much memory the git processes take that the controller starts, seen while they run."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

MEBIBYTE = 1024 * 1024


@dataclass(slots=True)
class Peak:
    """The most resident memory of one process, in bytes; `seen` processes were looked at."""

    size: int = 0
    seen: int = 0


@contextmanager
def watching() -> Iterator[Peak]:
    """Look at our children in sessions of their own: a test's own server is not among them."""
    peak = Peak()
    done = threading.Event()
    watcher = threading.Thread(target=_watch, args=(peak, done))
    watcher.start()
    try:
        yield peak
    finally:
        done.set()
        watcher.join()


def _watch(peak: Peak, done: threading.Event) -> None:
    seen: set[int] = set()
    while not done.wait(0.005):
        for pid in _below(os.getpid()):
            with suppress(OSError, IndexError):
                # Until it becomes git, a child shows our own memory.
                is_git = Path(f"/proc/{pid}/exe").readlink().name.startswith("git")
                if not is_git or os.getsid(pid) == os.getsid(0):
                    continue
                text = Path(f"/proc/{pid}/status").read_text()
                size = int(text.partition("VmHWM:")[2].split()[0]) * 1024
                peak.size = max(peak.size, size)
                seen.add(pid)
        peak.seen = len(seen)


def _below(pid: int) -> Iterator[int]:
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            with suppress(OSError):
                children = (task / "children").read_text().split()
                for child in map(int, children):
                    yield child
                    yield from _below(child)
