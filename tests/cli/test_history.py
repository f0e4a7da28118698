"""`packctl history` and `packctl show`: what was applied of a pack, to the letter."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from psycopg.conninfo import make_conninfo

from controller.pack.identity import AskedBy
from controller.store import DatabaseSettings, Store
from hack.gitserver import GitServer
from hack.localcluster import Postgres
from hack.packrepo import pack
from tests.cli.conftest import Case, Packctl
from tests.cli.terminal import Screen
from tests.conftest import PackRepoFactory
from tests.store.make import MANIFEST, TEAM_A, documented, query, request, workflow, workflows

ESCAPE = "\x1b["


@pytest.fixture(scope="module")
def server(postgres: Postgres) -> Iterator[str]:
    """A database with three revisions of `demo`, the Pack of which is deleted, and an empty
    `solo`."""
    url = postgres.create_database()
    with Store(DatabaseSettings(url)) as store:
        store.migrate()
        store.sync(request(store, workflows("a", "b"), commit="1f3a" + "0" * 36))
        odd = workflow("c", text="\u202e é \U0001f600")
        newer = replace(MANIFEST, version="1.1.0")
        asked = request(store, [*workflows("a"), odd], manifest=newer, commit="1f3b" + "0" * 36)
        store.sync(replace(asked, asked_by=AskedBy.WEBHOOK))
        store.sync(request(store, workflows("a", "b"), commit="1f3a" + "0" * 36))
        store.remove(TEAM_A)
    yield url
    postgres.drop_database(url)


CASES = {
    "the list": Case(
        "history demo",
        0,
        (
            "NUMBER   REVISION        APPLIED",
            "3        main@1f3a0000   ",
            "   interval   1 created, 1 pruned, the pack's row   Ada: Make 1f3a",
            "2        main@1f3b0000   ",
            "   webhook    1 created, 1 pruned, the pack's row   Ada: Make 1f3b",
            "   interval   2 created, the pack's row             Ada: Make 1f3a",
        ),
    ),
    "some of it": Case(
        "history demo --limit 2", 0, err=("There are older ones: --limit 4 lists more.",)
    ),
    "wide": Case(
        "history demo -o wide --limit 3",
        0,
        ("OWNER                  VERSION", "Pack team-a/payments   1.1.0     yes   "),
    ),
    "the deletion of the Pack": Case(
        "history demo --attempts", 0, ("   deletion   Succeeded   ", "Removed 2 workflows")
    ),
    "a pack that nobody knows": Case(
        "history dema", 2, err=("Nothing was ever applied of a pack 'dema'. Did you mean demo?",)
    ),
    "nothing like it": Case("history x", 2, err=("Packs with a history: demo.",)),
    "a revision": Case(
        "show demo 2",
        0,
        (
            "Revision 2 of demo\n",
            "Revision:  main@sha1:1f3b0000",
            "Commit:    Make 1f3b",
            "(Ada, 2026-01-02",
            "Source:    https://git.example.com/acme/packs.git main\n",
            " by Pack team-a/payments, asked by webhook\n",
            "Version:   1.1.0\n",
            "Workflows: 2\n",
            "demo.c     1.0.0     ",
            "   workflows/c.yaml\n",
        ),
    ),
    "the latest": Case("show demo", 0, ("Revision 3 of demo",)),
    "the one before": Case("show demo ~1", 0, ("Revision 2 of demo",)),
    "by commit": Case("show demo 1f3a", 0, ("Revision 3 of demo",)),
    "by revision": Case("show demo main@1f3b", 0, ("Revision 2 of demo",)),
    "a revision that is not yet": Case("show demo 4", 2, err=("Kept: revisions 1 to 3.",)),
    "no name": Case("show demo HEAD", 2, err=("'HEAD' names no revision. Give its number",)),
    "a workflow that is not there": Case(
        "show demo 2 --workflow demo.b2", 2, err=("no workflow demo.b2 in revision 2 of demo. ",)
    ),
    "a workflow much like another": Case(
        "show demo 2 --workflow demoo.c", 2, err=("Did you mean demo.c?",)
    ),
    "a form that is none": Case("show demo -o wide", 2, err=("'wide' is not one of",)),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_what_is_typed_is_answered(packctl: Packctl, server: str, case: Case) -> None:
    done = packctl(*case.typed.split(), "--database", server)
    case.check(done)
    assert ESCAPE not in done.output
    assert str(urlsplit(server).password) not in done.output


@pytest.mark.parametrize("command", ["history", "show"])
def test_help_shows_how_to_type_it(packctl: Packctl, command: str) -> None:
    done = packctl(command, "--help")
    assert f"packctl {command} payments" in done.stdout.partition("Examples:")[2]


def _data(packctl: Packctl, server: str, typed: str) -> Any:
    done = packctl(*typed.split(), "--database", server, "-o", "json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_programs_read_the_list(packctl: Packctl, server: str) -> None:
    found = _data(packctl, server, "history demo")
    numbers = [one["number"] for one in found["revisions"]]
    assert (found["pack"], numbers) == ("demo", [3, 2, 1])
    second = found["revisions"][1]
    assert second["commit"] == {
        "id": "1f3b" + "0" * 36,
        "author": "Ada",
        "time": "2026-01-02T03:04:05Z",
        "subject": "Make 1f3b" + "0" * 36,
    }
    assert second["owner"] == {"uid": "uid-a", "namespace": "team-a", "name": "payments"}
    assert (second["created"], second["unchanged"], second["pruned"]) == (1, 1, 1)
    assert (second["askedBy"], second["isComplete"]) == ("webhook", True)


def test_a_revision_is_the_same_in_json_and_yaml(packctl: Packctl, server: str) -> None:
    found = _data(packctl, server, "show demo 2")
    done = packctl("show", "demo", "2", "--database", server, "-o", "yaml")
    assert yaml.safe_load(done.stdout) == found
    assert found["manifest"]["version"] == "1.1.0"
    assert [one["ref"] for one in found["workflows"]] == ["demo.a", "demo.c"]
    assert found["missing"] == []


def test_a_body_is_printed_to_the_letter(packctl: Packctl, server: str) -> None:
    """Its digest is that of the very bytes; a name without the pack's is enough."""
    inventory = _data(packctl, server, "show demo 2")["workflows"]
    done = packctl("show", "demo", "2", "--workflow", "c", "--database", server)
    assert hashlib.sha256(done.stdout_bytes).hexdigest() == inventory[1]["digest"]
    assert "\u202e é \U0001f600" in done.stdout
    as_data = _data(packctl, server, "show demo 2 --workflow demo.c")
    assert as_data == json.loads(done.stdout)
    as_yaml = packctl("show", "demo", "2", "--workflow", "c", "--database", server, "-o", "yaml")
    assert yaml.safe_load(as_yaml.stdout) == as_data


