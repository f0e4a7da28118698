"""What a user is told when a server over ssh refuses, lies, hangs or is away."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import pytest

from controller.errors import PackError, Reason, Stalled, Transient
from controller.source.access import Proxy
from controller.source.faults import explain, unknown
from controller.source.mirrors import Mirrors
from controller.source.urls import parse_url
from hack.sshserver import SshServer, Stage, key_pair
from tests.hack.processes import wait_until
from tests.source.over_ssh import NAME, Site, site
from tests.source.test_git_over_http import children

URL = parse_url("ssh://git@git.example.com:2222/acme/packs.git", frozenset())
LAST = (
    "fatal: Could not read from remote repository.\n\n"
    "Please make sure you have the correct access rights\nand the repository exists.\n"
)


@pytest.fixture
def here(ssh_server: SshServer, tmp_path: Path, mirrors: Mirrors) -> Site:
    return site(ssh_server, tmp_path / "repositories", mirrors)


@pytest.mark.parametrize("stage", Stage)
def test_a_server_that_hangs_costs_the_timeout_and_leaves_no_process(
    here: Site, stage: Stage
) -> None:
    here.server.hang(stage)
    others = children(os.getpid())
    failed = here.failure(timeout=0.6)
    assert (type(failed), failed.reason) == (Transient, Reason.GIT_TIMEOUT)
    assert here.url in failed.message
    assert children(os.getpid()) == others
    wait_until(lambda: not _processes_with(f"-p {here.server.port} "))


def _processes_with(mark: str) -> list[str]:
    """The command lines of all processes that name `mark`, whoever started them."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # it has just ended
            found.append(path.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
    return [line for line in found if mark in line]


def test_a_key_that_the_server_does_not_know(here: Site) -> None:
    failed = here.failure(here.access(key_pair()))
    assert (type(failed), failed.reason) == (Stalled, Reason.AUTHENTICATION_FAILED)
    assert f"{here.url} refuses the key in the Secret for the user 'git'" in failed.message
    assert "ssh-keygen -y -f identity" in failed.hint


def test_a_user_that_the_server_does_not_know(here: Site) -> None:
    failed = here.failure(url=here.server.url(NAME, user="nobody"))
    assert failed.reason is Reason.AUTHENTICATION_FAILED
    assert "'nobody'" in failed.message


def test_a_wrong_passphrase_is_told_before_anything_connects(here: Site) -> None:
    key = key_pair(passphrase="open sesame")
    here.server.allow(key.public)
    failed = here.failure(here.access(key, passphrase="shut sesame"))
    assert failed.reason is Reason.AUTHENTICATION_FAILED
    assert "`password` that does not open the key" in failed.message
    assert here.server.connections == 0


def test_a_repository_that_is_away(here: Site) -> None:
    failed = here.failure(url=here.server.url("team/other.git"))
    assert (type(failed), failed.reason) == (Stalled, Reason.REPOSITORY_NOT_FOUND)
    assert f"write {here.server.url('~/path')}." in failed.hint


def test_the_banner_of_a_server_decides_nothing(here: Site) -> None:
    here.server.greet("Host key verification failed. Permission denied (publickey).")
    failed = here.failure(url=here.server.url("team/other.git"))
    assert failed.reason is Reason.REPOSITORY_NOT_FOUND


def test_closed_port_and_unknown_host_read_the_same(here: Site) -> None:
    here.server.down()
    away = here.failure()
    unknown_host = here.failure(url="ssh://git@no-such-host.invalid/x")
    words = {str(one).replace(one.message.split()[0], "URL") for one in (away, unknown_host)}
    assert len(words) == 1
    assert (type(away), away.reason) == (Transient, Reason.GIT_UNREACHABLE)


def test_a_missing_ssh_is_named(
    here: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    failed = here.failure()
    assert (type(failed), failed.reason) == (Stalled, Reason.INTERNAL_ERROR)
    assert "openssh-client" in failed.hint


def test_a_proxy_within_tls_is_refused(here: Site) -> None:
    failed = here.failure(here.access(proxy=Proxy("https://proxy.example.com:3128")))
    assert (type(failed), failed.reason) == (Stalled, Reason.INVALID_SPEC)
    assert "spec.git.proxySecretRef" in failed.hint
    assert here.server.connections == 0


ANSWERS = {
    "GitHub": "ERROR: Repository not found.",
    "GitLab": "remote: \nremote: ======================\nremote: \nremote: ERROR: The project"
    "  you were looking for could not be found or you don't have permission to view it.",
    "Gitea": "Gitea: Cannot find repository: acme/packs",
    "Forgejo": "Forgejo: Cannot find repository: acme/packs",
    "Gogs": "Gogs: Repository does not exist or you do not have access",
    "Bitbucket": "repository access denied. access via a deployment key is read-only.",
    "Bitbucket Data Center": "Repository not found\nThe requested repository does not exist, or "
    "you do not have permission to access it.",
    "Azure DevOps": "remote: TF401019: The Git repository with name or identifier packs does not "
    "exist or you do not have permissions for the operation you are attempting.",
    "git itself": "fatal: '/acme/packs.git' does not appear to be a git repository",
    "git daemon": "access denied or repository not exported: /acme/packs.git",
}


@pytest.mark.parametrize("words", ANSWERS.values(), ids=ANSWERS.keys())
def test_forges_that_hide_a_repository_are_understood(here: Site, words: str) -> None:
    here.server.refuse(words)
    failed = here.failure()
    assert (type(failed), failed.reason) == (Stalled, Reason.REPOSITORY_NOT_FOUND)


def test_other_words_of_a_server_are_shown(here: Site) -> None:
    here.server.refuse("ERROR: Your account is suspended.\x1b[2J")
    failed = here.failure()
    assert (type(failed), failed.reason) == (Transient, Reason.GIT_UNREACHABLE)
    assert f"Fetching {here.url} failed: Your account is suspended" in failed.message


def test_a_server_that_says_nothing(here: Site) -> None:
    here.server.refuse(" ")
    assert "closed the connection without a word" in here.failure().message


TEXTS: dict[str, tuple[str, type[PackError], Reason, str]] = {
    "no algorithm": (
        "Unable to negotiate with 192.0.2.1 port 22: no matching cipher found. Their offer: none",
        Transient,
        Reason.GIT_UNREACHABLE,
        "Their offer: none",
    ),
    "no name": ("No user exists for uid 4711", Stalled, Reason.INTERNAL_ERROR, "uid 4711"),
    "no shell": (
        "This account is currently not available.",
        Stalled,
        Reason.REPOSITORY_NOT_FOUND,
        "does not answer as a Git server",
    ),
    "no git": (
        "bash: line 1: git-upload-pack: command not found",
        Stalled,
        Reason.REPOSITORY_NOT_FOUND,
        "git-upload-pack: command not found",
    ),
    "silence before the login": (
        "Connection timed out during banner exchange",
        Transient,
        Reason.GIT_TIMEOUT,
        "in time",
    ),
    "silence after it": (
        "Timeout, server git.example.com not responding.",
        Transient,
        Reason.GIT_TIMEOUT,
        "in time",
    ),
    "no route": (
        "ssh: connect to host git.example.com port 2222: No route to host",
        Transient,
        Reason.GIT_UNREACHABLE,
        "cannot be reached",
    ),
    "not ssh": (
        "kex_exchange_identification: banner line contains invalid characters",
        Transient,
        Reason.GIT_UNREACHABLE,
        "cannot be reached",
    ),
    "disk": (
        "fatal: write error: No space left on device\nfatal: fetch-pack: invalid index-pack output",
        Transient,
        Reason.CACHE_UNAVAILABLE,
        "cache",
    ),
    "object": (
        "error: object 5d41: hasDotdot: contains '..'\nfatal: fsck error in packed object",
        Stalled,
        Reason.PACK_INVALID,
        "malformed or dangerous",
    ),
}


@pytest.mark.parametrize(("text", "error", "reason", "words"), TEXTS.values(), ids=TEXTS.keys())
def test_texts_that_no_server_of_ours_speaks(
    here: Site, text: str, error: type[PackError], reason: Reason, words: str
) -> None:
    found = explain(f"{text}\n{LAST}", URL, here.access())
    assert found is not None
    assert (type(found), found.reason) == (error, reason)
    assert words in found.message


def test_secrets_that_a_server_sends_back_are_masked(here: Site) -> None:
    secret = here.key.private.splitlines()[1]
    assert secret not in unknown(f"odd {secret}\n{LAST}", URL, here.access()).message
