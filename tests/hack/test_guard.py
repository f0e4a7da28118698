"""Nothing outlives its owner, however that one ends: each owner here is a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from hack.localcluster.guard import Guard
from tests.hack.processes import descendants, started_with, wait_until, wait_until_gone

_POSTGRES = """
import threading, psycopg
from hack.localcluster import Postgres
def work(url):
    psycopg.connect(url).execute("SELECT count(*) FROM generate_series(1, 1000000000000)")
with Postgres() as postgres:
    threading.Thread(target=work, args=[postgres.url], daemon=True).start()
    print("running", flush=True)
    input()
"""
OWNERS = {
    "postgres at work": ["-c", _POSTGRES],
    "cluster": ["-m", "hack.localcluster", "up"],
}


@pytest.fixture
def folder() -> Iterator[Path]:
    """For temporary files; unlike `tmp_path` it is one that every user may enter."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@contextmanager
def owner(name: str, folder: Path) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, *OWNERS[name]],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "TMPDIR": str(folder)},
    ) as process:
        yield process
        process.kill()


@pytest.mark.parametrize(
    ("name", "end"),
    [
        ("postgres at work", signal.SIGKILL),
        ("postgres at work", signal.SIGTERM),
        ("postgres at work", signal.SIGINT),
        ("cluster", signal.SIGKILL),
        ("cluster", signal.SIGINT),
    ],
)
@pytest.mark.integration
def test_programs_and_folders_are_gone_when_the_owner_ends(
    name: str, end: signal.Signals, folder: Path
) -> None:
    with owner(name, folder) as process:
        assert process.stdout
        assert process.stdout.readline()
        pids = descendants(process.pid)
        assert len(pids) > 2
        process.send_signal(end)
        wait_until_gone(pids | {process.pid})
    assert list(folder.iterdir()) == []


@pytest.mark.integration
def test_an_owner_killed_while_it_starts_leaves_nothing(folder: Path) -> None:
    with owner("cluster", folder) as process:
        wait_until(lambda: any(folder.iterdir()) and len(descendants(process.pid)) > 1)
        process.kill()
    wait_until(lambda: not started_with(str(folder)))
    assert list(folder.iterdir()) == []


def test_a_program_that_ignores_the_request_is_killed() -> None:
    stubborn = "import signal; signal.signal(signal.SIGQUIT, signal.SIG_IGN); print(1, flush=True)"
    with Guard() as guard:
        log = guard.folder / "log"
        argv = [sys.executable, "-c", f"{stubborn}; signal.pause()"]
        with log.open("wb") as output:
            process = guard.spawn(argv, output)
        wait_until(lambda: log.stat().st_size > 0)
    assert process.returncode == -signal.SIGKILL


def test_folders_that_nobody_owns_any_more_are_swept(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    abandoned = folder / "attune-pack-controller-abandoned"
    abandoned.mkdir()
    (abandoned / "file").touch()
    with Guard() as first, Guard() as second:
        assert set(folder.iterdir()) == {first.folder, second.folder}