def test_on_a_terminal_there_are_colours_and_nothing_that_acts_on_it(
    server: str, tmp_path: Path
) -> None:
    with Screen(tmp_path, "history", "demo", "--database", server, terminal=True) as screen:
        assert screen.wait() == 0
        assert screen.shows(ESCAPE)
    body = ("show", "demo", "2", "--workflow", "c", "--database", server)
    with Screen(tmp_path, *body, terminal=True) as screen:
        assert screen.wait() == 0
        assert screen.shows("\\u202e é \U0001f600")
        assert "\u202e" not in screen.text


def test_the_past_can_be_read_by_one_who_may_only_read(packctl: Packctl, server: str) -> None:
    query(server, "CREATE ROLE reader LOGIN PASSWORD 'secret'")
    query(server, documented("GRANT USAGE ON SCHEMA attune_gitops TO reader"))
    try:
        url = make_conninfo(server, user="reader", password="secret")
        for typed in ("history demo", "history demo --attempts", "show demo 1 --workflow a"):
            done = packctl(*typed.split(), "--database", url)
            assert done.exit_code == 0, done.output
    finally:
        query(server, "DROP OWNED BY reader; DROP ROLE reader")


def test_a_revision_that_an_older_program_applied_has_no_bodies(
    packctl: Packctl, database: str
) -> None:
    _written_by_the_first_version(database)
    done = packctl("history", "demo", "-o", "wide", "--database", database)
    assert "2 created" in done.stdout
    assert "   no         -" in done.stdout
    done = packctl("show", "demo", "--database", database)
    assert "Its workflows were not recorded: an older program applied it." in done.stdout
    done = packctl("show", "demo", "--workflow", "a", "--database", database)
    assert (done.exit_code, "was not recorded" in done.stderr) == (2, True)


def _written_by_the_first_version(url: str) -> None:
    with Store(DatabaseSettings(url)) as store:
        store.migrate()
    query(
        url,
        "INSERT INTO attune_gitops.revisions (pack_ref, number, revision, commit, created, updated,"
        " unchanged, pruned) VALUES ('demo', 1, 'main@sha1:1f3a', '1f3a', 2, 0, 0, 0)",
    )


