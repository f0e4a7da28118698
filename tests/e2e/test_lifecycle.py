"""A Pack from its first commit to its deletion, as its user lives through it."""

from __future__ import annotations

import re

import pytest

from controller.pack.spec import FINALIZER
from hack.packrepo import pack, workflow_yaml
from tests.e2e.pack import Event
from tests.e2e.site import Site
from tests.e2e.waiting import eventually

GOOD = {
    "Ready": ("True", "Succeeded"),
    "Fetched": ("True", "Succeeded"),
    "Validated": ("True", "Succeeded"),
    "Synced": ("True", "Succeeded"),
    "DriftFree": ("True", "Succeeded"),
}


def test_the_first_sync_writes_the_rows(site: Site, ref: str) -> None:
    site.repo(ref).commit(pack(ref, workflows=2))

    site.follow(ref).wait()

    row, definitions, actions = site.everything(ref)
    assert row is not None
    assert (row["version"], row["source_type"], row["source_url"]) == (
        "1.0.0",
        "git",
        site.git.url(ref),
    )
    assert list(definitions) == list(actions) == [f"{ref}.workflow_001", f"{ref}.workflow_002"]
    for name, definition in definitions.items():
        assert definition["pack"] == actions[name]["pack"] == row["id"]
        assert actions[name]["workflow_def"] == definition["id"]
    assert actions[f"{ref}.workflow_001"]["entrypoint"] == "workflows/workflow_001.workflow.yaml"


def test_the_first_sync_fills_the_status(site: Site, ref: str) -> None:
    commit = site.repo(ref).commit(pack(ref, workflows=2), "Add the pack")

    seen = site.follow(ref, git={"ref": {"branch": "main"}}).wait()

    assert seen.summary() == GOOD
    assert seen.message() == f"Applied main@{commit[:8]}: 2 workflows, 2 created."
    status = seen.body["status"]
    revision = f"main@sha1:{commit}"
    assert status["observedGeneration"] == 1
    assert status["pack"] == {"ref": ref, "version": "1.0.0"}
    assert status["source"] == {"url": site.git.url(ref), "ref": "main"}
    assert status["revision"] == f"main@{commit[:8]}"
    assert status["lastAttemptedRevision"] == status["lastAppliedRevision"] == revision
    assert status["commit"] == {
        "author": "Pack Author",
        "time": "2023-11-14T22:13:20Z",
        "subject": "Add the pack",
    }
    assert status["sync"]["durationMs"] > 0
    assert {name: count for name, count in status["sync"].items() if name != "durationMs"} == {
        "packRef": ref,
        "loadedCount": 2,
        "registeredCount": 2,
        "callers": [],
        "created": 2,
        "updated": 0,
        "unchanged": 0,
        "pruned": 0,
        "skipped": 0,
    }
    assert status["validation"] == {
        "validatedCount": 2,
        "errorCount": 0,
        "warningCount": 0,
        "totalCount": 0,
        "truncated": False,
        "diagnostics": [],
    }
    assert status["workflowCount"] == 2
    assert [(one["ref"], one["file"], len(one["digest"])) for one in status["workflows"]] == [
        (f"{ref}.workflow_001", "workflows/workflow_001.yaml", 12),
        (f"{ref}.workflow_002", "workflows/workflow_002.yaml", 12),
    ]
    assert status["history"] == [
        {
            "number": 1,
            "revision": revision,
            "time": status["lastSyncTime"],
            "created": 2,
            "updated": 0,
            "pruned": 0,
        }
    ]
    assert "nextSyncTime" not in status
    assert seen.body["metadata"]["finalizers"] == [FINALIZER]


def test_kubectl_shows_it_in_a_line_and_an_event(site: Site, ref: str) -> None:
    commit = site.repo(ref).commit(pack(ref, workflows=3))
    followed = site.follow(ref)
    followed.wait()

    table = site.control_plane.kubectl("get", "pk", ref, "-n", site.namespace)
    events = followed.wait_events("Succeeded")

    header, line = table.splitlines()
    assert header.split() == ["NAME", "REF", "READY", "STATUS", "REVISION", "WORKFLOWS", "AGE"]
    said = f"Applied main@{commit[:8]}: 3 workflows, 3 created."
    *cells, _age = re.split(r" {2,}", line)
    assert cells == [ref, ref, "True", said, f"main@{commit[:8]}", "3"]
    assert events == [Event("Normal", "Succeeded", said)]


