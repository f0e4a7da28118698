"""`packctl rollback` and `packctl approve` against a cluster, as an operator types them."""

from __future__ import annotations

import json
import re

from typer.testing import CliRunner

from controller.cli import app
from hack.packrepo import PackRepo, pack, workflow_yaml
from tests.e2e.pack import Pack
from tests.e2e.site import Site

FILE = "workflows/workflow_001.yaml"


def _packctl(site: Site, *typed: str, code: int = 0, database: bool = False) -> str:
    where = ["-n", site.namespace, "--kubeconfig", str(site.control_plane.kubeconfig)]
    env = {"PACKCTL_DATABASE_URL": site.database} if database else {}
    done = CliRunner(env=env).invoke(app, [*typed, *where])
    assert done.exit_code == code, done.output
    return done.output.replace("\n", " ")


def _twice(site: Site, ref: str) -> tuple[PackRepo, Pack]:
    repo = site.repo(ref)
    repo.commit(pack(ref, workflows=1))
    followed = site.follow(ref)
    followed.wait()
    _push(repo, ref, 3)
    followed.reconcile()
    return repo, followed


def _push(repo: PackRepo, ref: str, tasks: int) -> str:
    return repo.commit({FILE: workflow_yaml(f"{ref}.workflow_001", tasks)})


def test_back_and_forward(site: Site, ref: str) -> None:
    repo, followed = _twice(site, ref)
    healthy = site.everything(ref)
    planned = _packctl(site, "rollback", ref, "--dry-run", database=True)
    assert f"{ref}.workflow_001" in planned
    assert site.everything(ref) == healthy

    said = _packctl(site, "rollback", ref, "--wait")
    assert "✓ Rolled back from main@" in said
    assert "to revision 1 (main@" in said
    assert followed.wait().summary()["Ready"] == ("True", "RolledBack")

    fixed = _push(repo, ref, 4)
    followed.reconcile()
    again = _packctl(site, "rollback", ref, "1", "--wait")
    assert "to revision 1 (main@" in again
    assert fixed[:8] in again

    undone = _packctl(site, "rollback", ref, "--undo", "--wait")
    assert f"Applied main@{fixed[:8]}" in undone
    assert "asks for no rollback" in _packctl(site, "rollback", ref, "--undo")


def test_until_removed_by_the_name_of_a_commit(site: Site, ref: str) -> None:
    _, followed = _twice(site, ref)
    seen = followed.read()
    assert seen
    first = seen.status.history[-1].revision
    typed = ("rollback", ref, first, "--until", "Removed", "-o", "json")
    told = json.loads(_packctl(site, *typed, database=True))
    assert told["rollback"] == {"revision": 1, "until": "Removed"}
    followed.wait(reason="RolledBack")


def test_what_cannot_be(site: Site, ref: str) -> None:
    _, followed = _twice(site, ref)
    assert "no revision 9" in _packctl(site, "rollback", ref, "9", "--wait", code=1)
    assert "keeps no revision ~7" in _packctl(site, "rollback", ref, "~7", code=2)
    assert "no Pack" in _packctl(site, "rollback", f"{ref}-x", code=2)
    assert "No revision of Pack" in _packctl(site, "approve", ref, code=1)
    site.follow(ref, suspend=True)
    followed.wait("Ready", "False", "Suspended")
    assert "Suspended" in _packctl(site, "rollback", ref, "1", "--wait", code=1)


def test_a_person_approves_what_waits(site: Site, ref: str) -> None:
    repo = site.repo(ref)
    first = repo.commit(pack(ref, workflows=1))
    followed = site.follow(ref, activation="Manual")
    followed.wait("Ready", "False", "PendingApproval")
    said = _packctl(site, "approve", ref, "--revision", first[:8], "--wait")
    assert f"{ref}.workflow_001" in said
    assert f"Approved and applied main@{first[:8]}" in said
    assert (followed.wait().status.last_applied_revision or "").endswith(first)

    told = followed.wait_events("PendingApproval", "Succeeded")
    assert re.search(r"Approved by \S+\.$", told[-1].message)

    second = _push(repo, ref, 3)
    followed.reconcile()
    other = _packctl(site, "approve", ref, "--revision", first[:8], code=1)
    assert f"main@{second[:8]} does" in other
    third = _push(repo, ref, 4)
    moved = _packctl(site, "approve", ref, "--wait", code=1)
    assert f"main@{third[:8]} waits for approval" in moved
    told = json.loads(_packctl(site, "approve", ref, "-o", "json"))
    assert told["plan"]["updated"] == 1
    assert (followed.wait().status.last_applied_revision or "").endswith(third)
