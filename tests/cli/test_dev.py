"""`packctl dev` as it is run: what a save makes of the rows, and what it says of it."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from controller.pack.identity import Owner
from controller.pack.spec import PackSpec
from controller.reconcile import Asked, Reconciler
from controller.source.folder import FolderSource
from controller.store import DatabaseSettings, Store
from controller.validate import Memo
from hack.localcluster import Postgres
from hack.packrepo import pack, pack_yaml, workflow_yaml
from tests.cli.conftest import Packctl, bad, write
from tests.cli.terminal import Screen
from tests.e2e import rows
from tests.e2e.waiting import eventually

CALM = '[severities]\nATT512 = "Ignore"\n'
"""For packs that call actions of `core`, which the databases of these tests do not have."""

BROKEN = bad("demo")["workflows/broken.yaml"]
Dev = Callable[..., Screen]


def calm(ref: str, workflows: int) -> dict[str, str]:
    """A pack without any finding."""
    return {**pack(ref, workflows, tasks=1), "packctl.toml": CALM}


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A folder with the pack `demo` of two workflows, and nothing else."""
    made = tmp_path / "work"
    write(made / "demo", calm("demo", 2))
    return made


@pytest.fixture
def dev(work: Path, database: str) -> Dev:
    """Run `packctl dev` in that folder, on an empty database."""

    def run(*arguments: str, terminal: bool = False) -> Screen:
        return Screen(work, "dev", *arguments, "--database", database, terminal=terminal)

    return run


def save(file: Path, text: str) -> None:
    """Write as most editors do: beside it, then in its place."""
    beside = file.with_name(f"{file.name}~")
    beside.write_text(text)
    beside.replace(file)


def greeting(word: str, number: int = 1) -> str:
    """Another text of the workflow `demo.workflow_00…`."""
    return workflow_yaml(f"demo.workflow_{number:03}", tasks=1, label=word)


def labels(database: str, ref: str = "demo") -> dict[str, str]:
    return {name: row["label"] for name, row in rows.definitions(database, ref).items()}


def test_a_save_becomes_rows_and_no_other_row_is_touched(
    dev: Dev, work: Path, database: str
) -> None:
    with dev("demo") as screen:
        screen.shows("✓ demo: wrote the pack's row, created demo.workflow_001, demo.workflow_002 (")
        before = rows.everything(database, "demo")
        save(work / "demo/workflows/workflow_001.yaml", greeting("New"))
        screen.shows("✓ demo: updated demo.workflow_001 (")
        after = rows.everything(database, "demo")
        assert screen.interrupt() == 0
    assert after[1]["demo.workflow_001"]["label"] == "New"
    assert after[1]["demo.workflow_002"] == before[1]["demo.workflow_002"]
    assert (after[0], after[2]["demo.workflow_002"]) == (before[0], before[2]["demo.workflow_002"])
    assert rows.everything(database, "demo") == after


def test_a_bad_save_is_shown_and_leaves_the_rows(dev: Dev, work: Path, database: str) -> None:
    file = work / "demo/workflows/workflow_001.yaml"
    with dev("demo") as screen:
        screen.shows("created demo.workflow_001")
        before = rows.everything(database, "demo")
        save(file, BROKEN)
        screen.shows("✗ demo: 1 error; the rows stay as they were (")
        assert rows.everything(database, "demo") == before
        assert "demo/workflows/workflow_001.yaml:3:8: error ATT203: " in screen.text
        assert "3 | tasks: here\n  |        ^^^^\n" in screen.text
        save(file, greeting("Mended"))
        screen.shows("✓ demo: mended; updated demo.workflow_001 (")
    assert labels(database)["demo.workflow_001"] == "Mended"


