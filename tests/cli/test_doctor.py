"""`packctl doctor git URL` as it is typed: how it is told, and what it ends with."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from hack.gitserver import Basic, GitServer
from hack.packrepo import PackRepo, pack
from tests.cli.conftest import Packctl
from tests.cli.terminal import Screen
from tests.conftest import PackRepoFactory
from tests.source.fake_server import ADVERTISEMENT, packet, reply, serving


@pytest.fixture
def repo(pack_repo: PackRepoFactory) -> PackRepo:
    made = pack_repo("packs.git")
    made.commit(pack("payments", workflows=2), branch="release")
    return made


def test_each_step_is_a_line(packctl: Packctl, git_server: GitServer, repo: PackRepo) -> None:
    done = packctl("doctor", "git", git_server.url("packs.git"), "--branch", "release")
    first, *lines = done.stdout.splitlines()
    assert (done.exit_code, first) == (0, git_server.url("packs.git"))
    assert [line.split()[:2] for line in lines[:3]] == [
        ["✓", "url"],
        ["–", "secret"],  # noqa: RUF001
        ["✓", "network"],
    ]
    reference = next(line for line in lines if "reference" in line)
    assert reference.endswith(f"branch 'release', at {repo.head('release')[:8]}")
    assert " ms  " in reference
    assert len(lines) == 13


def test_a_failure_has_a_second_line_with_what_to_do(
    packctl: Packctl, git_server: GitServer, repo: PackRepo
) -> None:
    assert repo.head("release")
    done = packctl("doctor", "git", git_server.url("packs.git"), "--branch", "relaese")
    failed = next(line for line in done.stdout.splitlines() if line.startswith("✗"))
    after = done.stdout.partition(f"{failed}\n")[2].splitlines()
    assert done.exit_code == 1
    assert failed.split()[1] == "reference"
    assert failed.endswith(f"no branch 'relaese' in {git_server.url('packs.git')}. (RefNotFound)")
    assert after[0].strip().startswith("help: Its branches most like that: release.")
    assert all(line.endswith("not tried: reference failed") for line in after[1:])


def test_programs_get_json(packctl: Packctl, git_server: GitServer, repo: PackRepo) -> None:
    url = git_server.url("packs.git")
    done = packctl("doctor", "git", url, "--branch", "release", "-o", "json")
    told = json.loads(done.stdout)
    steps = {step["step"]: step for step in told["steps"]}
    assert (told["subject"], told["works"]) == (url, True)
    assert steps["reference"]["facts"]["commit"] == repo.head("release")
    assert steps["path"]["facts"] == {"path": "", "workflows": 2, "actions": 0}
    assert steps["fetch"]["facts"]["filter"] is True
    assert steps["fetch"]["durationMs"] > 0
    assert "durationMs" not in steps["proxy"]


def test_what_the_server_is_called_is_told(packctl: Packctl) -> None:
    answer = reply(401, server="nginx/1.27\x1b[2J", www_authenticate='Bearer realm="x", Basic')
    with serving(answer) as server:
        done = packctl("doctor", "git", server.url)
    assert "HTTP 401, nginx/1.27" in done.stdout
    assert "wants a login (Bearer, Basic)" in done.stdout
    assert "\x1b" not in done.stdout


def test_what_a_commit_says_cannot_act_on_the_terminal(packctl: Packctl, repo: PackRepo) -> None:
    author = "Eve\x1b[2J\u202e <eve@example.com>"
    repo.commit({"more": "x"}, branch="release", author=author)
    for form in ("text", "json"):
        typed = ("doctor", "git", repo.path.as_uri(), "--branch", "release", "-o", form)
        done = packctl(*typed)
        assert done.exit_code == 0
        assert "by Eve" in done.stdout
        assert "\x1b" not in done.stdout
        assert "\u202e" not in done.stdout


SERVICE, FLUSH = packet(b"# service=git-upload-pack\n"), b"0000"
OLD = packet(b"1" * 40 + b" HEAD\0 symref=HEAD:refs/heads/main\n")


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (SERVICE + FLUSH + OLD * 10_000, "Git protocol version 0"),
        (SERVICE + FLUSH + packet(b"version 1\n") + OLD, "Git protocol version 1"),
        (packet(b"version 2\n") + packet(b"fetch=shallow\n") + FLUSH, "Git protocol version 2"),
        (SERVICE + FLUSH + packet(b"ERR under maintenance"), "refused: remote error: under main"),
        (b"<html>", "but not as a Git repository"),
        (packet(b"hello"), "but not as a Git repository"),
    ],
    ids=["version 0", "version 1", "version 2 at once", "refused", "a page", "something else"],
)
def test_what_the_server_speaks_is_told(packctl: Packctl, body: bytes, says: str) -> None:
    with serving(reply(200, body, content_type=ADVERTISEMENT)) as server:
        done = packctl("doctor", "git", server.url)
    told = next(line for line in done.stdout.splitlines() if "answer" in line)
    assert says in told


def test_a_folder_needs_no_way(packctl: Packctl, repo: PackRepo) -> None:
    done = packctl("doctor", "git", repo.path.as_uri(), "--branch", "release")
    assert done.exit_code == 0
    assert done.stdout.count("none: a folder of this machine") == 7


def test_where_there_is_no_utf_8_it_is_plain(repo: PackRepo) -> None:
    typed = ("doctor", "git", repo.path.as_uri(), "--branch", "release")
    done = subprocess.run(
        [sys.executable, "-m", "controller", *typed],
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=True,
    )
    assert done.stdout.isascii()
    assert b"\n+ fetch " in done.stdout
    assert b"\n- signature " in done.stdout


def test_colours_are_for_a_terminal(packctl: Packctl, tmp_path: Path, repo: PackRepo) -> None:
    typed = ("doctor", "git", repo.path.as_uri(), "--branch", "release")
    with Screen(tmp_path, *typed, terminal=True) as screen:
        screen.shows("\x1b[1;32m✓")
        assert screen.wait() == 0
    assert "\x1b" not in packctl(*typed).output


def test_nothing_is_left_behind(
    packctl: Packctl, repo: PackRepo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    before = set(tmp_path.iterdir())
    assert packctl("doctor", "git", repo.path.as_uri(), "--branch", "release").exit_code == 0
    assert set(tmp_path.iterdir()) == before
    assert list((tmp_path / "tmp").iterdir()) == []


def test_what_opens_it_comes_from_options_and_the_environment(
    packctl: Packctl, git_server: GitServer, repo: PackRepo, monkeypatch: pytest.MonkeyPatch
) -> None:
    git_server.protect("packs.git", Basic("robot", "hunter2"))
    typed = ("doctor", "git", git_server.url("packs.git"), "--branch", "release")
    without = packctl(*typed)
    assert (
        "On the command line: --password-file, --token-file, --ssh-key or --github-app-id."
        in without.stdout
    )
    assert without.exit_code == 1

    monkeypatch.setenv("PACKCTL_GIT_PASSWORD", "hunter2")
    done = packctl(*typed, "--username", "robot")
    assert "as given: the user robot with a password" in done.stdout
    assert "as the user robot with a password" in done.stdout
    assert "hunter2" not in done.stdout
    assert done.exit_code == 0
    assert repo.head("release")[:8] in done.stdout


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("https://127.0.0.1:1/x.git --branch a --tag b", "Give only one of --branch, --tag."),
        ("https://127.0.0.1:1/x.git -n team-a", "Only a Pack has --namespace: leave that out."),
        ("payments --branch a --path b", "Only a URL has --branch, --path: leave that out."),
        ("https://127.0.0.1:1/x.git --timeout soon", "write it like 30s or 1m30s"),
        ("https://127.0.0.1:1/x.git --timeout 0s", "write it like 30s or 1m30s"),
        ("https://127.0.0.1:1/x.git --commit abc", "commit: "),
        ("payments --ssh-key id", "Only a URL has --ssh-key: leave that out."),
        ("https://127.0.0.1:1/x.git --ssh-key id", "--ssh-key is for ssh repositories"),
        ("payments --kubeconfig nowhere", "kubeconfig nowhere"),
    ],
)
def test_what_cannot_be_examined_ends_with_2(packctl: Packctl, typed: str, says: str) -> None:
    done = packctl("doctor", "git", *typed.split())
    assert done.exit_code == 2
    assert says in done.stderr
    assert done.stdout == ""


def test_a_password_in_the_url_is_not_repeated(packctl: Packctl) -> None:
    done = packctl("doctor", "git", "https://me:hunter2@127.0.0.1:1/x.git")
    assert done.exit_code == 1
    assert "contains a user name or a password" in done.stdout
    assert "hunter2" not in done.output
