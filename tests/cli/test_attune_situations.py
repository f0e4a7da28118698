"""What Attune's own sync makes of a folder, seen in a live database, and what is made of it here.

Each test is a row of "Where Attune's sync loses or mixes rows" in docs/compatibility.md: files that
change, `packctl sync`, and the rows in PostgreSQL after it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from hack.packrepo import pack, workflow_yaml
from tests.cli.conftest import Packctl, write
from tests.e2e import rows
from tests.store.by_hand import insert_action, insert_pack
from tests.store.make import column

_ACTION = "ref: demo.b\nlabel: B\nrunner_type: workflow\nworkflow_file: workflows/b.yaml\n"

Sync = Callable[..., str]
"""Write files (None: delete) and sync; the exit code that is expected, then what was printed."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A pack without workflows."""
    place = tmp_path / "demo"
    write(place, pack("demo", 0))
    return place


@pytest.fixture
def sync(packctl: Packctl, folder: Path, database: str) -> Sync:
    def run(code: int, files: dict[str, str | None], *options: str) -> str:
        for name in [name for name, text in files.items() if text is None]:
            (folder / name).unlink()
        write(folder, {name: text for name, text in files.items() if text is not None})
        done = packctl("sync", "demo", "--database", database, *options)
        assert done.exit_code == code, done.output
        return done.output

    return run


def _text(ref: str = "demo.a", *, task: str = "greet", label: str = "A", more: str = "") -> str:
    return (
        f'ref: {ref}\nlabel: {label}\nversion: "1.0.0"\n{more}'
        f"tasks:\n  - name: {json.dumps(task)}\n    action: core.echo\n"
    )


def _linked(database: str) -> bool:
    """Whether each definition has its action and each action its definition."""
    whole = (
        "SELECT count(*) FROM attune.workflow_definition d"
        " FULL JOIN attune.action a ON a.workflow_def = d.id AND a.ref = d.ref"
        " WHERE d.id IS NULL OR a.id IS NULL"
    )
    return column(database, whole) == [0]


def _labels(database: str) -> dict[str, tuple[str, str]]:
    """The labels of both rows of each workflow."""
    assert _linked(database)
    actions = rows.actions(database, "demo")
    found = rows.definitions(database, "demo")
    return {ref: (row["label"], actions[ref]["label"]) for ref, row in found.items()}


def test_a_ref_unlike_its_file_name_gets_every_edit(sync: Sync, database: str) -> None:
    sync(0, {"workflows/mismatch.yaml": _text("demo.other")})
    first = rows.definitions(database, "demo")["demo.other"]["id"]
    sync(0, {"workflows/mismatch.yaml": _text("demo.other", label="New")})
    assert _labels(database) == {"demo.other": ("New", "New")}
    assert rows.definitions(database, "demo")["demo.other"]["id"] == first


def test_two_files_with_one_ref_are_both_named(sync: Sync, database: str) -> None:
    sync(0, {"workflows/a.yaml": _text()})
    said = sync(1, {"workflows/b.yaml": _text(label="B"), "workflows/c.yaml": _text("demo.c")})
    assert "demo/workflows/a.yaml:1:1: error ATT501" in said
    assert "demo/workflows/b.yaml:1:1: error ATT501" in said
    assert _labels(database) == {"demo.a": ("A", "A")}


@pytest.mark.parametrize("ref", ["elsewhere.thing", "demo.a.b", "demo.A", "demo/a"])
def test_a_ref_that_cannot_be_is_told_and_leaves_no_half_of_a_workflow(
    sync: Sync, database: str, ref: str
) -> None:
    said = sync(1, {"workflows/a.yaml": _text(f'"{ref}"'), "workflows/b.yaml": _text("demo.b")})
    assert "demo/workflows/a.yaml:1:6: error ATT" in said
    assert column(database, "SELECT ref FROM attune.workflow_definition") == []
    sync(1, {}, "--on-invalid", "Skip")
    assert _labels(database) == {"demo.b": ("A", "A")}


def test_an_action_made_by_hand_is_named_and_kept(sync: Sync, database: str) -> None:
    sync(0, {"workflows/b.yaml": _text("demo.b")})
    insert_pack(database, "others")
    insert_action(database, "demo.a", pack="others", entrypoint="a.sh")
    said = sync(1, {"workflows/a.yaml": _text(), "workflows/b.yaml": _text("demo.b", label="B")})
    assert "ActionConflict: " in said
    assert "demo.a" in said
    assert list(rows.definitions(database, "demo")) == ["demo.b"]
    assert rows.definitions(database, "demo")["demo.b"]["label"] == "A"
    assert rows.actions(database, "others")["demo.a"]["entrypoint"] == "a.sh"


def test_a_value_that_the_database_cannot_hold_is_told_with_its_place(
    sync: Sync, database: str
) -> None:
    said = sync(1, {"workflows/a.yaml": _text(task="a\0b")})
    assert "demo/workflows/a.yaml:5:11: error ATT" in said
    assert column(database, "SELECT ref FROM attune.workflow_definition") == []


def test_what_left_the_file_leaves_both_rows(sync: Sync, database: str) -> None:
    more = (
        "description: Old\nparameters: {type: object, properties: {who: {type: string}}}\n"
        "output: {type: object, properties: {said: {type: string}}}\ntags: [x]\n"
    )
    sync(0, {"workflows/a.yaml": _text(more=more)})
    kept = ("description", "param_schema", "out_schema")
    both = [rows.definitions(database, "demo")["demo.a"], rows.actions(database, "demo")["demo.a"]]
    assert all(row[name] for row in both for name in kept)
    sync(0, {"workflows/a.yaml": _text()})
    both = [rows.definitions(database, "demo")["demo.a"], rows.actions(database, "demo")["demo.a"]]
    assert [row[name] for row in both for name in kept] == [None] * 6
    assert both[0]["tags"] == []