def test_files_that_come_go_and_move(dev: Dev, work: Path, database: str) -> None:
    folder = work / "demo/workflows"
    with dev("demo") as screen:
        screen.shows("created demo.workflow_001")
        before = rows.definitions(database, "demo")["demo.workflow_001"]["id"]
        (folder / "workflow_001.yaml").rename(folder / "renamed.yaml")
        screen.shows("✓ demo: updated demo.workflow_001 (")
        assert rows.definitions(database, "demo")["demo.workflow_001"]["id"] == before
        write(folder, {"more.yaml": workflow_yaml("demo.more", tasks=1)})
        screen.shows("✓ demo: created demo.more (")
        (folder / "renamed.yaml").unlink()
        screen.shows("✓ demo: pruned demo.workflow_001 (")
    assert list(labels(database)) == ["demo.more", "demo.workflow_002"]


def test_a_checkout_of_many_files_is_followed(dev: Dev, work: Path, database: str) -> None:
    def git(*arguments: str) -> None:
        author = ("-c", "user.name=a", "-c", "user.email=a@example.com")
        subprocess.run(["git", *author, *arguments], cwd=work, check=True, capture_output=True)

    def branch(name: str, number: int) -> None:
        git("checkout", "--orphan", name)
        shutil.rmtree(work / "demo")
        write(work / "demo", calm("demo", number))
        git("add", "--all")
        git("commit", "--message", name)

    git("init")
    branch("few", 100)
    branch("many", 300)
    with dev("demo") as screen:
        screen.shows("created demo.workflow_001, demo.workflow_002, demo.workflow_003 and 297 more")
        git("checkout", "few")
        eventually(lambda: len(labels(database)) == 100, lambda: screen.text)
        git("checkout", "many")
        eventually(lambda: len(labels(database)) == 300, lambda: screen.text)
        assert screen.interrupt() == 0
    assert "✗" not in screen.text


def test_a_database_that_goes_away_and_comes_back(
    dev: Dev, work: Path, database: str, postgres: Postgres
) -> None:
    file = work / "demo/workflows/workflow_001.yaml"
    with dev("demo") as screen:
        screen.shows("created demo.workflow_001")
        postgres.stop()
        save(file, greeting("Later"))
        screen.shows("✗ demo: DatabaseUnavailable: The database is not available: ")
        save(file, BROKEN)
        screen.shows("demo/workflows/workflow_001.yaml:3:8: error ATT203: ")
        save(file, greeting("Later"))
        screen.shows("DatabaseUnavailable: ", times=3)
        postgres.start()
        screen.shows("✓ demo: the database is back; updated demo.workflow_001 (")
        assert screen.interrupt() == 0
    assert labels(database)["demo.workflow_001"] == "Later"


def test_a_database_that_is_away_at_first_is_waited_for(
    dev: Dev, work: Path, database: str, postgres: Postgres
) -> None:
    write(work / "other", calm("other", 1))
    postgres.stop()
    with dev() as screen:
        screen.shows("✗ demo: DatabaseUnavailable: ")
        postgres.start()
        screen.shows(
            "✓ demo: the database is back; wrote the pack's row, created demo.workflow_001"
        )
        screen.shows("✓ other: the database is back; wrote the pack's row, created other.workflow")
    assert len(labels(database)) == 2


def test_packs_come_and_go_in_a_folder_of_packs(dev: Dev, work: Path, database: str) -> None:
    with dev() as screen:
        screen.shows("created demo.workflow_001")
        write(work / "deep/er/more", calm("more", 1))
        screen.shows("✓ more: wrote the pack's row, created more.workflow_001 (")
        shutil.rmtree(work / "deep")
        screen.shows("- more: deep/er/more is gone; its rows stay.")
        write(work / "demo", {"workflows/new.yaml": workflow_yaml("demo.new", tasks=1)})
        screen.shows("✓ demo: created demo.new (")
    assert list(labels(database, "more")) == ["more.workflow_001"]


