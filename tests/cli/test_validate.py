"""`packctl validate`: what is checked, what is said of it, and what it ends with."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

import pytest
from junitparser import JUnitXml
from sarif_pydantic import Sarif

from hack.gitserver import GitServer
from hack.packrepo import pack, workflow_yaml
from tests.cli.conftest import Packctl, bad, write
from tests.conftest import PackRepoFactory
from tests.e2e import rows
from tests.store.make import column, query

BROKEN = "workflows/broken.yaml:3:8: error ATT203: "
AWAY = "postgresql://attune:hunter2@127.0.0.1:1/attune"


@pytest.fixture(autouse=True)
def more_packs(tmp_path: Path, packctl: Packctl) -> None:
    """Beside `good` and `bad`: one with a warning only, and a folder of packs."""
    del packctl
    write(tmp_path / "warned", pack("warned", 1))
    write(tmp_path / "warned", {"workflows/odd.yaml": workflow_yaml("warned.odd", odd=True)})
    write(tmp_path / "packs" / "one", pack("one", 1))
    write(tmp_path / "packs" / "team" / "two", bad("two"))
    write(tmp_path / "packs" / ".hidden" / "three", bad("three"))
    write(tmp_path / "elsewhere", {"workflows/a.yaml": "a: b"})


@dataclass(frozen=True, slots=True)
class Case:
    """A command line and where it is typed, what it ends with, parts of what it says."""

    typed: str
    code: int
    out: tuple[str, ...] = ()
    err: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    here: str = ""


CASES = {
    "a good folder": Case("good", 0, ("✓ No problems in 3 files.",)),
    "a folder with a warning": Case(
        "warned", 0, ("warned/workflows/odd.yaml:", "warning ATT206", "✓ 1 warning in 1 of 3 ")
    ),
    "a warning that counts": Case("warned --strict", 1, ("✗ 1 warning", "--strict")),
    "a bad folder": Case(
        "bad",
        1,
        (
            f"bad/{BROKEN}",
            "\n3 | tasks: here\n  |        ^^^^\n",
            "✗ 1 error in 1 of 3 files.",
            "packctl explain ATT203",
        ),
    ),
    "the folder one is in": Case("", 1, (BROKEN,), here="bad"),
    "a folder inside a pack": Case("", 1, (f"../{BROKEN}",), here="bad/workflows"),
    "a folder of packs": Case(
        "packs", 1, (f"packs/team/two/{BROKEN}", "5 files of 2 packs"), never=("hidden",)
    ),
    "a folder of packs by its parent": Case("./packs/../packs", 1, (f"packs/team/two/{BROKEN}",)),
    "a file of a pack": Case("bad/workflows/workflow_001.yaml", 1, (f"bad/{BROKEN}",)),
    "files of one pack": Case(
        "bad/pack.yaml bad/workflows/workflow_001.yaml bad", 1, ("✗ 1 error in 1 of 3 files.",)
    ),
    "several packs": Case("good bad", 1, (f"bad/{BROKEN}", "in 1 of 6 files of 2 packs")),
    "a folder without pack.yaml": Case("elsewhere", 1, ("elsewhere/pack.yaml:1:1: error ATT601",)),
    "a rule that is raised": Case("warned --severity ATT206=error", 1, ("error ATT206",)),
    "a rule that is ignored": Case(
        "warned --severity ATT206=Ignore --strict", 0, ("✓ No problems",)
    ),
    "a level that is none": Case(
        "good --severity ATT206=fatal", 2, err=("one of error, warn, ignore",)
    ),
    "a rule that is none": Case(
        "good --severity att206=error", 2, err=("no rule att206. Did you mean ATT206?",)
    ),
    "a rule that must stay": Case(
        "good --severity ATT203=ignore", 2, err=("ATT203 stays an error",)
    ),
    "a pack of another ref": Case("good --ref other", 1, ("good/pack.yaml:1:6: error ATT603: ",)),
    "a ref for several packs": Case("good bad --ref good", 2, err=("--ref is for one pack",)),
    "a limit": Case("good --max-file-size 100", 1, ("error ATT003",)),
    "a limit that is none": Case("good --max-file-size huge", 2, err=("packctl: maxFileSize: ",)),
    "nothing there": Case(
        "nowhere", 2, err=("There is no file or folder nowhere. Name a folder with a pack.yaml.",)
    ),
    "a file of no pack": Case(
        "elsewhere/workflows/a.yaml", 2, err=("elsewhere/workflows/a.yaml is in no pack",)
    ),
    "quiet and good": Case("good -q", 0, never=("✓",)),
    "quiet and bad": Case("bad -q", 1, (BROKEN,), never=("✗",)),
    "counted": Case("bad --statistics", 1, ("1  ATT203  error", "✗ 1 error"), never=(BROKEN,)),
    "a branch of a folder": Case("good --branch main", 2, err=("Only a repository has --branch",)),
    "a URL that is none": Case("git://127.0.0.1/x.git", 2, err=("https:// nor",)),
    "a repository that is away": Case(
        "good https://127.0.0.1:1/x.git", 2, ("1 pack not checked",), ("cannot be reached",)
    ),
    "two references": Case(
        "https://127.0.0.1:1/x.git --tag a --branch b", 2, err=("only one of --branch, --tag",)
    ),
    "a database that is away": Case(
        f"warned --database {AWAY}", 2, err=("Connection refused",), never=("It is tried again",)
    ),
    "a database that is none": Case(
        "good --database nonsense://attune:hunter2@db", 2, err=("cannot be read",)
    ),
    "a report that cannot be written": Case(
        "good --output-file nowhere/x", 2, err=("nowhere/x cannot be written",)
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_what_is_typed_is_answered(
    packctl: Packctl, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: Case
) -> None:
    monkeypatch.chdir(tmp_path / case.here)

    done = packctl("validate", *case.typed.split())

    assert done.exit_code == case.code, done.output
    assert not [part for part in case.out if part not in done.stdout], done.stdout
    assert not [part for part in case.err if part not in done.stderr], done.stderr
    assert not [part for part in (*case.never, "hunter2") if part in done.output], done.output


CONFLICTS = {
    "good --stdin --stdin-filename good/pack.yaml": "not both",
    "--stdin": "--stdin needs --stdin-filename",
    "--stdin-filename good/pack.yaml": "is for --stdin",
    "good --fix --diff": "give one of them",
    "good --watch --fix": "run --fix by itself",
    "--watch --stdin --stdin-filename good/pack.yaml": "--watch is for files",
    "https://127.0.0.1:1/x.git --watch": "not for repositories",
    "https://127.0.0.1:1/x.git --diff": "--diff is for folders",
}


@pytest.mark.parametrize("typed", CONFLICTS)
def test_what_cannot_go_together_is_refused(packctl: Packctl, typed: str) -> None:
    done = packctl("validate", *typed.split())

    assert done.exit_code == 2
    assert CONFLICTS[typed] in done.stderr
    assert done.stdout == ""


def test_paths_are_from_the_current_folder_however_a_pack_is_named(
    packctl: Packctl, tmp_path: Path
) -> None:
    (tmp_path / "link").symlink_to("bad")

    assert f"bad/{BROKEN}" in packctl("validate", str(tmp_path / "bad")).stdout.split("\n")[0]
    assert packctl("validate", "link").stdout.startswith(f"link/{BROKEN}")


def test_a_pack_elsewhere_is_named_from_the_top(
    packctl: Packctl, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path / "good")

    done = packctl("validate", str(tmp_path / "bad"))
    assert done.stdout.startswith(f"{tmp_path}/bad/{BROKEN}")
    assert packctl("validate", "../bad").stdout.startswith(f"../bad/{BROKEN}")


def test_a_name_that_is_no_text_is_spelled(packctl: Packctl, tmp_path: Path) -> None:
    odd = tmp_path / os.fsdecode(b"bad/workflows/\xff.yaml")
    odd.write_text("a: b")

    assert "bad/workflows/\\xff.yaml:1:1: error ATT202" in packctl("validate", "bad").stdout


FORMATS = {
    "json": lambda text: json.loads(text)["packs"][0]["validation"]["diagnostics"][0]["file"],
    "sarif": lambda text: (
        Sarif.model_validate_json(text)
        .runs[0]
        .results[0]
        .locations[0]
        .physical_location.artifact_location.uri
    ),
    "github": lambda text: text.partition("file=")[2].partition(",")[0],
    "gitlab": lambda text: json.loads(text)[0]["location"]["path"],
    "junit": lambda text: next(
        case.name for case in next(iter(JUnitXml.fromstring(text.encode()))) if not case.is_passed
    ),
}


@pytest.mark.parametrize("form", FORMATS)
def test_programs_get_the_path_from_the_current_folder(packctl: Packctl, form: str) -> None:
    done = packctl("validate", "bad", "--format", form)

    assert done.exit_code == 1
    assert FORMATS[form](done.stdout) == "bad/workflows/broken.yaml"
    assert packctl("validate", "bad", "-o", form).stdout == done.stdout


def test_a_report_in_a_file_leaves_the_text_to_people(packctl: Packctl, tmp_path: Path) -> None:
    done = packctl("validate", "bad", "-f", "json", "--output-file", "report.json")

    assert done.exit_code == 1
    assert done.stdout == packctl("validate", "bad").stdout
    assert json.loads((tmp_path / "report.json").read_text())["summary"]["errorCount"] == 1
    silent = packctl("validate", "bad", "-f", "json", "--output-file", "report.json", "-q")
    assert silent.stdout == ""


@pytest.mark.parametrize(
    ("variable", "coloured"),
    [({}, False), ({"FORCE_COLOR": "1"}, True), ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False)],
    ids=["a pipe", "forced", "forbidden"],
)
def test_colours_are_for_terminals(
    packctl: Packctl, monkeypatch: pytest.MonkeyPatch, variable: dict[str, str], coloured: bool
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    for name, value in variable.items():
        monkeypatch.setenv(name, value)

    assert ("\x1b[31m" in packctl("validate", "bad").stdout.replace("[1;31m", "[31m")) is coloured


def test_a_report_in_a_file_has_no_colours(
    packctl: Packctl, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    packctl("validate", "bad", "--output-file", "report.txt")

    assert (tmp_path / "report.txt").read_text().startswith(f"bad/{BROKEN}")


def test_a_repository_is_checked_at_the_ref_that_is_named(
    packctl: Packctl,
    git_server: GitServer,
    pack_repo: PackRepoFactory,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("PACKCTL_CACHE_DIR", str(tmp_path / "cache"))
    repo = pack_repo("packs.git")
    commit = repo.commit({f"packs/a/{name}": text for name, text in bad("aa").items()})
    repo.commit({"packs/a/workflows/broken.yaml": None}, branch="main")
    options = ("validate", git_server.url("packs.git"), "--path", "packs/a")

    done = packctl(*options, "--commit", commit)
    assert done.exit_code == 1
    assert done.stdout.startswith(f"packs/a/{BROKEN}")
    assert "3 | tasks: here" in done.stdout
    listed = packctl(*options, "--commit", commit, "-f", "json")
    (found,) = json.loads(listed.stdout)["packs"]
    assert (found["source"], found["revision"]) == (options[1], f"sha1:{commit}")
    assert packctl(*options, "--branch", "main").exit_code == 0


@pytest.mark.parametrize("command", ["validate", "sync", "doctor git"])
def test_each_kind_of_reference_can_be_named(
    packctl: Packctl,
    git_server: GitServer,
    pack_repo: PackRepoFactory,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    command: str,
) -> None:
    monkeypatch.setenv("PACKCTL_CACHE_DIR", str(tmp_path / "cache"))
    repo = pack_repo("packs.git")
    first = repo.commit(pack("demo", 1))
    repo.tag("v1.0.0")
    newer = repo.commit(pack("demo", 2), branch="next")
    repo.tag("v1.1.0-rc.1", newer, message="soon")
    repo.git("update-ref", "refs/pull/7/head", newer)
    wanted = {
        "--branch next": newer,
        "--tag v1.1.0-rc.1": newer,
        "--semver ^1": first,
        "--semver >=1.0.0-0": newer,
        "--name refs/pull/7/head": newer,
        f"--commit {first}": first,
    }
    database = ("--database", request.getfixturevalue("database")) if command == "sync" else ()
    for option, commit in wanted.items():
        typed = (*command.split(), git_server.url("packs.git"), *option.split(" ", 1), *database)
        done = packctl(*typed, "-o", "json")
        assert (done.exit_code, commit in done.stdout) == (0, True), (option, done.output)
    two = packctl(*command.split(), git_server.url("packs.git"), "--semver", "^1", "--tag", "x")
    assert (two.exit_code, "Give only one of --tag, --semver." in two.stderr) == (2, True)


def test_only_a_database_that_is_named_is_asked(
    packctl: Packctl, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PACKCTL_DATABASE_URL", AWAY)
    assert packctl("validate", "good").stdout == "✓ No problems in 3 files.\n"

    packctl("sync", "warned", "--database", database)
    before = rows.everything(database, "warned")
    unknown = packctl("validate", "good", "--database", database)
    assert unknown.exit_code == 0
    assert "warning ATT512" in unknown.stdout

    query(
        database,
        "INSERT INTO attune.pack (ref, label, version) VALUES ('core', 'Core', '1.0.0');"
        "INSERT INTO attune.action (ref, pack, pack_ref, label, entrypoint, param_schema)"
        " SELECT 'core.echo', id, 'core', 'Echo', 'echo.sh', '{\"message\": {}}'"
        " FROM attune.pack WHERE ref = 'core'",
    )
    known = packctl("validate", "good", "--database", database)
    assert known.stdout == "✓ No problems in 3 files.\n"
    assert rows.everything(database, "warned") == before


def test_nothing_is_made_in_a_database(packctl: Packctl, database: str) -> None:
    done = packctl("validate", "good", "--database", database)

    assert done.exit_code == 2
    assert "DatabaseRefused" not in done.stdout
    assert "docs/database.md" in done.stderr
    schemas = "SELECT nspname::text FROM pg_namespace WHERE nspname LIKE 'attune%'"
    assert column(database, schemas) == []