def test_each_interval_it_looks_and_writes_only_what_is_new(site: Site, ref: str) -> None:
    repo = site.repo(ref)
    repo.commit(pack(ref, workflows=2))
    followed = site.follow(ref, interval="10s")
    first = followed.wait()
    rows = site.everything(ref)
    looks = site.git.count(ref)
    eventually(lambda: site.git.count(ref) > looks, lambda: "nobody looked at the repository")

    commit = repo.commit({"workflows/workflow_002.yaml": workflow_yaml(f"{ref}.workflow_002", 1)})
    second = followed.wait(revision=commit)

    assert second.message() == f"Applied main@{commit[:8]}: 2 workflows, 1 updated."
    writes = followed.changes_since(first.version)
    assert [one.version for one in writes] == [second.version], "one write for one push"
    _, old_definitions, old_actions = rows
    _, definitions, actions = site.everything(ref)
    left_alone = f"{ref}.workflow_001"
    assert definitions[left_alone] == old_definitions[left_alone]
    assert actions[left_alone] == old_actions[left_alone]
    assert len(definitions[f"{ref}.workflow_002"]["definition"]["tasks"]) == 1


@pytest.mark.parametrize("flux", [False, True], ids=["own annotation", "Flux's annotation"])
def test_a_request_for_the_same_commit_only_notes_that_it_was_handled(
    site: Site, ref: str, *, flux: bool
) -> None:
    site.repo(ref).commit(pack(ref, workflows=2))
    followed = site.follow(ref)
    before = followed.wait()
    rows = site.everything(ref)

    after = followed.reconcile(flux=flux)

    assert site.everything(ref) == rows
    handled = after.body["status"].pop("lastHandledReconcileAt")
    assert handled
    assert after.body["status"] == before.body["status"]
    written = [one.version for one in followed.changes_since(before.version)]
    assert len(written) == 2, "the annotation and one status"
    followed.wait_events("Succeeded")


def test_a_file_that_is_gone_is_pruned(site: Site, ref: str) -> None:
    repo = site.repo(ref)
    repo.commit(pack(ref, workflows=2))
    followed = site.follow(ref)
    followed.wait()

    commit = repo.commit({"workflows/workflow_001.yaml": None})
    seen = followed.reconcile()

    assert seen.message() == f"Applied main@{commit[:8]}: 1 workflow, 1 pruned."
    assert list(site.definitions(ref)) == list(site.actions(ref)) == [f"{ref}.workflow_002"]
    assert [one.ref for one in seen.status.workflows] == [f"{ref}.workflow_002"]
    assert [one.pruned for one in seen.status.history] == [1, 0]


def test_suspended_it_is_left_alone_until_it_is_resumed(site: Site, ref: str) -> None:
    repo = site.repo(ref)
    first = repo.commit(pack(ref, workflows=1))
    followed = site.follow(ref)
    followed.wait()
    rows = site.everything(ref)

    site.follow(ref, suspend=True)
    followed.wait("Ready", "False", "Suspended")
    commit = repo.commit(pack(ref, workflows=2))
    suspended = followed.reconcile()

    assert suspended.summary() == {**GOOD, "Ready": ("False", "Suspended")}
    assert "spec.suspend" in suspended.message()
    assert suspended.status.last_applied_revision == f"main@sha1:{first}"
    assert site.everything(ref) == rows

    site.follow(ref)
    resumed = followed.wait(revision=commit)
    assert resumed.summary() == GOOD
    assert len(site.definitions(ref)) == 2


def test_deleting_the_pack_deletes_its_rows(site: Site, ref: str) -> None:
    site.repo(ref).commit(pack(ref, workflows=2))
    followed = site.follow(ref)
    followed.wait()

    followed.delete()
    followed.wait_gone()

    assert site.everything(ref) == (None, {}, {})


def test_retained_rows_outlive_the_pack_and_the_next_one_takes_them_over(
    site: Site, ref: str
) -> None:
    site.repo(ref).commit(pack(ref, workflows=2))
    followed = site.follow(ref, deletionPolicy="Retain")
    followed.wait()
    rows = site.everything(ref)

    followed.delete()
    followed.wait_gone()

    assert site.everything(ref) == rows
    successor = site.follow(f"{ref}-next", repo=ref)
    assert successor.wait().status.workflow_count == 2
    assert site.everything(ref) == rows


def test_in_a_monorepo_only_its_own_folder_counts(site: Site, ref: str) -> None:
    repo = site.repo(ref)
    mine = {f"packs/mine/{path}": text for path, text in pack(ref, workflows=2).items()}
    repo.commit({**mine, "packs/other/pack.yaml": "not: [a pack"})
    followed = site.follow(ref, git={"path": "packs/mine"})
    before = followed.wait()
    rows = site.everything(ref)

    commit = repo.commit({"packs/other/pack.yaml": "still: [not a pack"}, "Elsewhere")
    after = followed.reconcile()

    assert after.summary() == GOOD
    assert after.message() == f"In sync with main@{commit[:8]}."
    assert site.everything(ref) == rows
    assert after.status.last_applied_revision == f"main@sha1:{commit}"
    assert after.status.last_attempted_revision == f"main@sha1:{commit}"
    assert after.status.commit
    assert after.status.commit.subject == "Elsewhere"
    unmoved = ("last_sync_time", "sync", "history", "workflows", "validation", "pack")
    assert [getattr(after.status, name) for name in unmoved] == [
        getattr(before.status, name) for name in unmoved
    ]
