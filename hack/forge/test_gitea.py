"""Whether packctl opens a real forge in every way that it can be opened: `make try-forge`.

Not among the tests of CI, where the build of the forge would take longer than all of them.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from controller.cli import app
from hack.forge.gitea import USER, Gitea, build
from hack.localcluster import Postgres
from hack.packrepo import PackRepo, pack
from hack.sshserver import key_pair

NAME = "packs"
LARGE = 3 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Site:
    """A private repository of the forge, its original on this machine, and what opens it."""

    forge: Gitea
    repo: PackRepo
    folder: Path

    @property
    def commits(self) -> dict[str, str]:
        """Where each of the references below stands."""
        names = ("main", "feature", "v1.0.0", "v1.1.0", "v1.2.0-rc.1")
        return {name: self.repo.git("rev-parse", f"{name}^{{commit}}").strip() for name in names}

    def file(self, name: str, content: str) -> str:
        """A file of that content; its name."""
        (self.folder / name).write_text(content)
        return str(self.folder / name)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with ExitStack() as stack:
        postgres = stack.enter_context(Postgres())
        forge = stack.enter_context(Gitea(build(), postgres))
        folder = tmp_path_factory.mktemp("forge")
        repo = PackRepo(folder / "original.git")
        repo.commit(pack("demo", 1))
        repo.tag("v1.0.0")
        repo.commit(pack("demo", 2))
        repo.tag("v1.1.0", message="annotated")
        repo.tag(
            "v1.2.0-rc.1",
            repo.commit({**pack("demo", 3), "a": secrets.token_hex(LARGE)}, branch="feature"),
        )
        forge.api("POST", "user/repos", name=NAME, private=True, default_branch="main")
        forge.push(repo.path, NAME, "--mirror")
        forge.wait_for(f"repos/{USER.username}/{NAME}/branches/feature")
        change = {"head": "feature", "base": "main", "title": "more"}
        forge.api("POST", f"repos/{USER.username}/{NAME}/pulls", **change)
        yield Site(forge, repo, folder)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PACKCTL_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("PACKCTL_GIT_SSH_PASSPHRASE", "open sesame")


@pytest.fixture(scope="module")
def ways(site: Site) -> dict[str, tuple[str, ...]]:
    """A URL and the options that open it, by what they are."""
    forge = site.forge
    scopes = {"name": "robot", "scopes": ["read:repository"]}
    token = forge.api("POST", f"users/{USER.username}/tokens", **scopes)["sha1"]
    key = key_pair(passphrase="open sesame")
    deploy = {"title": "packctl", "key": key.public, "read_only": True}
    forge.api("POST", f"repos/{USER.username}/{NAME}/keys", **deploy)
    url = (forge.url(NAME), "--ca-file", site.file("ca.crt", forge.authority.certificate))
    known = ("--known-hosts", site.file("known_hosts", forge.known_hosts))
    secret, tokens = site.file("password", USER.password), site.file("token", token)
    wrong = site.file("wrong", "not-this-one")
    return {
        "password": (*url, "--username", USER.username, "--password-file", secret),
        "token as password": (*url, "--password-file", tokens),
        "bearer token": (*url, "--token-file", tokens),
        "ssh": (forge.ssh_url(NAME), *known, "--ssh-key", site.file("key", key.private)),
        "nobody": url,
        "wrong password": (*url, "--username", USER.username, "--password-file", wrong),
        "wrong token": (*url, "--token-file", wrong),
        "another key": (
            forge.ssh_url(NAME),
            *known,
            *("--ssh-key", site.file("other", key_pair().private)),
        ),
    }


GOOD = ("password", "token as password", "bearer token", "ssh")
REFUSED = ("nobody", "wrong password", "wrong token", "another key")
REFERENCES = {
    "": "main",
    "--branch feature": "feature",
    "--tag v1.0.0": "v1.0.0",
    "--tag v1.1.0": "v1.1.0",
    "--semver ^1": "v1.1.0",
    "--semver >=1.0.0-0": "v1.2.0-rc.1",
    "--name refs/pull/1/head": "feature",
    "--commit v1.0.0": "v1.0.0",
}


def typed(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def checked(way: tuple[str, ...], *options: str) -> str:
    """The commit that `packctl validate` found."""
    done = typed("validate", *way, *options, "-o", "json")
    assert done.exit_code == 0, done.output
    (found,) = json.loads(done.stdout)["packs"]
    return str(found["revision"]).rpartition(":")[2]


@pytest.mark.parametrize("reference", REFERENCES)
@pytest.mark.parametrize("way", GOOD)
def test_every_login_opens_every_kind_of_reference(
    site: Site, ways: dict[str, tuple[str, ...]], way: str, reference: str
) -> None:
    commits = site.commits
    option, _, value = reference.partition(" ")
    value = commits[value] if option == "--commit" else value
    named = (option, value) if option else ()
    assert checked(ways[way], *named) == commits[REFERENCES[reference]]


@pytest.mark.parametrize("way", REFUSED)
def test_others_are_told_that_they_may_not(ways: dict[str, tuple[str, ...]], way: str) -> None:
    done = typed("doctor", "git", *ways[way])
    assert (done.exit_code, "(AuthenticationFailed)" in done.stdout) == (1, True), done.output


def test_a_repository_that_is_not_there_and_an_empty_one_are_told(
    site: Site, ways: dict[str, tuple[str, ...]]
) -> None:
    site.forge.api("POST", "user/repos", name="empty", private=True)
    _, *login = ways["password"]
    empty = typed("doctor", "git", site.forge.url("empty"), *login)
    gone = typed("doctor", "git", site.forge.url("gone"), *login)
    assert "(EmptyRepository)" in empty.stdout
    assert "(RepositoryNotFound)" in gone.stdout


@pytest.mark.parametrize("way", ["password", "ssh"])
def test_history_and_large_files_stay_there(
    ways: dict[str, tuple[str, ...]], tmp_path: Path, way: str
) -> None:
    checked(ways[way], "--branch", "feature")
    assert sum(one.stat().st_size for one in tmp_path.rglob("*")) < LARGE // 10
    (shallow,) = tmp_path.rglob("shallow")
    assert shallow.read_text()


def test_a_branch_that_is_forced_is_followed_and_one_that_is_deleted_is_told(
    site: Site, ways: dict[str, tuple[str, ...]]
) -> None:
    way, branch = ways["bearer token"], ("--branch", "moved")
    before = site.repo.commit(pack("demo", 1), branch="moved")
    site.forge.push(site.repo.path, NAME, "moved")
    assert checked(way, *branch) == before
    site.repo.git("update-ref", "-d", "refs/heads/moved")
    after = site.repo.commit(pack("demo", 3), branch="moved")
    site.forge.push(site.repo.path, NAME, "+moved")
    assert checked(way, *branch) == after != before
    site.forge.push(site.repo.path, NAME, ":moved")
    done = typed("validate", *way, *branch)
    assert (done.exit_code, "There is no branch 'moved' in " in done.stderr) == (2, True)
