from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from controller.errors import Stalled
from controller.source import commands
from controller.source.commands import Limits, OverdueError, TooMuchOutputError, check_git, run_git

SAFETY_NET = 20.0


def shim(folder: Path, script: str) -> None:
    (folder / "git").write_text(f"#!/bin/sh\n{script}\n")
    (folder / "git").chmod(0o755)


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder whose programs hide those of the machine."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return folder


def test_this_git_is_new_enough() -> None:
    assert check_git().startswith("2.")


@pytest.mark.parametrize("version", ["2.38.9", "1.9"])
def test_an_old_git_is_named(programs: Path, version: str) -> None:
    shim(programs, f"echo git version {version}")
    with pytest.raises(Stalled, match=rf"{version}.* is too old; at least git 2\.39"):
        check_git()


def test_a_missing_git_is_named(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(programs))
    with pytest.raises(Stalled, match="not installed"):
        check_git()


def test_a_deadline_ends_the_whole_group(programs: Path, tmp_path: Path) -> None:
    shim(programs, f"sleep 60 & echo $! > {tmp_path}/helper; wait")
    with pytest.raises(OverdueError):
        run_git(["anything"], {}, deadline=time.monotonic() + 0.5)
    helper = int((tmp_path / "helper").read_text())
    until = time.monotonic() + SAFETY_NET
    while is_running(helper):
        assert time.monotonic() < until


_AS_INIT = """
import ctypes, os, sys, time
from controller.source.commands import run_git
PR_SET_CHILD_SUBREAPER = 36
assert ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0
assert run_git(["anything"], {}, deadline=time.monotonic() + 20).code == 7
try:
    os.waitpid(-1, os.WNOHANG)
except ChildProcessError:
    sys.exit(0)
sys.exit("somebody is left")
"""


@pytest.mark.parametrize("script", ["exit 7", "sleep 60 & exit 7"], ids=["alone", "with a helper"])
def test_nobody_is_left_even_where_we_are_the_first_process(programs: Path, script: str) -> None:
    """As in a container: there nobody else reaps what the dead leave behind."""
    shim(programs, f'[ "$1" = anything ] || exec echo git version 2.39; {script}')
    command = [sys.executable, "-c", _AS_INIT]
    done = subprocess.run(command, capture_output=True, text=True, timeout=SAFETY_NET, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def is_running(pid: int) -> bool:
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False


def test_endless_output_is_ended(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "MAX_OUTPUT", 1_000_000)
    shim(programs, "exec yes")
    with pytest.raises(TooMuchOutputError):
        run_git(["anything"], {}, deadline=time.monotonic() + SAFETY_NET)


def test_endless_complaints_are_cut(programs: Path) -> None:
    shim(programs, "head -c 5000000 /dev/zero >&2; echo the end >&2; exit 3")
    finished = run_git(["anything"], {}, deadline=time.monotonic() + SAFETY_NET)
    assert finished.code == 3
    assert len(finished.errors) <= 16 * 1024
    assert finished.errors.endswith("the end\n")


@pytest.mark.parametrize(
    ("script", "limits"),
    [
        ("head -c 2000000 /dev/zero >large", Limits(file=1_000_000)),
        (f"{sys.executable} -c 'bytearray(100_000_000)'", Limits(memory=50_000_000)),
    ],
    ids=["file", "memory"],
)
def test_limits_hold_for_helpers_from_their_start(
    programs: Path, tmp_path: Path, script: str, limits: Limits
) -> None:
    shim(programs, f"cd {tmp_path}; ({script})")
    deadline = time.monotonic() + SAFETY_NET
    assert run_git(["anything"], {}, deadline=deadline).code == 0
    assert run_git(["anything"], {}, deadline=deadline, limits=limits).code != 0


def test_what_is_raised_meanwhile_ends_the_process(programs: Path) -> None:
    shim(programs, "exec sleep 60")

    def meanwhile() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run_git(["x"], {}, deadline=time.monotonic() + SAFETY_NET, meanwhile=meanwhile)