@pytest.mark.parametrize("named", ["demo", "demo/workflows/workflow_001.yaml"])
def test_a_folder_that_is_made_anew_goes_on(
    dev: Dev, work: Path, database: str, named: str
) -> None:
    # A pack above it was never meant, and must not take its place.
    write(work, {"pack.yaml": pack_yaml("above"), "workflows/a.yaml": workflow_yaml("above.a")})
    with dev(named) as screen:
        screen.shows("created demo.workflow_001")
        before = rows.everything(database, "demo")
        shutil.rmtree(work / "demo")
        screen.shows("- demo: demo is gone; its rows stay.")
        assert rows.everything(database, "demo") == before
        write(work / "demo", {**calm("demo", 2), "workflows/workflow_001.yaml": greeting("Anew")})
        screen.shows("✓ demo: updated demo.workflow_001 (")
    assert rows.pack_row(database, "above") is None


def test_folders_made_one_by_one_are_followed(dev: Dev, work: Path, database: str) -> None:
    shutil.rmtree(work / "demo/workflows")
    with dev("demo") as screen:
        screen.shows("✓ demo: wrote the pack's row (")
        (work / "demo/actions").mkdir()
        (work / "demo/actions/workflows").mkdir()
        write(work / "demo/actions/workflows", {"a.yaml": workflow_yaml("demo.a", tasks=1)})
        screen.shows("✓ demo: created demo.a (")
    assert list(labels(database)) == ["demo.a"]


def test_what_editors_write_beside_a_file_is_no_save(dev: Dev, work: Path) -> None:
    folder = work / "demo/workflows"
    with dev("demo") as screen:
        screen.shows("created demo.workflow_001")
        for name in ("4913", ".workflow_001.yaml.swp", "workflow_001.yaml~", "notes.txt"):
            (folder / name).write_text("text")
        (folder / ".#workflow_001.yaml").symlink_to("me@here.1")
        write(work / "demo", {"README.md": "read me"})
        (folder / "4913").unlink()
        # What comes after it is told next: there was nothing to tell in between.
        save(folder / "workflow_002.yaml", greeting("Second", 2))
        printed = screen.shows("✓ demo: updated demo.workflow_002")
    assert printed.count("demo: ") == 2


def test_of_two_copies_the_first_keeps_the_rows(dev: Dev, work: Path, database: str) -> None:
    shutil.copytree(work / "demo", work / "copy", symlinks=True)
    with dev("demo", "copy") as screen:
        screen.shows("✗ demo: RefConflict: Pack ref 'demo' is that of demo, too; nothing was")
        (work / "copy/workflows/workflow_001.yaml").unlink()
        screen.shows("RefConflict: ", times=2)
        assert len(labels(database)) == 2
        (work / "copy/workflows/workflow_002.yaml").unlink()
        write(work / "copy", calm("copy", 1))
        screen.shows("✓ copy: mended; wrote the pack's row, created copy.workflow_001 (")
    assert len(labels(database)) == 2


def test_a_pack_of_a_resource_is_refused_until_it_is_given_up(
    dev: Dev, work: Path, database: str
) -> None:
    owner = Owner("5f2c", "team-a", "demo")
    spec = PackSpec.model_validate({"git": {"url": "https://git.example.com/a.git"}})
    with Store(DatabaseSettings(database)) as store:
        asked = Asked(owner, 1, spec, FolderSource(work / "demo"))
        assert Reconciler(store, Memo()).reconcile(asked).failure is None
        before = rows.everything(database, "demo")
        save(work / "demo/workflows/workflow_001.yaml", greeting("Mine"))
        with dev("demo") as screen:
            screen.shows("✗ demo: RefConflict: Pack ref 'demo' belongs to Pack team-a/demo since ")
            assert rows.everything(database, "demo") == before
            store.release(owner)
            save(work / "demo/workflows/workflow_002.yaml", greeting("Too", 2))
            screen.shows("✓ demo: mended; wrote the pack's row, updated demo.workflow_001, ")


