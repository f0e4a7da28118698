"""The annotation that holds a Pack back and has each revision planned, until it is removed."""

from __future__ import annotations

from controller.pack.spec import DRY_RUN
from hack.packrepo import pack
from tests.e2e.pack import Pack, Report
from tests.e2e.site import Site
from tests.e2e.test_lifecycle import GOOD
from tests.store.make import row_versions


def _answered(followed: Pack, value: str) -> Report:
    def fits(seen: Report) -> bool:
        told = seen.status.dry_run
        return told is not None and told.handled_at == value

    return followed.wait_until(fits)


def test_nothing_is_written_until_the_annotation_goes(site: Site, ref: str) -> None:
    repo = site.repo(ref)
    first = repo.commit(pack(ref, workflows=2))
    followed = site.follow(ref)
    followed.wait()
    rows = row_versions(site.database)

    followed.annotate(DRY_RUN, "one")
    same = _answered(followed, "one")
    assert same.summary() == GOOD
    second = repo.commit({**pack(ref, workflows=3), "workflows/workflow_001.yaml": None})
    followed.annotate(DRY_RUN, "two")
    held = _answered(followed, "two")

    told = held.status.dry_run
    assert told
    assert told.plan
    assert told.revision == f"main@sha1:{second}"
    assert (told.plan.created, told.plan.pruned, told.plan.unchanged) == (1, 1, 1)
    assert held.summary() == {**GOOD, "Ready": ("False", "DryRun")}
    assert "reconcile.attune.io/dryRun" in held.message()
    third = repo.commit(pack(ref, workflows=4))
    again = followed.reconcile()
    assert again.status.dry_run
    assert again.status.dry_run.plan
    assert (again.status.dry_run.handled_at, again.status.dry_run.plan.created) == ("two", 2)
    assert again.status.last_applied_revision == f"main@sha1:{first}"
    assert row_versions(site.database) == rows

    followed.annotate(DRY_RUN, None)
    seen = followed.wait(revision=third)
    assert seen.summary() == GOOD
    assert seen.status.dry_run is None
    assert len(site.definitions(ref)) == 4
    followed.wait_events("Succeeded", "DryRun", "DryRun", "DryRun", "Succeeded")
