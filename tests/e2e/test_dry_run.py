"""The annotation that holds a Pack back and has each revision planned, until it is removed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from typer.testing import CliRunner

from controller.cli import app
from controller.pack.spec import DRY_RUN
from hack.gitserver import Basic
from hack.packrepo import pack
from tests.e2e.pack import Pack, Report
from tests.e2e.site import Site
from tests.e2e.test_lifecycle import GOOD
from tests.store.make import query, row_versions


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


def _diff(site: Site, *typed: str) -> tuple[int, Mapping[str, Any]]:
    where = ("-n", site.namespace, "--kubeconfig", str(site.control_plane.kubeconfig))
    variables = {"PACKCTL_ALLOW_HTTP": "true", "PACKCTL_DATABASE_URL": site.database}
    done = CliRunner(env=variables).invoke(app, ["diff", *typed, *where, "-o", "json"])
    assert done.exit_code < 2, done.output
    return done.exit_code, json.loads(done.stdout)


def test_a_pack_is_planned_from_the_command_line(site: Site, ref: str) -> None:
    """With its Secret and its policy, and a branch of a pull request in place of its own."""
    repo = site.repo(ref)
    repo.commit(pack(ref, workflows=2))
    site.git.protect(ref, Basic("robot", "hunter2-secret"))
    site.secret("diff-login", username="robot", password="hunter2-secret")
    git = {"ref": {"branch": "main"}, "secretRef": {"name": "diff-login"}}
    followed = site.follow(ref, git=git, prune=False)
    followed.wait()
    rows = row_versions(site.database)
    assert _diff(site, ref)[0] == 0

    files = {**pack(ref, workflows=3), "workflows/workflow_001.yaml": None}
    commit = repo.commit(files, branch="fix")
    code, shown = _diff(site, ref, "--branch", "fix")

    assert code == 1
    assert (shown["to"], shown["owner"]) == (f"fix@sha1:{commit}", f"Pack {site.namespace}/{ref}")
    assert {one["ref"]: one["change"] for one in shown["workflows"]} == {
        f"{ref}.workflow_001": "kept",
        f"{ref}.workflow_003": "create",
    }
    assert shown["row"]["change"] == "unchanged"
    assert row_versions(site.database) == rows


def test_a_new_pack_can_begin_with_a_dry_run(site: Site, ref: str) -> None:
    site.repo(ref).commit(pack(ref, workflows=2))
    followed = site.pack(ref)
    followed.apply({"git": {"url": site.git.url(ref)}}, annotations={DRY_RUN: "new"})
    told = _answered(followed, "new").status.dry_run
    assert told
    assert told.message.endswith(": 2 to create, the pack's row to write.")
    assert site.everything(ref) == (None, {}, {})

    followed.delete()
    followed.wait_gone()
    kept = "SELECT pack_ref FROM attune_gitops.{} WHERE pack_ref = '{}'"
    tables = ("claims", "revisions", "attempts")
    assert [query(site.database, kept.format(table, ref)) for table in tables] == [[], [], []]
