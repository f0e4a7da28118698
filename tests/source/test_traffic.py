"""What whoever counts is told of looks, fetches and mirrors, by a real Git server."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from controller.errors import PackError, Reason
from controller.pack.source import Look
from controller.source.eviction import Budget
from controller.source.git_source import GitSource
from controller.source.mirrors import Mirrors
from controller.source.target import GitTarget
from controller.source.urls import Scheme
from hack.gitserver import GitServer
from tests.source.repository import Repository
from tests.source.served import NAME, source

_SCHEMES = frozenset({Scheme.HTTP, Scheme.FILE})


@dataclass
class _Heard:
    """Remembers what it was told."""

    asked_for: list[tuple[str, str, Reason]] = field(default_factory=list)
    sizes: dict[str, int] = field(default_factory=dict)
    gone: int = 0

    def asked(self, host: str, operation: str, reason: Reason, seconds: float, size: int) -> None:
        assert seconds >= 0
        self.asked_for.append((host, operation, reason))
        self.sizes[operation] = self.sizes.get(operation, 0) + size

    def evicted(self) -> None:
        self.gone += 1


def test_a_look_and_a_fetch_are_told_with_their_bytes(
    tmp_path: Path, cache: Path, served: Repository
) -> None:
    served.push({"v": b"\n".join(str(number).encode() for number in range(50_000))})
    heard = _Heard()
    with GitServer(tmp_path / "repositories") as server:
        made = source(Mirrors(cache, _SCHEMES, audience=heard), server.url(NAME))
        made.fetch()
        first = dict(heard.sizes)
        made.observe(Look())
    ok = Reason.SUCCEEDED
    look, fetch = ("127.0.0.1", "look", ok), ("127.0.0.1", "fetch", ok)
    assert heard.asked_for == [look, fetch, look]
    # A megabyte of numbers takes some of it even packed; a look brings a few lines.
    assert first["fetch"] > 50_000
    assert 0 < first["look"] < 5_000
    assert heard.sizes["look"] > first["look"]
    assert heard.sizes["fetch"] == first["fetch"]


def test_a_failure_is_told_by_its_reason(tmp_path: Path, cache: Path) -> None:
    heard = _Heard()
    with GitServer(tmp_path / "repositories") as server:
        made = source(Mirrors(cache, _SCHEMES, audience=heard), server.url("team/none.git"))
        with pytest.raises(PackError):
            made.fetch()
    assert heard.asked_for == [("127.0.0.1", "look", Reason.REPOSITORY_NOT_FOUND)]


@pytest.mark.usefixtures("served")
def test_a_server_that_hangs_is_told_as_late(tmp_path: Path, cache: Path) -> None:
    heard = _Heard()
    with GitServer(tmp_path / "repositories") as server:
        server.hang(NAME)
        mirrors = Mirrors(cache, _SCHEMES, audience=heard)
        made = source(mirrors, server.url(NAME), timeout=0.2)
        with pytest.raises(PackError):
            made.fetch()
        server.let_go()
    assert heard.asked_for == [("127.0.0.1", "look", Reason.GIT_TIMEOUT)]


def test_mirrors_are_counted_and_those_that_go_are_told(tmp_path: Path, cache: Path) -> None:
    heard = _Heard()
    mirrors = Mirrors(cache, _SCHEMES, budget=Budget(count=1), audience=heard)
    kept = []
    for name in ("a", "b"):
        repository = Repository(tmp_path / name)
        repository.push({"v": b"1"})
        kept.append(GitSource(mirrors, GitTarget(repository.url)))
        kept[-1].fetch()
    assert heard.gone == 1
    assert mirrors.taken().count == 1
    assert 0 < mirrors.taken().size < 1_000_000
