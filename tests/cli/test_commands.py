"""Each command as it is typed: its exit code, and what it says on which stream."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from controller import __version__
from hack.gitserver import GitServer
from hack.packrepo import pack
from tests.cli.conftest import Case, Packctl
from tests.conftest import PackRepoFactory
from tests.e2e import rows
from tests.signing.signers import Person, by_openpgp, by_ssh, sign

ROOT = Path(__file__).parents[2]
AWAY = "postgresql://attune:hunter2@127.0.0.1:1/attune"


CASES = {
    "version": Case("version", 0, (f"packctl {__version__} (Python 3.",)),
    "a commit that is none": Case(
        "sync https://127.0.0.1:1/x.git --commit abc", 2, err=("packctl: commit: ",)
    ),
    "a branch of a folder": Case(
        "sync good --branch main", 2, err=("Only a repository has --branch: ",)
    ),
    "a branch and a tag": Case(
        "sync https://127.0.0.1:1/x.git --branch a --tag b",
        2,
        err=("Give only one of --branch, --tag.",),
    ),
    "keys for a folder": Case(
        "sync good --verify-keys good/pack.yaml", 2, err=("Only a repository has --verify-keys: ",)
    ),
    "keys that are away": Case(
        "validate https://127.0.0.1:1/x.git --verify-keys nowhere",
        2,
        err=("nowhere cannot be read",),
    ),
    "a mode without keys": Case(
        "sync https://127.0.0.1:1/x.git --verify-mode Tag", 2, err=("add --verify-keys FILE",)
    ),
    "a URL that is none": Case("sync git://127.0.0.1/x.git", 2, err=("https:// nor",)),
    "a database that is away": Case(
        f"sync good --database {AWAY}", 2, ("✗ DatabaseUnavailable: ", "Connection refused")
    ),
    "a database URL that is none": Case(
        "sync good --database nonsense://attune:hunter2@db", 2, err=("cannot be read",)
    ),
    "credentials in a URL": Case(
        "sync https://me:hunter2@127.0.0.1:1/x.git", 2, err=("contains a user name",)
    ),
    "the committed definition": Case(f"crd --check {ROOT / 'crds' / 'attune.io_packs.yaml'}", 0),
    "another definition": Case(
        "crd --check good/pack.yaml", 1, err=("good/pack.yaml differs from the models",)
    ),
    "no definition": Case("crd --check nowhere", 2, err=("nowhere cannot be read",)),
    "a setting out of range": Case("run --workers 0", 2, err=("PACKCTL_WORKERS: ",)),
    "a size in no unit": Case("run --cache-size 4Gx", 2, err=("PACKCTL_CACHE_SIZE: ",)),
    "no kubeconfig": Case(
        f"run --kubeconfig nowhere --database-url {AWAY}", 2, err=("kubeconfig nowhere",)
    ),
    "an unknown command": Case("frobnicate", 2, err=("No such command",)),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_what_is_typed_is_answered(packctl: Packctl, case: Case) -> None:
    done = packctl(*case.typed.split())
    case.check(done)
    assert "hunter2" not in done.output
    assert "Traceback" not in done.output


@pytest.mark.parametrize("command", ["run", "sync", "validate", "crd"])
def test_help_shows_how_to_type_it(packctl: Packctl, command: str) -> None:
    done = packctl(command, "--help")

    assert done.exit_code == 0
    assert "Examples:" in done.stdout
    assert f"packctl {command}" in done.stdout.partition("Examples:")[2]


def test_sync_writes_a_folder_and_then_leaves_it(packctl: Packctl, database: str) -> None:
    first = packctl("sync", "good", "--database", database)
    last = first.stdout.splitlines()[-1]
    assert (first.exit_code, last[:1]) == (0, "✓")
    assert ": 2 workflows, 2 created." in last
    written = rows.everything(database, "good")
    assert len(written[1]) == len(written[2]) == 2

    second = packctl("sync", "good", "--database", database, "-o", "json")
    assert second.exit_code == 0
    sync = json.loads(second.stdout)["sync"]
    assert (sync["created"], sync["updated"], sync["unchanged"]) == (0, 0, 2)
    assert rows.everything(database, "good") == written


def test_sync_shows_what_is_wrong_in_the_files(packctl: Packctl, database: str) -> None:
    done = packctl("sync", "bad", "--database", database)

    assert done.exit_code == 1
    assert "bad/workflows/broken.yaml:3:8: error ATT203: " in done.stdout
    assert "3 | tasks: here\n  |        ^^^^\n" in done.stdout
    assert "✗ ValidationFailed: 1 error, " in done.stdout.splitlines()[-1]


def test_sync_follows_a_repository(
    packctl: Packctl, database: str, git_server: GitServer, pack_repo: PackRepoFactory
) -> None:
    files = {f"packs/a/{path}": text for path, text in pack("remote", 1).items()}
    commit = pack_repo("packs.git").commit(files, branch="release")
    url = git_server.url("packs.git")

    done = packctl(
        *("sync", url, "--branch", "release", "--path", "packs/a", "--database", database)
    )

    assert done.exit_code == 0, done.output
    last = done.stdout.splitlines()[-1]
    assert last == f"✓ Applied release@{commit[:8]}: 1 workflow, 1 created."
    assert list(rows.definitions(database, "remote")) == ["remote.workflow_001"]


@pytest.mark.parametrize("make", [by_openpgp, by_ssh], ids=["openpgp", "ssh"])
def test_only_what_is_signed_is_taken_when_keys_are_named(
    packctl: Packctl,
    database: str,
    git_server: GitServer,
    pack_repo: PackRepoFactory,
    tmp_path: Path,
    make: Callable[[Path], Person],
) -> None:
    jane, repo = make(tmp_path), pack_repo("packs.git")
    unsigned = repo.commit(pack("remote", 1), branch="work")
    commit = sign(repo, jane)
    (tmp_path / "keys").write_bytes(jane.public)
    url = git_server.url("packs.git")

    checked = packctl("validate", url, "--verify-keys", "keys")
    assert checked.exit_code == 0, checked.output
    done = packctl("sync", url, "--verify-keys", "keys", "--database", database)
    assert done.exit_code == 0, done.output
    told, last = done.stdout.splitlines()[-2:]
    assert told.startswith(f"✓ main@{commit[:8]} is signed by ")
    assert last == f"✓ Applied main@{commit[:8]}: 1 workflow, 1 created."

    at_work = (url, "--branch", "work", "--verify-keys", "keys")
    done = packctl("sync", *at_work, "--database", database)
    assert done.exit_code == 1, done.output
    assert f"✗ VerificationFailed: The commit {unsigned[:8]} is not signed. " in done.stdout
    checked = packctl("validate", *at_work)
    assert checked.exit_code == 2
    assert f"The commit {unsigned[:8]} is not signed. " in checked.stderr
    tagged = packctl("validate", url, "--verify-keys", "keys", "--verify-mode", "Tag")
    assert "is no annotated tag" in tagged.stderr


def test_the_module_runs_as_a_program() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "controller", "version", "-o", "json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(done.stdout)["version"] == __version__
