"""A Pack whose revisions wait for a person, as that person sees it."""

from __future__ import annotations

from controller.pack.spec import APPROVE
from hack.packrepo import PackRepo, pack, workflow_yaml
from tests.e2e.pack import Event, Pack
from tests.e2e.site import Site

FILE = "workflows/workflow_001.yaml"
PENDING = ("False", "PendingApproval")


def _waiting(site: Site, ref: str) -> tuple[PackRepo, Pack, str]:
    repo = site.repo(ref)
    commit = repo.commit(pack(ref, workflows=1))
    followed = site.follow(ref, activation="Manual")
    followed.wait("Ready", *PENDING)
    return repo, followed, commit


def _push(repo: PackRepo, ref: str, tasks: int) -> str:
    return repo.commit({FILE: workflow_yaml(f"{ref}.workflow_001", tasks)})


def _approve(followed: Pack) -> str:
    seen = followed.read()
    assert seen
    assert seen.status.pending_revision
    revision = seen.status.pending_revision.revision
    followed.annotate(APPROVE, revision)
    return revision


def test_a_revision_waits_until_it_is_approved(site: Site, ref: str) -> None:
    repo, followed, commit = _waiting(site, ref)
    seen = followed.wait("Ready", *PENDING)
    assert seen.status.pending_revision
    assert seen.status.pending_revision.revision.endswith(commit)
    assert seen.status.pending_revision.plan.created == 1
    assert seen.status.pending_revision.commit
    assert seen.message() == (
        f"main@{commit[:8]} waits for approval: 1 to create, the pack's row to write. Approve it "
        f"with: packctl approve {ref} -n {site.namespace} --revision {commit[:8]}"
    )
    assert not {"Stalled", "Reconciling"} & seen.summary().keys()
    assert site.everything(ref) == (None, {}, {})
    assert followed.wait_events("PendingApproval") == [
        Event("Normal", "PendingApproval", seen.message())
    ]
    again = followed.reconcile()
    assert again.status.pending_revision == seen.status.pending_revision

    assert _approve(followed).endswith(commit)
    done = followed.wait()
    assert done.status.pending_revision is None
    assert (done.status.last_applied_revision or "").endswith(commit)
    rows = site.everything(ref)

    second = _push(repo, ref, 3)
    held = followed.reconcile()
    assert held.summary()["Ready"] == PENDING
    assert (held.status.last_applied_revision or "").endswith(commit)
    assert (held.status.last_attempted_revision or "").endswith(second)
    assert site.everything(ref) == rows
    _approve(followed)
    assert (followed.wait().status.last_applied_revision or "").endswith(second)


def test_an_approval_counts_for_its_own_commit_only(site: Site, ref: str) -> None:
    repo, followed, first = _waiting(site, ref)
    second = _push(repo, ref, 3)
    old = _approve(followed)
    assert old.endswith(first)

    seen = followed.wait_until(
        lambda found: (found.status.last_attempted_revision or "").endswith(second)
    )
    assert seen.summary()["Ready"] == PENDING
    assert seen.message().endswith(
        f"The approval that was given is for main@{first[:8]}, which was not applied."
    )
    assert site.everything(ref) == (None, {}, {})
    assert _approve(followed).endswith(second)
    assert (followed.wait().status.last_applied_revision or "").endswith(second)


def test_automatic_applies_what_waits(site: Site, ref: str) -> None:
    _, followed, commit = _waiting(site, ref)
    site.follow(ref)
    done = followed.wait()
    assert done.status.pending_revision is None
    assert (done.status.last_applied_revision or "").endswith(commit)


def test_a_pack_that_waits_is_deleted_without_a_word(site: Site, ref: str) -> None:
    _, followed, _ = _waiting(site, ref)
    followed.delete()
    followed.wait_gone()
