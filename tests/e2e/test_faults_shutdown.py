"""A controller that is asked to end, or killed, while Git or PostgreSQL keeps it waiting."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from hack.packrepo import pack
from tests.e2e.conftest import MakeSite
from tests.e2e.pack import Pack
from tests.e2e.processes import git_about
from tests.e2e.site import Site
from tests.e2e.waiting import eventually

_GRACE = "3"
_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('attune_gitops:demo', 0))"
_WAITS = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
_NAME = "attune-pack-controller"


def test_a_sync_that_can_end_within_the_grace_does(own_site: Site) -> None:
    site = own_site
    commit = site.repo("demo").commit(pack("demo", workflows=3))
    with _held_up_in_the_database(site):
        site.controller.terminate()
        site.controller.wait_for_line("stopping")
    assert site.controller.wait_ended() == 0
    assert _holder(site) == ""
    assert len(site.definitions("demo")) == len(site.actions("demo")) == 3
    site.controller.start()
    site.pack("demo").wait(revision=commit)
    assert "left unfinished" not in site.controller.text()


def test_a_sync_that_cannot_is_abandoned_as_a_whole(make_site: MakeSite) -> None:
    site = make_site(shutdown_grace=_GRACE)
    site.controller.start()
    commit = site.repo("demo").commit(pack("demo", workflows=3))
    with _held_up_in_the_database(site):
        site.controller.terminate()
        assert site.controller.wait_ended() == 0
        site.controller.wait_for_line("left unfinished", packs=[f"{site.namespace}/demo"])
        assert _holder(site) == ""
        assert site.everything("demo") == (None, {}, {})
    site.controller.start()
    site.pack("demo").wait(revision=commit)
    assert len(site.definitions("demo")) == 3


def test_a_repository_that_hangs_holds_up_no_end(make_site: MakeSite) -> None:
    site = make_site(shutdown_grace=_GRACE)
    site.controller.start()
    commit = site.repo("demo").commit(pack("demo", workflows=3))
    demo = _hanging(site)
    assert site.controller.stop() == 0
    assert _holder(site) == ""
    assert git_about(site.git.url("")) == []
    site.git.release("demo")
    site.controller.start()
    demo.wait(revision=commit)


def test_a_kill_while_git_runs_leaves_nothing_in_the_way(own_site: Site) -> None:
    site = own_site
    commit = site.repo("demo").commit(pack("demo", workflows=3))
    demo = _hanging(site)
    site.controller.kill()
    site.git.release("demo")
    site.controller.settings["leader_election"] = "false"  # a killed leader's Lease takes 15 s
    site.controller.start()
    demo.wait(revision=commit)
    eventually(lambda: not git_about(site.git.url("")), lambda: git_about(site.git.url("")))


def _hanging(site: Site) -> Pack:
    """A new Pack whose repository has been asked and does not answer."""
    site.git.hang("demo")
    demo = site.follow("demo")
    eventually(lambda: site.git.count("demo"), site.controller.text)
    return demo


@contextmanager
def _held_up_in_the_database(site: Site) -> Iterator[None]:
    """A new Pack's sync stands in its transaction, waiting for the pack's lock."""
    with psycopg.connect(site.database) as connection:
        connection.execute(_LOCK)
        site.follow("demo")
        eventually(lambda: _waiting(site), site.controller.text)
        yield


def _waiting(site: Site) -> int:
    with psycopg.connect(site.database) as connection:
        row = connection.execute(_WAITS).fetchone()
    assert row
    return int(row[0])


def _holder(site: Site) -> str:
    path = "jsonpath={.spec.holderIdentity}"
    return site.control_plane.kubectl("get", "lease", _NAME, "-n", site.namespace, "-o", path)
