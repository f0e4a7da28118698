"""The processes below one, as the kernel knows them; waiting until they are gone."""

from __future__ import annotations

import os
import select
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

SAFETY_NET = 60.0


def descendants(pid: int) -> set[int]:
    """Every process that `pid` or one of its children started and that still runs."""
    children: set[int] = set()
    for file in Path(f"/proc/{pid}/task").glob("*/children"):
        children.update(map(int, file.read_text().split()))
    return children.union(*map(descendants, children))


def started_with(value: str) -> set[int]:
    """Every process with `value` in its environment, whoever its parent is by now."""
    found = set()
    for file in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):
            if value.encode() in file.read_bytes():
                found.add(int(file.parent.name))
    return found


def wait_until(condition: Callable[[], bool]) -> None:
    """Return once the condition holds; fail when it does not within a minute."""
    deadline = time.monotonic() + SAFETY_NET
    while not condition():
        assert time.monotonic() < deadline, "it never came to be"
        select.select([], [], [], 0.01)


def wait_until_gone(pids: set[int]) -> None:
    """Return once none of the processes runs; fail when one still does after a minute."""
    for pid in pids:
        try:
            process = os.pidfd_open(pid)
        except ProcessLookupError:
            continue
        try:
            ended, _, _ = select.select([process], [], [], SAFETY_NET)
            assert ended, f"process {pid} outlived its owner"
        finally:
            os.close(process)
