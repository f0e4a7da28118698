"""A folder with a pack, and what brings it into a real database."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from controller.pack.identity import Owner
from controller.pack.spec import GitSpec, PackSpec
from controller.reconcile import Asked, Reconciler
from controller.source.folder import FolderSource
from controller.store import DatabaseSettings, Store
from controller.validate import Memo
from hack.packrepo import pack

MINE = Owner("uid-mine", "team-a", "demo")
THEIRS = Owner("uid-theirs", "team-b", "demo")

Ask = Callable[..., Asked]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a pack of two workflows."""
    made = tmp_path / "pack"
    write(made, pack("demo", 2))
    return made


@pytest.fixture
def ask(folder: Path) -> Ask:
    """What a Pack asks that follows the folder."""

    def make(owner: Owner = MINE, *, reported: str = "", drift: str = "", **spec: object) -> Asked:
        body = {"git": GitSpec(url=folder.as_uri()), **spec}
        return Asked(
            owner,
            1,
            PackSpec.model_validate(body),
            FolderSource(folder),
            reported=reported,
            drift=drift,
        )

    return make


@pytest.fixture
def steps() -> list[str]:
    """The names of the steps that `reconciler` has done."""
    return []


@pytest.fixture
def reconciler(database: str, steps: list[str]) -> Iterator[Reconciler]:
    with Store(DatabaseSettings(database)) as store:
        yield Reconciler(store, Memo(), on_step=lambda name, _: steps.append(name))


def write(folder: Path, files: Mapping[str, str | None]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        if text is not None:
            path.write_text(text)