def test_a_file_that_is_gone_takes_its_rows_along(sync: Sync, database: str) -> None:
    sync(0, {"workflows/a.yaml": _text(), "workflows/b.yaml": _text("demo.b")})
    said = sync(0, {"workflows/a.yaml": None})
    assert "1 workflow, 1 pruned." in said
    assert list(_labels(database)) == ["demo.b"]


def test_a_file_that_became_invalid_is_told_and_keeps_its_last_good_rows(
    sync: Sync, database: str
) -> None:
    sync(0, {"workflows/a.yaml": _text(), "workflows/b.yaml": _text("demo.b")})
    bad = {"workflows/a.yaml": "tasks: [\n", "workflows/b.yaml": _text("demo.b", label="New")}
    said = sync(1, bad)
    assert "demo/workflows/a.yaml:" in said
    assert "✗ ValidationFailed: " in said
    assert _labels(database) == {"demo.a": ("A", "A"), "demo.b": ("A", "A")}
    sync(1, {}, "--on-invalid", "Skip")
    assert _labels(database) == {"demo.a": ("A", "A"), "demo.b": ("New", "New")}


def test_the_last_file_that_is_gone_empties_no_pack_by_accident(sync: Sync, database: str) -> None:
    sync(0, {"workflows/a.yaml": _text()})
    said = sync(1, {"workflows/a.yaml": None})
    assert "EmptyPack: " in said
    assert "--allow-empty" in said
    assert list(_labels(database)) == ["demo.a"]
    sync(0, {}, "--allow-empty")
    assert _labels(database) == {}


def test_the_same_name_with_three_endings_is_no_matter_of_luck(sync: Sync, database: str) -> None:
    """With a ref or without: which of them were meant, nobody could say."""
    endings = ("yaml", "yml", "workflow.yaml")
    files = {f"workflows/w.{end}": _text("demo.w", label=end) for end in endings}
    said = sync(1, files)
    assert all(f"demo/{file}:" in said for file in files)
    assert column(database, "SELECT ref FROM attune.workflow_definition") == []


def test_what_is_not_read_is_said(sync: Sync, database: str) -> None:
    files = ("workflows/.hidden.yaml", "workflows/W.YAML", "workflows/deeper/x.yaml")
    said = sync(0, dict.fromkeys(files, _text("demo.x")))
    told = ("workflows/.hidden.yaml", "workflows/W.YAML", "workflows/deeper")
    assert [name for name in told if f"demo/{name}:1:1: warning ATT005" not in said] == []
    assert column(database, "SELECT ref FROM attune.workflow_definition") == []


def test_a_link_out_of_the_pack_is_not_followed(
    sync: Sync, folder: Path, database: str, tmp_path: Path
) -> None:
    (tmp_path / "outside.yaml").write_text(_text("demo.outside"))
    (folder / "workflows").mkdir(exist_ok=True)
    (folder / "workflows" / "outside.yaml").symlink_to(tmp_path / "outside.yaml")
    said = sync(1, {})
    assert "demo/workflows/outside.yaml:" in said
    assert column(database, "SELECT ref FROM attune.workflow_definition") == []


def test_one_bad_file_among_good_ones_is_never_lost_in_the_count(
    packctl: Packctl, sync: Sync, database: str
) -> None:
    """Attune answers success with a lower count, or fails as a whole, by what else is there."""
    files = {f"workflows/w{n}.yaml": _text(f"demo.w{n}") for n in range(3)}
    sync(1, {**files, "workflows/bad.yaml": _text("demo.bad", more="parameters: 5\n")})
    assert column(database, "SELECT ref FROM attune.workflow_definition") == []
    done = packctl("sync", "demo", "--database", database, "--on-invalid", "Skip", "-o", "json")
    assert done.exit_code == 1
    status = json.loads(done.stdout)
    assert status["validation"]["errorCount"] == 1
    assert status["validation"]["diagnostics"][0]["file"] == "workflows/bad.yaml"
    assert len(_labels(database)) == 3


def test_a_sync_writes_no_row_that_is_as_it_should_be(sync: Sync, database: str) -> None:
    files = {f"workflows/w{n}.yaml": _text(f"demo.w{n}") for n in range(3)}
    sync(0, files)
    before = rows.everything(database, "demo")
    sync(0, {})
    assert rows.everything(database, "demo") == before
    sync(0, {"workflows/w1.yaml": _text("demo.w1", label="New")})
    after = rows.everything(database, "demo")
    assert after[0] == before[0]
    for was, now in zip(before[1:], after[1:], strict=True):
        assert [ref for ref in now if now[ref] != was[ref]] == ["demo.w1"]


def test_a_new_row_is_written_once(sync: Sync, database: str) -> None:
    """Attune's third statement, which links the action, makes `updated` later than `created`."""
    sync(0, {"workflows/a.yaml": _text()})
    for table in (rows.definitions, rows.actions):
        row = table(database, "demo")["demo.a"]
        assert row["created"] == row["updated"]


def test_every_door_makes_the_same_rows(packctl: Packctl, sync: Sync, database: str) -> None:
    """Attune validates in one of its doors only; here there is one way in."""
    bad = {"workflows/a.yaml": _text("demo.a", more="parameters: 5\n")}
    sync(1, bad)
    assert packctl("validate", "demo").exit_code == 1
    linked = {
        "workflows/a.yaml": None,
        "actions/b.yaml": _ACTION,
        "actions/workflows/b.yaml": workflow_yaml("demo.b", 1).replace("ref: demo.b\n", ""),
    }
    sync(0, linked)
    assert list(_labels(database)) == ["demo.b"]
