"""Processes as Linux tells of them in /proc."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Process:
    """One process: `state` is its letter in ps(1), `group` the leader of its group; `command`
    is empty once it has ended."""

    pid: int
    parent: int
    group: int
    state: str
    command: str


def processes() -> list[Process]:
    """All that there are."""
    found = (_read(folder) for folder in Path("/proc").glob("[0-9]*"))
    return [process for process in found if process]


def children(pid: int) -> list[Process]:
    """Those that `pid` has started, ended ones that it has not asked after included."""
    return [process for process in processes() if process.parent == pid]


def git_about(*marks: str) -> list[Process]:
    """The git processes that still run and name one of these mirrors or servers."""
    return [
        process
        for process in processes()
        if process.command.startswith("git") and any(mark in process.command for mark in marks)
    ]


def _read(folder: Path) -> Process | None:
    try:
        # The name of the program may hold blanks, and stands in parentheses: see proc(5).
        state, parent, group, *_ = (folder / "stat").read_text().rpartition(")")[2].split()
        command = (folder / "cmdline").read_text(errors="replace").replace("\0", " ")
    except OSError:
        return None  # it has just ended
    return Process(int(folder.name), int(parent), int(group), state, command)
