"""What a Pack's policies keep out of the database or in it."""

from __future__ import annotations

from hack.packrepo import pack, workflow_yaml
from tests.e2e.site import Site

FIRST = "workflows/workflow_001.yaml"
SECOND = "workflows/workflow_002.yaml"


def test_with_prune_false_a_workflow_gone_from_git_stays(site: Site, ref: str) -> None:
    repo = site.repo(ref)
    repo.commit(pack(ref, workflows=2))
    followed = site.follow(ref, prune=False)
    followed.wait()
    rows = site.definitions(ref)

    repo.commit({FIRST: None})
    seen = followed.reconcile()

    assert seen.summary()["Ready"] == ("True", "Succeeded")
    assert seen.status.sync
    assert (seen.status.sync.pruned, seen.status.workflow_count) == (0, 2)
    assert site.definitions(ref) == rows

    site.follow(ref)
    followed.wait()
    assert list(site.definitions(ref)) == [f"{ref}.workflow_002"]


def test_a_revision_without_workflows_is_refused_until_it_is_allowed(site: Site, ref: str) -> None:
    repo = site.repo(ref)
    repo.commit(pack(ref, workflows=2))
    followed = site.follow(ref)
    good = followed.wait()
    rows = site.everything(ref)

    commit = repo.commit({FIRST: None, SECOND: None})
    refused = followed.reconcile()

    assert refused.summary() == {
        "Ready": ("False", "EmptyPack"),
        "Stalled": ("True", "EmptyPack"),
        "Fetched": ("True", "Succeeded"),
        "Validated": ("True", "Succeeded"),
        "Synced": ("False", "EmptyPack"),
        "DriftFree": ("True", "Succeeded"),
    }
    assert refused.message() == (
        f"This revision of pack '{ref}' has no workflow, and 2 in the database would be removed. "
        "Set spec.allowEmpty to true if that is meant."
    )
    assert site.everything(ref) == rows
    assert refused.status.last_attempted_revision == f"main@sha1:{commit}"
    assert refused.status.last_applied_revision == good.status.last_applied_revision

    site.follow(ref, allowEmpty=True)
    allowed = followed.wait()
    assert allowed.status.workflow_count == 0
    assert (site.definitions(ref), site.actions(ref)) == ({}, {})
    assert site.everything(ref)[0] is not None


def test_block_applies_a_commit_whole_or_not_at_all(site: Site, ref: str) -> None:
    repo = site.repo(ref)
    repo.commit(pack(ref, workflows=2))
    followed = site.follow(ref)
    good = followed.wait()
    rows = site.everything(ref)

    repo.commit(_one_good_and_one_bad(ref))
    blocked = followed.reconcile()

    assert blocked.summary() == {
        "Ready": ("False", "ValidationFailed"),
        "Stalled": ("True", "ValidationFailed"),
        "Fetched": ("True", "Succeeded"),
        "Validated": ("False", "ValidationFailed"),
        "Synced": ("True", "Succeeded"),
        "DriftFree": ("True", "Succeeded"),
    }
    assert f"1 error: {SECOND}:1:1 ATT202 " in blocked.message()
    assert "Correct the files: the last good revision stays" in blocked.message()
    assert site.everything(ref) == rows
    assert blocked.status.last_applied_revision == good.status.last_applied_revision
    assert blocked.status.workflows == good.status.workflows

    repo.commit({SECOND: workflow_yaml(f"{ref}.workflow_002", 3)})
    healed = followed.reconcile()
    assert healed.summary()["Ready"] == ("True", "Succeeded")
    assert "Stalled" not in healed.summary()
    assert _tasks(site, ref) == [1, 3]


def test_skip_applies_the_rest_and_keeps_the_last_good_version(site: Site, ref: str) -> None:
    repo = site.repo(ref)
    repo.commit(pack(ref, workflows=2, tasks=2))
    followed = site.follow(ref, validation={"onInvalid": "Skip"})
    followed.wait()
    kept = site.definitions(ref)[f"{ref}.workflow_002"]

    commit = repo.commit(_one_good_and_one_bad(ref))
    partial = followed.reconcile()

    assert partial.summary() == {
        "Ready": ("False", "PartiallySynced"),
        "Stalled": ("True", "PartiallySynced"),
        "Fetched": ("True", "Succeeded"),
        "Validated": ("False", "ValidationFailed"),
        "Synced": ("False", "PartiallySynced"),
        "DriftFree": ("True", "Succeeded"),
    }
    assert partial.message().startswith(f"1 workflow applied, 1 invalid; 1 error: {SECOND}:1:1 ")
    assert partial.status.last_applied_revision == f"main@sha1:{commit}"
    assert partial.status.workflow_count == 2
    assert _tasks(site, ref) == [1, 2]
    assert site.definitions(ref)[f"{ref}.workflow_002"] == kept

    repo.commit({SECOND: workflow_yaml(f"{ref}.workflow_002", 3)})
    assert followed.reconcile().summary()["Ready"] == ("True", "Succeeded")
    assert _tasks(site, ref) == [1, 3]


def test_with_update_existing_false_new_workflows_come_and_old_ones_stay(
    site: Site, ref: str
) -> None:
    repo = site.repo(ref)
    repo.commit(pack(ref, workflows=1, tasks=2))
    followed = site.follow(ref, updateExisting=False)
    followed.wait()

    repo.commit(pack(ref, workflows=2, tasks=3))
    seen = followed.reconcile()

    assert seen.status.sync
    assert (seen.status.sync.created, seen.status.sync.updated) == (1, 0)
    assert seen.status.sync.skipped == 1
    assert "1 left alone" in seen.message()
    assert _tasks(site, ref) == [2, 3]


def _one_good_and_one_bad(ref: str) -> dict[str, str]:
    """A change of the first workflow, and a second one that lacks its version."""
    return {
        FIRST: workflow_yaml(f"{ref}.workflow_001", 1),
        SECOND: workflow_yaml(f"{ref}.workflow_002", version=None),
    }


def _tasks(site: Site, ref: str) -> list[int]:
    """How many tasks each workflow of the pack has in the database, by ref."""
    return [len(row["definition"]["tasks"]) for row in site.definitions(ref).values()]