def test_valid_workflows_apply_beside_invalid_ones_on_demand(
    dev: Dev, work: Path, database: str
) -> None:
    write(work / "demo", {"workflows/broken.yaml": BROKEN})
    with dev("demo", "--on-invalid", "Skip") as screen:
        screen.shows("✗ demo: wrote the pack's row, created demo.workflow_001, demo.workflow_002; ")
        screen.shows("PartiallySynced: 2 workflows applied, 1 invalid; ")
        (work / "demo/workflows/broken.yaml").unlink()
        screen.shows("✓ demo: mended; nothing to change (")
    assert len(labels(database)) == 2


def lines(screen: Screen, count: int) -> list[dict[str, Any]]:
    """The first `count` lines, once they are there."""
    text = screen.shows("\n", times=count)
    return [json.loads(line) for line in text.splitlines()[:count]]


def test_each_round_is_a_line_of_json_for_programs(dev: Dev, work: Path) -> None:
    file = work / "demo/workflows/workflow_001.yaml"
    with dev("demo", "-o", "json") as screen:
        lines(screen, 1)
        save(file, BROKEN)
        lines(screen, 2)
        save(file, greeting("New"))
        lines(screen, 3)
        shutil.rmtree(work / "demo")
        created, broken, mended, gone = lines(screen, 4)
        assert screen.interrupt() == 0
    assert [one["source"] for one in (created, broken, mended, gone)] == ["demo"] * 4
    assert [one["pack"] for one in (created, broken, mended, gone)] == ["demo"] * 4
    assert created["sync"]["created"] == ["demo.workflow_001", "demo.workflow_002"]
    assert created["result"] == "applied"
    assert broken["result"] == "invalid"
    assert broken["failure"]["reason"] == "ValidationFailed"
    [found] = broken["validation"]["diagnostics"]
    assert (found["code"], found["file"], found["line"], found["column"]) == (
        ("ATT203", "demo/workflows/workflow_001.yaml", 3, 8)
    )
    assert "sync" not in broken
    assert (mended["result"], mended["mended"]) == ("applied", True)
    assert mended["sync"]["updated"] == ["demo.workflow_001"]
    assert mended["validation"]["errorCount"] == 0
    assert mended["durationMs"] > 0
    assert mended["time"].endswith("Z")
    assert gone["result"] == "gone"
    assert len(screen.text.splitlines()) == 4


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_well(dev: Dev, database: str, number: signal.Signals) -> None:
    with dev("demo") as screen:
        screen.shows("created demo.workflow_001")
        assert screen.send(number) == 0
    assert "Traceback" not in screen.text
    assert len(labels(database)) == 2


def test_colours_are_for_terminals(dev: Dev) -> None:
    with dev("demo", terminal=True) as screen:
        screen.shows("created demo.workflow_001")
    assert "\x1b[" in screen.text
    with dev("demo", terminal=False) as screen:
        screen.shows("nothing to change")
    assert "\x1b[" not in screen.text


def test_without_a_database_its_own_keeps_the_rows(
    work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As root, PostgreSQL runs as the user nobody, to whom pytest's own folders are closed.
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        monkeypatch.setenv("PACKCTL_DATA_DIR", f"{folder}/data")
        for said in ("created demo.workflow_001", "✓ demo: nothing to change ("):
            with Screen(work, "dev", "demo", terminal=False) as screen:
                screen.shows(said)
                assert screen.interrupt() == 0


CASES = {
    "a repository": (("dev", "https://git.example.com/a.git"), "give it to `packctl sync`"),
    "a name of nothing": (("dev", "nowhere"), "There is no file or folder nowhere."),
    "a database that is none": (
        ("dev", "good", "--database", "nonsense://attune:hunter2@db"),
        "The database URL cannot be read.",
    ),
}


@pytest.mark.parametrize(("typed", "said"), CASES.values(), ids=CASES.keys())
def test_what_cannot_be_watched_is_said(
    packctl: Packctl, typed: tuple[str, ...], said: str
) -> None:
    done = packctl(*typed)
    assert (done.exit_code, done.stdout) == (2, "")
    assert said in done.stderr
    assert "hunter2" not in done.stderr