def test_what_retention_removed_is_told(packctl: Packctl, database: str) -> None:
    with Store(DatabaseSettings(database)) as store:
        store.migrate()
        for text in "abc":
            store.sync(request(store, [workflow("a", text=text)], commit=text))
        store.tidy("demo", keep=2)
    done = packctl("show", "demo", "1", "--database", database)
    assert done.exit_code == 2
    assert "does not keep revision 1 any more (spec.historyLimit, PACKCTL_HIST" in done.stderr


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        pytest.param("DELETE FROM attune_gitops.migrations WHERE version > 1",
                     "Schema attune_gitops is at version 1, and this program reads ", id="older"),
        pytest.param("INSERT INTO attune_gitops.migrations VALUES (99, 'x')",
                     "is at version 99, and this program knows only ", id="newer"),
        pytest.param("DROP SCHEMA attune_gitops CASCADE",
                     "This database has no schema attune_gitops", id="none"),
    ],
)  # fmt: skip
def test_a_database_of_another_version_is_left_as_it_is(
    packctl: Packctl, database: str, damage: str, said: str
) -> None:
    with Store(DatabaseSettings(database)) as store:
        store.migrate()
    query(database, damage)
    schemas = "SELECT xmin::text, nspname FROM pg_namespace ORDER BY 2"
    before = query(database, schemas)
    done = packctl("history", "demo", "--database", database)
    assert (done.exit_code, said in done.stderr) == (2, True), done.output
    assert query(database, schemas) == before


def test_no_database_is_made_for_a_question(
    packctl: Packctl, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PACKCTL_DATA_DIR", str(tmp_path / "data"))
    done = packctl("history", "demo")
    assert (done.exit_code, "give --database" in done.stderr) == (2, True), done.output
    assert not (tmp_path / "data").exists()


def test_a_database_that_is_away_is_named_without_its_password(packctl: Packctl) -> None:
    away = "postgresql://attune:hunter2@127.0.0.1:1/attune"
    done = packctl("show", "demo", "--database", away)
    assert (done.exit_code, "Connection refused" in done.stderr) == (2, True)
    assert "hunter2" not in done.output
    assert "again" not in done.output


def test_a_commit_and_a_failure_are_told_as_they_were(
    packctl: Packctl, database: str, git_server: GitServer, pack_repo: PackRepoFactory
) -> None:
    repo = pack_repo("packs.git")
    sync = ("sync", git_server.url("packs.git"), "--database", database)
    first = repo.commit(pack("remote", 2))
    assert packctl(*sync).exit_code == 0
    broken = {f"workflows/{name}.yaml": "version: '1'\n" for name in "abcd"}
    bad = repo.commit(broken)
    assert packctl(*sync).exit_code == 1

    done = packctl("history", "remote", "--database", database)
    assert f"1        main@{first[:8]}   " in done.stdout
    assert done.stdout.rstrip().endswith("Pack Author: Change the pack"), done.stdout
    done = packctl("history", "remote", "--attempts", "--database", database)
    title, failed, *rest = done.stdout.splitlines()
    assert title.split() == ["ENDED", "TOOK", "ASKED", "BY", "RESULT", "REVISION", "MESSAGE"]
    assert f"   commandLine   ValidationFailed   main@{bad[:8]}   main@{bad[:8]} has " in failed
    assert rest[0].startswith("    help: Correct the files")
    assert rest[1].startswith("    workflows/a.yaml:1:1: error ATT")
    assert rest[4] == "    … and 1 error more (-o wide)"
    assert f"Applied main@{first[:8]}: 2 workflows, 2 created." in rest[5]
    wide = packctl("history", "remote", "--attempts", "-o", "wide", "--database", database)
    assert "workflows/d.yaml" in wide.stdout
    listed = _data(packctl, database, "history remote --attempts --limit 1")["attempts"]
    assert [one["reason"] for one in listed] == ["ValidationFailed"]
    assert listed[0]["errorCount"] == 4
    assert listed[0]["commit"]["author"] == "Pack Author"
    assert "number" not in listed[0]


def test_a_pack_that_never_was_valid_has_attempts_alone(packctl: Packctl, database: str) -> None:
    assert packctl("sync", "bad", "--database", database).exit_code == 1
    done = packctl("history", "bad", "--database", database)
    assert (done.exit_code, done.stdout) == (0, "")
    assert "`packctl history bad --attempts` tells what was tried." in done.stderr
    done = packctl("show", "bad", "--database", database)
    assert (done.exit_code, "Nothing of bad was applied yet" in done.stderr) == (2, True)
    assert _data(packctl, database, "history bad") == {"pack": "bad", "revisions": []}
