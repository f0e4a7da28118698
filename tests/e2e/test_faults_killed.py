"""A controller killed at any point of its work: the next one ends where it would have ended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from hack.localcluster import ControlPlane, Postgres
from hack.packrepo import Content, pack, pack_yaml, workflow_yaml
from tests.e2e.attune import install_echo
from tests.e2e.conftest import MakeSite
from tests.e2e.dying import DyingController
from tests.e2e.pack import Pack
from tests.e2e.processes import git_about
from tests.e2e.site import Site, installed
from tests.e2e.waiting import eventually
from tests.store.make import content, query

_FIRST = [
    "set_finalizers", "set_finalizers done", "lock_migrations", "read_tables", "find_schema",
    "create_schema_attune", "create_attune", "find_migrations", "find_schema 2",
    "create_schema_attune_gitops", "create_migrations", "0001_ledger", "write_version",
    "0002_history", "write_version 2", "0003_rollback", "write_version 3", "0004_owners",
    "write_version 4", "commit", "prepare", "roll_back", "next_sequence", "commit 2", "fetch",
    "pass_over", "compare", "line_up", "load", "inspect", "read_actions", "commit 3", "resolve",
    "validate", "judge", "rehearse", "wait_for_approval", "lock_pack", "read_claims", "read_pack",
    "read_rows", "insert_pack", "write_claim", "write_definitions", "write_actions",
    "write_inventory", "find_missing_bodies", "write_bodies", "write_revision", "write_attempt",
    "commit 4", "apply", "patch_status", "patch_status done",
]  # fmt: skip
_UPDATE = [
    "prepare", "roll_back", "next_sequence", "commit", "fetch", "pass_over", "read_recorded",
    "commit 2", "compare", "line_up", "load", "inspect", "read_actions", "commit 3", "resolve",
    "validate", "judge", "rehearse", "wait_for_approval", "lock_pack", "read_claims", "read_pack",
    "read_rows", "find_executions", "read_callers", "update_pack", "write_claim",
    "write_definitions", "write_actions", "write_inventory", "delete_definitions",
    "find_missing_bodies", "write_bodies", "write_revision", "write_attempt", "commit 4", "apply",
    "patch_status", "patch_status done",
]  # fmt: skip
_ROLLBACK = [
    "write_claim", "write_revision", "commit 4", "roll_back", "fetch", "close_rollback", "commit 6",
    "pass_over", "patch_status", "patch_status done",
]  # fmt: skip
_DELETION = [
    "read_claims", "lock_pack", "read_claims 2", "read_inventory", "find_pack",
    "find_executions", "read_callers", "delete_definitions", "delete_claim",
    "find_pack_references", "read_pack_references", "delete_pack", "write_attempt", "commit",
    "set_finalizers", "set_finalizers done",
]  # fmt: skip

_SETTINGS = {"leader_election": "false", "workers": "1"}
_REVISIONS = (
    "SELECT number, revision, commit, created, updated, unchanged, pruned"
    " FROM attune_gitops.revisions ORDER BY number"
)
_ROLLBACKS = (
    "SELECT rollback ->> 'number' AS number, rollback ->> 'is_open' AS is_open,"
    " jsonb_array_length(rollback -> 'skips') AS skips FROM attune_gitops.claims"
)
_BACK = {"revision": 1}
_OLD = pack("demo", workflows=3, tasks=1)
_NEW: Mapping[str, Content] = {
    "pack.yaml": pack_yaml("demo", "2.0.0"),
    "workflows/workflow_001.yaml": None,
    "workflows/workflow_002.yaml": workflow_yaml("demo.workflow_002", tasks=2),
    "workflows/new.yaml": workflow_yaml("demo.new", tasks=1),
}


@dataclass(frozen=True, slots=True)
class _End:
    """What a user finds in the database and in the status."""

    rows: Mapping[str, Any]
    conditions: Mapping[str, tuple[str, str]]
    applied: str | None
    workflows: tuple[str, ...]
    history: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Undisturbed:
    """How it ends, and which points are passed, without a kill."""

    first: _End
    updated: _End
    rolled_back: _End
    points: Mapping[str, list[str]]


@pytest.fixture
def site(make_site: MakeSite) -> Site:
    """A site without a controller, with the old commit in its repository."""
    return _prepared(make_site(**_SETTINGS))


@pytest.fixture(scope="module")
def undisturbed(
    packs_served: ControlPlane, postgres: Postgres, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[_Undisturbed]:
    with installed(packs_served, postgres, **_SETTINGS) as made:
        yield _never_killed(_prepared(made), tmp_path_factory.mktemp("undisturbed"))


def test_the_lists_of_points_are_complete(undisturbed: _Undisturbed) -> None:
    points = dict(undisturbed.points)
    passed = points.pop("rollback")
    assert points == {"first": _FIRST, "update": _UPDATE, "deletion": _DELETION}
    assert [point for point in passed if point in _ROLLBACK] == _ROLLBACK


@pytest.mark.parametrize("point", _FIRST)
def test_killed_in_the_first_sync(
    site: Site, tmp_path: Path, undisturbed: _Undisturbed, point: str
) -> None:
    demo = site.follow("demo")
    with DyingController(site.controller.settings, tmp_path, point, armed=True) as dying:
        dying.wait_killed()
    with DyingController(site.controller.settings, tmp_path):
        demo.wait()
        _ends_as(undisturbed.first, site, demo)


@pytest.mark.parametrize("point", _UPDATE)
def test_killed_in_an_update(
    site: Site, tmp_path: Path, undisturbed: _Undisturbed, point: str
) -> None:
    demo = site.follow("demo")
    with DyingController(site.controller.settings, tmp_path, point) as dying:
        demo.wait()
        _settle(site, demo)
        dying.arm()
        commit = site.repo("demo").commit(_NEW)
        demo.request()
        dying.wait_killed()
    with DyingController(site.controller.settings, tmp_path):
        demo.wait(revision=commit)
        _ends_as(undisturbed.updated, site, demo)


@pytest.mark.parametrize("point", _ROLLBACK)
def test_killed_in_a_rollback(
    site: Site, tmp_path: Path, undisturbed: _Undisturbed, point: str
) -> None:
    demo = site.follow("demo")
    with DyingController(site.controller.settings, tmp_path, point) as dying:
        demo.wait()
        _settle(site, demo)
        site.repo("demo").commit(_NEW)
        demo.reconcile()
        dying.arm()
        site.follow("demo", rollback=_BACK)
        dying.wait_killed()
    with DyingController(site.controller.settings, tmp_path):
        demo.wait(reason="RolledBack")
        _ends_as(undisturbed.rolled_back, site, demo)


@pytest.mark.parametrize("point", _DELETION)
def test_killed_in_a_deletion(site: Site, tmp_path: Path, point: str) -> None:
    demo = site.follow("demo")
    with DyingController(site.controller.settings, tmp_path, point) as dying:
        demo.wait()
        dying.arm()
        demo.delete()
        dying.wait_killed()
    with DyingController(site.controller.settings, tmp_path):
        demo.wait_gone()
        # Its history is kept: who asks what was there finds it.
        assert not any(content(site.database).values())


def _prepared(site: Site) -> Site:
    site.repo("demo").commit(_OLD)
    return site


def _settle(site: Site, demo: Pack) -> None:
    """Bring the action that the pack calls. A Pack that waits for one is never compared with what
    the database holds: it is checked again at each look."""
    install_echo(site.database)
    demo.reconcile()


def _never_killed(site: Site, folder: Path) -> _Undisturbed:
    """One life in four parts, each with a controller that notes its points."""
    settings, demo = site.controller.settings, site.follow("demo")
    points = {}
    with DyingController(settings, folder, armed=True) as controller:
        demo.wait()
        points["first"] = _points_until(controller, _FIRST)
    first = _end(site, demo)
    with DyingController(settings, folder) as controller:
        _settle(site, demo)
        controller.arm()
        site.repo("demo").commit(_NEW)
        demo.reconcile()
        points["update"] = _points_until(controller, _UPDATE)
    updated = _end(site, demo)
    with DyingController(settings, folder) as controller:
        demo.reconcile()
        controller.arm()
        site.follow("demo", rollback=_BACK)
        demo.wait(reason="RolledBack")
        points["rollback"] = _points_until(controller, _ROLLBACK)
    back = _end(site, demo)
    with DyingController(settings, folder) as controller:
        demo.reconcile()
        controller.arm()
        demo.delete()
        demo.wait_gone()
        points["deletion"] = _points_until(controller, _DELETION)
    return _Undisturbed(first, updated, back, points)


def _points_until(controller: DyingController, last: Sequence[str]) -> list[str]:
    """The points once the last is there, which comes just after the API server's answer; what
    follows is the tidying up."""
    eventually(lambda: last[-1] in controller.points(), controller.points)
    points = controller.points()
    return points[: points.index(last[-1]) + 1]


def _ends_as(wanted: _End, site: Site, pack: Pack) -> None:
    """The status may be a look behind: a retry of the one that was killed is soon due."""
    eventually(lambda: _end(site, pack) == wanted, lambda: (_end(site, pack), wanted))
    marks = (site.controller.settings["cache_dir"], site.git.url(""))
    eventually(lambda: not git_about(*marks), lambda: git_about(*marks))


def _end(site: Site, pack: Pack) -> _End:
    report = pack.read()
    assert report
    status = report.status
    return _End(
        rows=_rows(site),
        conditions=report.summary(),
        applied=status.last_applied_revision,
        workflows=tuple(one.ref for one in status.workflows),
        history=tuple(entry.revision for entry in status.history),
    )


def _rows(site: Site) -> dict[str, Any]:
    """All that is told of packs, without what differs from site to site."""
    found = content(site.database)
    for row in [*found["pack"], *found["claims"]]:
        row.pop("source_url", None)
        row.pop("owner_uid", None)
    past = {"revisions": query(site.database, _REVISIONS)}
    return {**found, **past, "rollbacks": query(site.database, _ROLLBACKS)}
