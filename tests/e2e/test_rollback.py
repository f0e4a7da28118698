"""Back to a recorded revision and forward again, as the user of a cluster sees it."""

from __future__ import annotations

from typing import Any

from controller.pack.status import RollbackState
from hack.packrepo import PackRepo, pack, workflow_yaml
from tests.e2e.conftest import MakeSite
from tests.e2e.pack import Event, Pack
from tests.e2e.rows import Row
from tests.e2e.site import Site
from tests.e2e.waiting import eventually

FILE = "workflows/workflow_001.yaml"
BACK = {"revision": 1}


def _definition(site: Site, ref: str) -> Any:
    return site.definitions(ref)[f"{ref}.workflow_001"]["definition"]


def _bad(site: Site, ref: str) -> tuple[PackRepo, Pack, Row, str]:
    """A Pack whose second commit is one to go back from."""
    repo = site.repo(ref)
    repo.commit(pack(ref, workflows=1))
    followed = site.follow(ref)
    followed.wait()
    healthy = _definition(site, ref)
    commit = repo.commit({FILE: workflow_yaml(f"{ref}.workflow_001", 3)})
    followed.reconcile()
    assert _definition(site, ref) != healthy
    return repo, followed, healthy, commit


def test_back_and_forward_with_the_next_commit(site: Site, ref: str) -> None:
    repo, followed, healthy, bad = _bad(site, ref)
    [good] = [one.revision for one in followed.wait().status.history if one.number == 1]

    site.follow(ref, rollback=BACK)
    back = followed.wait(reason="RolledBack")
    assert _definition(site, ref) == healthy
    assert back.message() == (
        f"Rolled back from main@{bad[:8]} to revision 1 (main@{good[-40:][:8]}) until the next "
        f"commit; skipped: {bad[:8]}."
    )
    assert back.status.last_applied_revision == good
    assert (back.status.last_attempted_revision or "").endswith(bad)
    assert [one.number for one in back.status.history] == [3, 2, 1]
    assert back.status.rollback
    assert back.status.rollback.state is RollbackState.ACTIVE
    assert back.status.rollback.skipped == (bad,)
    told = followed.wait_events("Succeeded", "Succeeded", "RolledBack")
    assert told[-1] == Event("Normal", "RolledBack", back.message())

    again = followed.reconcile()
    assert again.status.conditions == back.status.conditions
    assert _definition(site, ref) == healthy

    fixed = repo.commit({FILE: workflow_yaml(f"{ref}.workflow_001", 4)})
    on = followed.reconcile()
    assert (on.status.last_applied_revision or "").endswith(fixed)
    assert on.summary()["Ready"] == ("True", "Succeeded")
    assert on.message().endswith(
        "spec.rollback to revision 1 has ended and is ignored; it can be removed."
    )
    assert on.status.rollback
    assert on.status.rollback.state is RollbackState.ENDED

    site.follow(ref)
    gone = followed.wait_until(lambda seen: seen.is_current and seen.status.rollback is None)
    assert "rollback" not in gone.message()


def test_back_while_git_is_away_right_after_a_restart(make_site: MakeSite) -> None:
    site = make_site()
    site.controller.start()
    _, followed, healthy, bad = _bad(site, "demo")
    site.controller.stop()
    site.git.down()

    site.follow("demo", rollback=BACK)
    site.controller.start()
    back = followed.wait(reason="RolledBack")
    assert _definition(site, "demo") == healthy
    assert back.summary()["Fetched"] == ("False", "GitUnreachable")
    assert "Reconciling" not in back.summary()
    assert back.status.next_sync_time

    site.controller.stop()
    site.git.up()
    site.controller.start()
    seen = followed.wait("Fetched", "True")
    assert seen.summary()["Ready"] == ("True", "RolledBack")
    assert (seen.status.last_attempted_revision or "").endswith(bad)
    assert _definition(site, "demo") == healthy


def test_back_until_the_field_is_removed(site: Site, ref: str) -> None:
    repo, followed, healthy, _ = _bad(site, ref)
    site.follow(ref, rollback={**BACK, "until": "Removed"})
    back = followed.wait(reason="RolledBack")
    assert back.message().endswith("until spec.rollback is removed.")
    newest = repo.commit({FILE: workflow_yaml(f"{ref}.workflow_001", 4)})
    followed.reconcile()
    assert _definition(site, ref) == healthy

    site.follow(ref)
    on = followed.wait(revision=newest)
    assert on.status.rollback is None
    assert (on.status.last_applied_revision or "").endswith(newest)


def test_back_without_the_secret_of_the_repository(site: Site, ref: str) -> None:
    _, followed, healthy, _ = _bad(site, ref)
    site.follow(ref, git={"secretRef": {"name": "lost"}}, rollback=BACK)
    back = followed.wait(reason="RolledBack")
    assert back.summary()["Fetched"] == ("False", "SecretNotFound")
    assert _definition(site, ref) == healthy


def test_a_revision_that_is_not_recorded_stalls(site: Site, ref: str) -> None:
    _, followed, healthy, _ = _bad(site, ref)
    site.follow(ref, rollback={"revision": 9})
    seen = followed.wait("Stalled", reason="RevisionNotFound")
    assert "those that can be applied are 1 to 2." in seen.message()
    assert _definition(site, ref) != healthy

    site.follow(ref, rollback=BACK)
    followed.wait(reason="RolledBack")
    assert _definition(site, ref) == healthy


def test_suspended_it_stays_where_it_is(site: Site, ref: str) -> None:
    _, followed, healthy, _ = _bad(site, ref)
    site.follow(ref, rollback=BACK, suspend=True)
    followed.wait("Ready", "False", "Suspended")
    assert _definition(site, ref) != healthy
    site.follow(ref, rollback=BACK)
    followed.wait(reason="RolledBack")
    eventually(lambda: _definition(site, ref) == healthy, followed.read)
