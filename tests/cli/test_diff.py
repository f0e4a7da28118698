"""`packctl diff` and `packctl sync --dry-run`: what a sync then does, and nothing of it yet."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from controller.formats.plans.markdown import LARGEST
from controller.store import DatabaseSettings, Store
from hack.gitserver import GitServer
from hack.localcluster import Postgres
from hack.packrepo import pack, workflow_yaml
from tests.cli.conftest import Case, Packctl, write
from tests.cli.terminal import Screen
from tests.conftest import PackRepoFactory
from tests.store.make import MANIFEST, query, request, row_versions, workflow, workflows

ESCAPE = "\x1b["
CORE = (
    "INSERT INTO attune.pack (ref, label, version) VALUES ('core', 'Core', '1.0.0');"
    "INSERT INTO attune.action (ref, pack, pack_ref, label, entrypoint)"
    " SELECT 'core.echo', id, ref, 'Echo', 'echo.sh' FROM attune.pack WHERE ref = 'core'"
)


@pytest.fixture(scope="module")
def server(postgres: Postgres) -> Iterator[str]:
    """A migrated database with two revisions of `demo`, a Pack's, and the action `core.echo`."""
    url = postgres.create_database()
    with Store(DatabaseSettings(url)) as store:
        store.migrate()
        store.sync(request(store, workflows("a", "b"), commit="1f3a" + "0" * 36))
        newer = replace(MANIFEST, version="1.1.0")
        changed = [workflow("a", label="Another"), workflow("c")]
        store.sync(request(store, changed, manifest=newer, commit="1f3b" + "0" * 36))
    query(url, CORE)
    yield url
    postgres.drop_database(url)


@pytest.fixture
def url(server: str, postgres: Postgres) -> Iterator[str]:
    """A copy of `server` that a test may write to."""
    made = postgres.create_database(template=urlsplit(server).path.removeprefix("/"))
    yield made
    postgres.drop_database(made)


