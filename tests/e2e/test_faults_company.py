"""Several controllers at once, with and without a Lease: the rows are those of one."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from hack.packrepo import pack, workflow_yaml
from tests.e2e.conftest import MakeSite
from tests.e2e.controller import Controller
from tests.e2e.pack import Pack
from tests.e2e.site import Site
from tests.e2e.waiting import eventually

_LEASE = 15.0
"""Seconds after which a Lease that nobody renews is free."""


@pytest.fixture
def unled_site(make_site: MakeSite) -> Site:
    """A site whose controllers all believe to lead; none is started."""
    return make_site(leader_election="false")


@pytest.fixture
def led_site(own_site: Site) -> Site:
    """A site whose controller leads, with a Pack `demo` in sync."""
    own_site.repo("demo").commit(pack("demo", workflows=1))
    own_site.follow("demo").wait()
    return own_site


def test_two_that_both_work_end_with_the_rows_of_one(unled_site: Site) -> None:
    site, repo = unled_site, unled_site.repo("demo")
    other = site.controller.twin("other")
    site.controller.start()
    other.start()
    repo.commit(pack("demo", workflows=5))
    demo = site.follow("demo")
    for number in range(5):
        commit = repo.commit({f"workflows/new_{number}.yaml": workflow_yaml(f"demo.new_{number}")})
        demo.request()
    seen = demo.wait(revision=commit)
    assert seen.status.workflow_count == 10
    assert len(site.definitions("demo")) == len(site.actions("demo")) == 10
    assert _in_the_ledger(site, "demo") == (commit, 10)
    assert site.controller.stop() == other.stop() == 0
    assert "InternalError" not in site.controller.text() + other.text()


def test_what_was_seen_before_a_long_sleep_does_not_undo_what_is_newer(unled_site: Site) -> None:
    site, repo, sleeper = unled_site, unled_site.repo("demo"), unled_site.controller
    sleeper.start()
    repo.commit(pack("demo", workflows=2))
    demo = site.follow("demo")
    demo.wait()
    other = sleeper.twin("other")
    with _asleep_after_its_look_at_git(site, demo):
        newer = repo.commit({"workflows/newer.yaml": workflow_yaml("demo.newer")})
        other.start()
        demo.wait(revision=newer)
        rows = site.everything("demo")
    sleeper.wait_for_line("not in sync", reason="Superseded")
    assert site.everything("demo") == rows
    assert _in_the_ledger(site, "demo") == (newer, 4)
    demo.wait(revision=newer)
    assert sleeper.stop() == other.stop() == 0


@contextmanager
def _asleep_after_its_look_at_git(site: Site, pack: Pack) -> Iterator[None]:
    """The controller stands still (SIGSTOP) while git has told it, unread yet, of a commit."""
    name, pid = "demo", site.controller.pid
    site.repo(name).commit({"workflows/stale.yaml": workflow_yaml("demo.stale")})
    asked = site.git.count(name)
    site.git.hang(name)
    pack.request()
    eventually(lambda: site.git.count(name) > asked, site.controller.text)
    os.kill(pid, signal.SIGSTOP)
    try:
        site.git.release(name)
        eventually(lambda: site.git.let_go_count, site.controller.text)
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def test_when_the_leader_is_killed_the_other_takes_over(led_site: Site) -> None:
    site, other = led_site, _standing_by(led_site)
    site.controller.kill()
    commit = site.repo("demo").commit({"workflows/new.yaml": workflow_yaml("demo.new")})
    assert _holder(site).endswith(f"-{site.controller.pid}")
    other.wait_for_line("working", seconds=2 * _LEASE)
    site.pack("demo").wait(revision=commit)
    assert other.stop() == 0


def test_a_leader_that_is_asked_to_end_hands_over_at_once(led_site: Site) -> None:
    site, other = led_site, _standing_by(led_site)
    commit = site.repo("demo").commit({"workflows/new.yaml": workflow_yaml("demo.new")})
    assert _holder(site).endswith(f"-{site.controller.pid}")
    assert site.controller.stop() == 0
    assert not _holder(site).endswith(f"-{site.controller.pid}")
    other.wait_for_line("working", seconds=_LEASE)
    site.pack("demo").wait(revision=commit)


def _standing_by(site: Site) -> Controller:
    """A second controller, which has looked at the Lease and works on nothing."""
    other = site.controller.twin("other")
    other.start(until="waiting for the lease")
    seen = site.pack("demo").reconcile()
    assert seen.summary()["Ready"] == ("True", "Succeeded")
    assert not [line for line in other.lines() if line["event"] in {"leading", "working"}]
    return other


def _holder(site: Site) -> str:
    path = "jsonpath={.spec.holderIdentity}"
    arguments = ("attune-pack-controller", "--namespace", site.namespace, "-o", path)
    return site.control_plane.kubectl("get", "lease", *arguments)


def _in_the_ledger(site: Site, ref: str) -> tuple[str, int]:
    """The commit that was applied last, and how many workflows are ours."""
    text = (
        "SELECT commit, (SELECT count(*) FROM attune_gitops.inventory WHERE pack_ref = %(ref)s)"
        " FROM attune_gitops.claims WHERE pack_ref = %(ref)s"
    )
    with psycopg.connect(site.database) as connection:
        row = connection.execute(text, {"ref": ref}).fetchone()
    assert row
    return row[0], row[1]
