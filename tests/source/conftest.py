from __future__ import annotations

from pathlib import Path

import pytest

from controller.source.mirrors import Mirrors
from controller.source.urls import Scheme
from hack.authority import Authority
from tests.source.repository import Repository
from tests.source.served import NAME


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "remote")


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def mirrors(cache: Path) -> Mirrors:
    return Mirrors(cache, frozenset({Scheme.FILE, Scheme.HTTP}))


@pytest.fixture
def served(tmp_path: Path) -> Repository:
    """The repository that a `GitServer` at `tmp_path / "repositories"` serves as `NAME`."""
    path = tmp_path / "repositories" / NAME
    path.parent.mkdir(parents=True)
    repository = Repository(path)
    repository.push({"v": b"1"})
    return repository


@pytest.fixture(scope="session")
def authority() -> Authority:
    return Authority()