CASES = {
    "a new pack": Case(
        "diff good",
        1,
        (
            "good: nothing → good\n+ the pack's row\n+ good.workflow_001  workflows/",
            "2 to create, the pack's row to write.",
        ),
    ),
    "counts only": Case("diff good --summary", 1, ("2 to create, the pack's row to write.\n",)),
    "a sync that would work": Case("sync good --dry-run", 0, ("2 to create",)),
    "errors": Case(
        "diff bad",
        2,
        ("bad/workflows/broken.yaml:3:8: error",),
        ("✗ ValidationFailed: 1 error in the files.",),
    ),
    "a sync that would refuse errors": Case("sync bad --dry-run", 1, err=("1 error",)),
    "what is valid of it": Case("diff bad --on-invalid Skip", 1, ("1 to create",)),
    "two revisions": Case(
        "diff demo 1 2",
        1,
        (
            "demo: 1 (main@1f3a0000) → 2 (main@1f3b0000)\n",
            '~ pack.yaml\n    version changed from "1.0.0" to "1.1.0"\n',
            '~ demo.a  workflows/a.yaml\n    label changed from "A" to "Another"\n',
            "- demo.b  workflows/b.yaml\n+ demo.c  workflows/c.yaml\n",
            "1 created, 1 updated, 1 removed, the pack's manifest changed.",
        ),
    ),
    "one and the latest": Case("diff demo ~1", 1, ("demo: 1 (main@1f3a0000) → 2",)),
    "one and itself": Case("diff demo 2 latest", 0, ("2 unchanged.",)),
    "a revision that is not kept": Case("diff demo 9", 2, err=("has no revision 9 yet",)),
    "no folder, no cluster": Case(
        "diff nowhere --kubeconfig none", 2, err=("There is no folder nowhere here. ",)
    ),
    "a folder that is none": Case("diff ./nowhere", 2, err=("There is no folder nowhere",)),
    "a folder with a branch": Case("diff good --branch x", 2, err=("Only a repository has",)),
    "revisions with a branch": Case("diff demo 1 2 --branch x", 2, err=("no --branch",)),
    "a Pack with a policy": Case(
        "diff demo -n team-a --no-prune", 2, err=("in its spec what stands for --prune",)
    ),
    "a folder with a kubeconfig": Case(
        "diff good --kubeconfig x", 2, err=("Only a Pack has --kubeconfig",)
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_what_is_typed_is_answered(packctl: Packctl, server: str, case: Case) -> None:
    before = row_versions(server)
    done = packctl(*case.typed.split(), "--database", server)
    case.check(done)
    assert ESCAPE not in done.output
    assert str(urlsplit(server).password) not in done.output
    assert row_versions(server) == before


@pytest.mark.parametrize("command", ["diff", "sync"])
def test_help_shows_how_to_type_it(packctl: Packctl, command: str) -> None:
    examples = packctl(command, "--help").stdout.partition("Examples:")[2]
    assert f"packctl {command} ./packs/payments" in examples
    assert ("--dry-run" in examples) == (command == "sync")


def _data(packctl: Packctl, url: str, *typed: str) -> dict[str, Any]:
    done = packctl(*typed, "--database", url, "-o", "json")
    assert done.exit_code in (0, 1), done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_sync_does_what_was_shown(packctl: Packctl, url: str, tmp_path: Path) -> None:
    packctl("sync", "good", "--database", url)
    write(tmp_path / "good", {"workflows/new.yaml": workflow_yaml("good.new")})
    (tmp_path / "good" / "workflows" / "workflow_001.yaml").unlink()
    query(url, "UPDATE attune.action SET label = 'x' WHERE ref = 'good.workflow_002'")
    shown = _data(packctl, url, "diff", "good")
    rehearsed = _data(packctl, url, "sync", "good", "--dry-run")

    done = json.loads(packctl("sync", "good", "--database", url, "-o", "json").stdout)["sync"]

    assert rehearsed == shown
    counts = ("created", "updated", "pruned")
    assert [shown["summary"][one] for one in counts] == [done[one] for one in counts] == [1, 1, 1]
    assert {one["ref"]: (one["change"], one["drifted"]) for one in shown["workflows"]} == {
        "good.new": ("create", False),
        "good.workflow_001": ("prune", False),
        "good.workflow_002": ("update", True),
    }
    after = packctl("diff", "good", "--database", url)
    assert (after.exit_code, after.stdout.splitlines()[-1]) == (0, "2 unchanged.")


def test_a_branch_is_planned_as_the_pack_that_owns_the_rows_would_sync_it(
    packctl: Packctl, url: str, pack_repo: PackRepoFactory, git_server: GitServer
) -> None:
    """A pull request is of another branch, and of a clone in a pipeline, and no other owner."""
    repo = pack_repo("diffed")
    repo.commit(pack("demo", 1))
    typed = ("diff", git_server.url("diffed"), "--branch", "main")
    shown = _data(packctl, url, *typed)
    assert shown["owner"] == "Pack team-a/payments"
    assert "source_url" not in {one["path"] for one in shown["row"]["changes"]}
    refused = packctl("sync", *typed[1:], "--dry-run", "--database", url)
    assert refused.exit_code == 1
    assert "RefConflict" in refused.stderr


def test_a_comment_fits_whatever_the_pack(packctl: Packctl, url: str, tmp_path: Path) -> None:
    many = {
        f"workflows/w{number:04}.yaml": workflow_yaml(f"good.w{number:04}", 1)
        for number in range(1000)
    }
    write(tmp_path / "good", many)
    done = packctl("diff", "good", "--database", url, "-o", "markdown")
    assert done.exit_code == 1
    assert done.stdout.startswith("<!-- packctl diff good -->\n### `good`: `nothing` → `good`\n")
    assert "1002 to create" in done.stdout
    assert "more workflows" in done.stdout
    assert LARGEST // 4 < len(done.stdout_bytes) <= LARGEST


def test_errors_are_in_the_comment(packctl: Packctl, server: str) -> None:
    done = packctl("diff", "bad", "--database", server, "-o", "markdown")
    assert done.exit_code == 2
    assert "No plan was made" in done.stdout
    assert "bad/workflows/broken.yaml:3:8: error" in done.stdout


def test_without_a_database_there_is_nothing_to_compare_with(
    packctl: Packctl, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PACKCTL_DATABASE_URL", raising=False)
    monkeypatch.setenv("PACKCTL_DATA_DIR", str(tmp_path / "data"))
    for typed in (("diff", "good"), ("sync", "good", "--dry-run")):
        done = packctl(*typed)
        assert (done.exit_code, "give --database" in done.stderr) == (2, True), done.output
    assert not (tmp_path / "data").exists()


def test_a_new_database_stays_new(packctl: Packctl, postgres: Postgres) -> None:
    made = postgres.create_database()
    assert packctl("sync", "good", "--dry-run", "--database", made).exit_code == 0
    assert query(made, "SELECT FROM pg_namespace WHERE nspname LIKE 'attune%'") == []


def test_colours_are_for_terminals(server: str, tmp_path: Path) -> None:
    typed = ("diff", "demo", "1", "2", "--database", server)
    with Screen(tmp_path, *typed, terminal=True) as screen:
        assert screen.wait() == 1
        assert screen.shows("\x1b[32m+ ")
    with Screen(tmp_path, *typed, terminal=False) as screen:
        assert screen.wait() == 1
        assert ESCAPE not in screen.shows("1 created")
