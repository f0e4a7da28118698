"""The API server away and back: work goes on, and what was missed is made good."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from hack.localcluster import ControlPlane
from hack.packrepo import pack, workflow_yaml
from tests.e2e.conftest import MakeSite
from tests.e2e.site import Site
from tests.e2e.waiting import eventually

_HEALS = 60.0
"""Seconds: the watch comes back after a pause of up to 10 s."""


@contextmanager
def _api_server_away(control_plane: ControlPlane) -> Iterator[None]:
    control_plane.stop_apiserver()
    try:
        yield
    finally:
        control_plane.start_apiserver()


@pytest.fixture
def steady_site(make_site: MakeSite) -> Site:
    """A running controller that has no Lease to lose, which would end it after 10 s."""
    site = make_site(leader_election="false")
    site.controller.start()
    return site


def test_a_push_while_it_is_away_is_applied_and_the_status_catches_up(steady_site: Site) -> None:
    site, repo = steady_site, steady_site.repo("demo")
    first = repo.commit(pack("demo", workflows=2))
    demo = site.follow("demo", interval="10s")
    demo.wait(revision=first)
    with _api_server_away(site.control_plane):
        second = repo.commit({"workflows/new.yaml": workflow_yaml("demo.new")})
        eventually(lambda: "demo.new" in site.definitions("demo"), site.controller.text)
    seen = demo.wait(revision=second, seconds=_HEALS)
    assert (seen.status.last_applied_revision or "").endswith(second)
    assert seen.status.workflow_count == 3
    assert seen.status.sync is not None
    assert seen.status.sync.registered_count == 3
    assert [entry.revision for entry in seen.status.history] == [
        f"main@sha1:{second}",
        f"main@sha1:{first}",
    ]
    assert site.controller.stop() == 0


def test_a_pack_that_comes_right_after_the_restart_is_seen(steady_site: Site) -> None:
    site = steady_site
    for name in ("before", "after"):
        site.repo(name).commit(pack(name, workflows=1))
    site.follow("before").wait()
    with _api_server_away(site.control_plane):
        pass
    after = site.follow("after")
    after.wait(seconds=_HEALS)
    assert site.pack("before").reconcile().summary()["Ready"] == ("True", "Succeeded")
