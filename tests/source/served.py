"""A repository that a Git server serves, and what a `GitSource` makes of it."""

from __future__ import annotations

import pytest

from controller.errors import PackError
from controller.source.access import OPEN, Access
from controller.source.git_source import GitSource
from controller.source.mirrors import Mirrors
from controller.source.target import GitTarget

NAME = "team/packs.git"
SAFETY_NET = 20.0


def source(
    mirrors: Mirrors, url: str, access: Access = OPEN, timeout: float = SAFETY_NET
) -> GitSource:
    return GitSource(mirrors, GitTarget(url, access=access, timeout=timeout))


def content(source: GitSource) -> dict[str, bytes]:
    files = {entry.path: entry.oid for entry in source.fetch().entries if entry.size >= 0}
    found = source.read(list(files.values()))
    return {path: found[oid] for path, oid in files.items()}


def failure(source: GitSource) -> PackError:
    with pytest.raises(PackError) as failed:
        source.fetch()
    assert failed.value.hint
    return failed.value
