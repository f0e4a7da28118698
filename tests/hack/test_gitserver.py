from __future__ import annotations

import os
import subprocess
import threading
import time
from pathlib import Path

import pytest

from hack.gitserver import Basic, Bearer, GitServer, Service
from hack.packrepo import PackRepo, pack
from tests.conftest import PackRepoFactory

NAME = "team/packs.git"
SAFETY_NET = 30.0


@pytest.fixture
def repo(pack_repo: PackRepoFactory) -> PackRepo:
    repo = pack_repo(NAME)
    repo.commit({"a": "1"})
    return repo


def git(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["git", *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        timeout=SAFETY_NET,
        env={
            "PATH": os.environ["PATH"],
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_AUTHOR_NAME": "Ada",
            "GIT_AUTHOR_EMAIL": "ada@example.com",
            "GIT_COMMITTER_NAME": "Ada",
            "GIT_COMMITTER_EMAIL": "ada@example.com",
        },
    )


def heads(url: str, *options: str) -> str:
    done = git(*options, "ls-remote", "--heads", url)
    assert not done.returncode, done.stderr
    return done.stdout.split("\t")[0]


def refusal(url: str, *options: str) -> str:
    done = git(*options, "ls-remote", url)
    assert done.returncode
    return done.stderr


@pytest.mark.parametrize("version", ["0", "2"])
def test_a_clone_has_the_whole_pack(
    git_server: GitServer, pack_repo: PackRepoFactory, tmp_path: Path, version: str
) -> None:
    commit = pack_repo(NAME).commit(pack("demo"))
    clone = tmp_path / "clone"
    option = f"protocol.version={version}"
    assert not git("-c", option, "clone", git_server.url(NAME), str(clone)).returncode
    assert git("rev-parse", "HEAD", cwd=clone).stdout.strip() == commit
    assert (clone / "workflows" / "workflow_010.yaml").exists()
    assert git_server.count(NAME, Service.LIST_REFS) == (1 if version == "2" else 0)
    assert git_server.count(NAME, Service.FETCH) == 1


def test_a_push_in_chunks_arrives(git_server: GitServer, repo: PackRepo, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    git("clone", git_server.url(NAME), str(clone))
    (clone / "large").write_bytes(os.urandom(300_000))
    git("add", ".", cwd=clone)
    git("commit", "-m", "Add a large file", cwd=clone)
    # Above the size of its buffer, git sends chunks.
    pushed = git("-c", "http.postBuffer=70000", "push", cwd=clone)
    assert not pushed.returncode, pushed.stderr
    assert repo.head() == git("rev-parse", "HEAD", cwd=clone).stdout.strip()
    assert git_server.count(NAME, Service.PUSH) > 0


def test_a_fetch_that_git_compresses_is_understood(
    git_server: GitServer, repo: PackRepo, tmp_path: Path
) -> None:
    clone = tmp_path / "clone"
    git("clone", git_server.url(NAME), str(clone))
    for number in range(40):  # so many "have" lines that git compresses the request
        git("commit", "--allow-empty", "-m", str(number), cwd=clone)
    commit = repo.commit({"a": "2"})
    fetched = git("fetch", cwd=clone)
    assert not fetched.returncode, fetched.stderr
    assert git("rev-parse", "origin/main", cwd=clone).stdout.strip() == commit
    assert git_server.count(NAME, Service.FETCH) >= 2


def test_looking_at_a_repository_is_counted_apart_from_fetching(
    git_server: GitServer, repo: PackRepo
) -> None:
    assert heads(git_server.url(NAME)) == repo.head()
    assert git_server.count(NAME, Service.ADVERTISE) == 1
    assert git_server.count(NAME, Service.LIST_REFS) == 1
    assert git_server.count(NAME, Service.FETCH) == 0
    assert git_server.count(NAME) == 2
    assert git_server.count("team/other.git") == 0


def test_an_absent_repository_is_not_found(git_server: GitServer) -> None:
    assert "not found" in refusal(git_server.url("team/absent.git"))


@pytest.mark.parametrize(
    "account", [Basic("ada", "correct horse"), Bearer("t0ken")], ids=["basic", "bearer"]
)
def test_a_protected_repository_opens_to_its_account_only(
    git_server: GitServer, repo: PackRepo, account: Basic | Bearer
) -> None:
    git_server.protect(NAME, account)
    url = git_server.url(NAME)
    assert "could not read Username" in refusal(url)
    assert "could not read" in refusal(url, "-c", "http.extraHeader=Authorization: Basic eA==")
    assert heads(url, "-c", f"http.extraHeader=Authorization: {account.header}") == repo.head()
    git_server.protect(NAME, None)
    assert heads(url) == repo.head()


def test_a_redirect_leads_to_the_repository(git_server: GitServer, repo: PackRepo) -> None:
    git_server.redirect("team/old.git", git_server.url(NAME))
    assert heads(git_server.url("team/old.git")) == repo.head()
    assert "302" in refusal(git_server.url("team/old.git"), "-c", "http.followRedirects=false")


def test_down_refuses_connections_until_up_at_the_same_address(
    git_server: GitServer, repo: PackRepo
) -> None:
    url = git_server.url(NAME)
    git_server.down()
    git_server.down()
    assert "Failed to connect" in refusal(url)
    git_server.up()
    assert git_server.url(NAME) == url
    assert heads(url) == repo.head()


def test_hang_holds_requests_to_one_repository_until_released(
    git_server: GitServer, repo: PackRepo, pack_repo: PackRepoFactory
) -> None:
    other = pack_repo("team/other.git")
    other.commit({"b": "1"})
    git_server.hang(NAME)
    answers: list[str] = []
    asking = threading.Thread(target=lambda: answers.append(heads(git_server.url(NAME))))
    asking.start()
    deadline = time.monotonic() + SAFETY_NET
    while not git_server.count(NAME):
        assert time.monotonic() < deadline
    assert heads(git_server.url("team/other.git")) == other.head()
    assert not answers
    git_server.release(NAME)
    asking.join(SAFETY_NET)
    assert answers == [repo.head()]


def test_a_server_ends_while_a_request_hangs(pack_repo: PackRepoFactory, tmp_path: Path) -> None:
    pack_repo(NAME).commit({"a": "1"})
    with GitServer(tmp_path / "repositories") as server:
        server.hang(NAME)
        process = subprocess.Popen(
            ["git", "ls-remote", server.url(NAME)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        deadline = time.monotonic() + SAFETY_NET
        while not server.count(NAME):
            assert time.monotonic() < deadline
    process.communicate(timeout=SAFETY_NET)
