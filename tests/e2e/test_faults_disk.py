"""The disk of the mirrors fails under a whole controller: said in the status of who needs it, the
others go on, and it heals by itself."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hack.packrepo import Content, pack, workflow_yaml
from tests.e2e.attune import install_core
from tests.e2e.conftest import MakeSite
from tests.e2e.site import Site
from tests.source.small_disk import SmallDisk, imitated, mounted

MORE = "workflows/workflow_002.yaml"


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallDisk]:
    place, programs = tmp_path / "disk", tmp_path / "bin"
    place.mkdir()
    programs.mkdir()
    with mounted(place) as real:
        if real is None:
            monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
        yield real or imitated(place, programs)


@pytest.fixture
def site(make_site: MakeSite, disk: SmallDisk) -> Site:
    made = make_site(cache_dir=str(disk.path / "cache"))
    install_core(made.database)
    made.controller.start()
    return made


FAULTS: dict[str, tuple[Callable[[SmallDisk], object], Callable[[SmallDisk], object], str]] = {
    "full": (SmallDisk.fill, SmallDisk.free, "The controller's cache is full"),
    "without inodes": (SmallDisk.use_up_inodes, SmallDisk.free, "The controller's cache is full"),
    "read-only": (
        lambda disk: disk.protect(),
        lambda disk: disk.release(),
        "The controller's cache cannot be",
    ),
}


@pytest.mark.parametrize(("breaks", "mends", "message"), FAULTS.values(), ids=FAULTS.keys())
def test_a_disk_that_fails_is_told_and_heals(
    site: Site,
    disk: SmallDisk,
    breaks: Callable[[SmallDisk], object],
    mends: Callable[[SmallDisk], object],
    message: str,
) -> None:
    site.repo("known").commit(pack("known", workflows=1))
    site.repo("large").commit({**pack("large", workflows=1), "noise": os.urandom(700_000)})
    known = site.follow("known")
    before = known.wait()

    breaks(disk)
    told = site.follow("large").wait("Ready", "False", "CacheUnavailable")

    assert told.message().startswith(message)
    assert told.summary()["Reconciling"] == ("True", "ProgressingWithRetry")
    assert told.status.next_sync_time is not None
    assert known.reconcile().summary() == before.summary()

    mends(disk)
    assert site.pack("large").wait().status.workflow_count == 1
    commit = site.repo("known").commit({MORE: workflow_yaml("known.workflow_002")})
    assert known.reconcile().status.last_applied_revision == f"main@sha1:{commit}"
    assert list(disk.path.rglob("tmp_*")) == []


def test_a_cache_that_is_swept_away_is_made_anew(site: Site, disk: SmallDisk) -> None:
    files: dict[str, Content] = dict(pack("known", workflows=1))
    site.repo("known").commit(files)
    known = site.follow("known")
    before = known.wait()

    shutil.rmtree(disk.path / "cache")
    assert known.reconcile().summary() == before.summary()
    commit = site.repo("known").commit({MORE: workflow_yaml("known.workflow_002")})

    assert known.reconcile().status.last_applied_revision == f"main@sha1:{commit}"
    assert len(site.definitions("known")) == 2
