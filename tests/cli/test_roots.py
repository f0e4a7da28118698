"""Which folders are watched for the packs that names stand for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from controller.cli.roots import folders

FILES = (
    "packs/a/pack.yaml",
    "packs/a/workflows/x.yaml",
    "packs/a/workflows/deeper/y.yaml",
    "packs/a/actions/workflows/z.yaml",
    "packs/a/docs/readme.md",
    "packs/a/.git/HEAD",
    "packs/b/pack.yaml",
    "packs/linked/pack.yaml",
    "packs/.hidden/pack.yaml",
    "packs/node_modules/c/pack.yaml",
    "packs/data/base/1",
    "elsewhere/w.yaml",
)
IN_A = ("packs/a", "packs/a/workflows", "packs/a/actions/workflows", "packs/a/actions")


@dataclass(frozen=True, slots=True)
class Case:
    """What is named, and the folders to watch."""

    names: tuple[str, ...]
    watched: tuple[str, ...]


CASES = {
    "a pack": Case(("packs/a",), IN_A),
    "a file": Case(("packs/a/workflows/x.yaml",), IN_A),
    "a folder in a pack": Case(
        ("packs/a/docs",),
        ("packs/a/docs", *IN_A),
    ),
    "a folder of packs": Case(("packs",), ("packs", *IN_A, "packs/b", "packs/linked")),
    "what is not there": Case(("packs/b", "nowhere"), ("packs/b", "nowhere")),
    "twice": Case(("packs/b", "packs/../packs/b"), ("packs/b",)),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_what_counts_is_watched_and_nothing_else(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "packs/linked/workflows").symlink_to(tmp_path / "elsewhere")
    monkeypatch.chdir(tmp_path)

    found = folders([Path(name) for name in case.names], besides={tmp_path / "packs/data"})

    assert sorted(found) == sorted(tmp_path / name for name in case.watched)
