"""`packctl validate` over time: what it says while it takes long, and at each change."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hack.gitserver import GitServer
from hack.packrepo import pack
from tests.cli.conftest import bad, write
from tests.cli.terminal import Screen
from tests.conftest import PackRepoFactory

CLEAR = "\x1b[2J"
GOOD, BAD = "✓ No problems in ", "✗ 1 error in "


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the pack `bad`, and nothing else."""
    made = tmp_path / "work"
    write(made / "bad", bad())
    return made


def repair(folder: Path) -> None:
    (folder / "bad/workflows/broken.yaml").unlink()


def test_each_change_is_checked_until_ctrl_c(folder: Path) -> None:
    with Screen(folder, "validate", "bad", "--watch", terminal=False) as screen:
        screen.shows(BAD)
        repair(folder)
        screen.shows(GOOD)
        write(folder, {"bad/workflows/broken.yaml": "["})
        screen.shows(BAD, times=2)
        assert screen.interrupt() == 130
    assert CLEAR not in screen.text
    assert "Traceback" not in screen.text


def test_a_terminal_shows_the_last_result_alone(folder: Path) -> None:
    with Screen(folder, "validate", "bad", "--watch", terminal=True) as screen:
        screen.shows("1 error in ")
        repair(folder)
        printed = screen.shows("No problems in ")
    assert "1 error in " not in printed.rpartition(CLEAR)[2]


def test_packs_that_come_and_go_are_seen(folder: Path) -> None:
    with Screen(folder, "validate", ".", "--watch", terminal=False) as screen:
        screen.shows("in 1 of 3 files.")
        write(folder / "good", pack("good", 1))
        screen.shows("files of 2 packs.")
        assert screen.interrupt() == 130


def test_a_folder_that_is_made_anew_is_seen(folder: Path) -> None:
    with Screen(folder, "validate", "bad", "--watch", terminal=False) as screen:
        screen.shows(BAD)
        shutil.rmtree(folder / "bad")
        screen.shows("There is no file or folder bad.")
        write(folder / "bad", pack("bad", 1))
        screen.shows(GOOD)
        assert screen.interrupt() == 130


def test_a_name_that_stands_for_nothing_is_not_waited_for(folder: Path) -> None:
    with Screen(folder, "validate", "nowhere", "--watch", terminal=False) as screen:
        assert screen.wait() == 2
        screen.shows("There is no file or folder nowhere.")


def test_a_report_beside_the_pack_is_no_change_of_it(folder: Path) -> None:
    report = folder / "bad" / "report.json"
    options = ("--watch", "-f", "json", "--output-file", str(report))
    with Screen(folder, "validate", "bad", *options, terminal=False) as screen:
        screen.shows(BAD)
        repair(folder)
        screen.shows(GOOD)
        # A second change is answered once more, and only once: nothing else came in between.
        write(folder, {"bad/workflows/broken.yaml": "["})
        printed = screen.shows(BAD, times=2)
    assert printed.count(GOOD) == 1


def test_a_long_fetch_is_shown_on_a_terminal(
    folder: Path, git_server: GitServer, pack_repo: PackRepoFactory
) -> None:
    pack_repo("packs.git").commit(pack("good", 1))
    git_server.hang("packs.git")
    url = git_server.url("packs.git")
    with Screen(folder, "validate", url, terminal=True) as screen:
        screen.shows(f"Checking {url}")
        git_server.release("packs.git")
        assert screen.wait() == 0
        screen.shows("No problems in 2 files.")


def test_nothing_of_it_is_shown_elsewhere(
    folder: Path, git_server: GitServer, pack_repo: PackRepoFactory
) -> None:
    pack_repo("packs.git").commit(pack("good", 1))
    with Screen(folder, "validate", git_server.url("packs.git"), terminal=False) as screen:
        assert screen.wait() == 0
        screen.shows("No problems in 2 files.")
    assert "Checking" not in screen.text


def test_a_reader_that_goes_away_gets_no_complaint(folder: Path) -> None:
    broken = {f"bad/workflows/{number}.yaml": "tasks: here" for number in range(500)}
    write(folder, broken)
    command = '"$0" -m controller validate bad | head -n 1'

    done = subprocess.run(
        ["bash", "-c", command, sys.executable],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.startswith("bad/workflows/0.yaml:1:1: error ATT202")
    assert done.stderr == ""
