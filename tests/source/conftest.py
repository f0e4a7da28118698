from __future__ import annotations

from pathlib import Path

import pytest

from controller.source.mirrors import Mirrors
from controller.source.urls import Scheme
from tests.source.repository import Repository


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "remote")


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def mirrors(cache: Path) -> Mirrors:
    return Mirrors(cache, frozenset({Scheme.FILE, Scheme.HTTP}))
