from __future__ import annotations

import pytest

from controller.load.select import select
from controller.pack.tree import EntryKind
from tests.validate.packs import WORKFLOW, Content, tree

FOLDERS: dict[str, Content] = {"actions": EntryKind.FOLDER, "workflows": EntryKind.FOLDER}


def _select(files: dict[str, Content]) -> tuple[dict[str, str], list[tuple[str, str]]]:
    chosen = select(tree(FOLDERS | files), max_file_size=100)
    names = {one.entry.path: one.name for one in chosen.workflows}
    return names, [(one.rule.code, one.file) for one in chosen.diagnostics]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("workflows/deploy.yaml", "deploy"),
        ("workflows/deploy.yml", "deploy"),
        ("workflows/deploy.workflow.yaml", "deploy"),
        ("workflows/a.b.yaml", "a.b"),
        ("actions/workflows/deploy.yaml", "deploy"),
    ],
)
def test_workflow_files_and_their_names(path: str, name: str) -> None:
    assert _select({path: WORKFLOW}) == ({path: name}, [])


@pytest.mark.parametrize(
    "path",
    [
        "workflows/README.md",
        "workflows/deploy.json",
        "workflows/.gitkeep",
        "actions/echo.yaml",
        "actions/echo.sh",
        "rules/x.yaml",
        "deploy.yaml",
    ],
)
def test_other_files_are_no_concern(path: str) -> None:
    assert _select({path: WORKFLOW}) == ({}, [])


@pytest.mark.parametrize(
    ("path", "content", "code"),
    [
        ("workflows/w.yaml", EntryKind.SYMLINK, "ATT001"),
        ("workflows/w.yaml", EntryKind.SUBMODULE, "ATT001"),
        ("workflows/w.yaml", EntryKind.FOLDER, "ATT001"),
        ("pack.yaml", EntryKind.SYMLINK, "ATT001"),
        ("workflows", EntryKind.SYMLINK, "ATT001"),
        ("workflows", EntryKind.SUBMODULE, "ATT001"),
        ("actions/workflows", EntryKind.SYMLINK, "ATT001"),
        ("workflows/w.yaml", "x" * 101, "ATT003"),
        ("pack.yaml", "x" * 101, "ATT003"),
        ("workflows/.hidden.yaml", WORKFLOW, "ATT005"),
        ("workflows/W.YAML", WORKFLOW, "ATT005"),
        ("workflows/more", EntryKind.FOLDER, "ATT005"),
        ("workflows/more", EntryKind.SUBMODULE, "ATT005"),
    ],
)
def test_what_is_not_read_is_said(path: str, content: Content, code: str) -> None:
    assert _select({path: content}) == ({}, [(code, path)])


def test_size_is_checked_up_to_the_byte() -> None:
    assert _select({"workflows/w.yaml": "x" * 100}) == ({"workflows/w.yaml": "w"}, [])
