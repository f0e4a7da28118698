"""Packs that want one ref, and Packs that are deleted while their repository is away."""

from __future__ import annotations

import psycopg

from hack.packrepo import pack, workflow_yaml
from tests.e2e.site import Site
from tests.e2e.waiting import eventually


def test_one_ref_has_one_owner_and_passes_on_when_the_owner_goes(site: Site, ref: str) -> None:
    commit = site.repo("owner").commit(pack(ref, workflows=2))
    site.repo("rival").commit({**pack(ref), "workflows/other.yaml": workflow_yaml(f"{ref}.other")})
    owner = site.follow("owner")
    owner.wait(revision=commit)
    before = site.everything(ref)
    rival = site.follow("rival")
    lost = rival.wait(truth="False", reason="RefConflict")
    assert lost.message().startswith(
        f"Pack ref {ref!r} belongs to Pack {site.namespace}/owner; nothing was written."
    )
    assert lost.summary()["Synced"] == ("False", "RefConflict")
    assert lost.summary()["Stalled"] == ("True", "RefConflict")
    assert lost.status.last_applied_revision is None
    rival.reconcile()
    owner.reconcile()
    assert site.everything(ref) == before
    owner.delete()
    owner.wait_gone()
    won = rival.wait()
    assert "Stalled" not in won.summary()
    assert f"{ref}.other" in site.definitions(ref)
    assert _owners(site, ref) == ["rival"]


def test_deleting_the_loser_removes_nothing(site: Site, ref: str) -> None:
    site.repo(ref).commit(pack(ref, workflows=2))
    owner = site.follow(f"{ref}-owner", repo=ref)
    owner.wait()
    before = site.everything(ref)
    rival = site.follow(f"{ref}-rival", repo=ref)
    rival.wait(truth="False", reason="RefConflict")
    rival.delete()
    rival.wait_gone()
    assert site.everything(ref) == before
    assert _owners(site, ref) == [f"{ref}-owner"]
    assert owner.reconcile().summary()["Ready"] == ("True", "Succeeded")


def test_of_many_that_come_at_once_exactly_one_wins(site: Site, ref: str) -> None:
    site.repo(ref).commit(pack(ref, workflows=1))
    packs = [site.follow(f"{ref}-{number}", repo=ref) for number in range(8)]
    reports = [one.wait_until(lambda seen: seen.condition("Ready") is not None) for one in packs]
    winners = [
        one.name
        for one, report in zip(packs, reports, strict=True)
        if report.summary()["Ready"] == ("True", "Succeeded")
    ]
    assert winners == _owners(site, ref)
    losers = [report for report in reports if report.summary()["Ready"][0] == "False"]
    assert {report.summary()["Ready"][1] for report in losers} == {"RefConflict"}
    assert all(f"{site.namespace}/{winners[0]};" in report.message() for report in losers)


def test_a_deletion_needs_no_git(own_site: Site) -> None:
    site = own_site
    site.repo("demo").commit(pack("demo", workflows=2))
    demo = site.follow("demo")
    demo.wait()
    site.git.down()
    away = demo.reconcile()
    assert away.summary()["Ready"] == ("False", "GitUnreachable")
    assert away.status.workflow_count == 2
    demo.delete()
    demo.wait_gone()
    assert site.everything("demo") == (None, {}, {})
    assert _owners(site, "demo") == []


def test_a_deletion_waits_no_longer_than_its_timeout_for_a_repository_that_hangs(
    own_site: Site,
) -> None:
    site = own_site
    site.repo("demo").commit(pack("demo", workflows=2))
    demo = site.follow("demo", timeout="5s")
    demo.wait()
    site.git.hang("demo")
    asked = site.git.count("demo")
    demo.request()
    eventually(lambda: site.git.count("demo") > asked, site.controller.text)
    demo.delete()
    demo.wait_gone()
    assert site.everything("demo") == (None, {}, {})


def _owners(site: Site, ref: str) -> list[str]:
    with psycopg.connect(site.database) as connection:
        text = "SELECT owner_name FROM attune_gitops.claims WHERE pack_ref = %s"
        return [name for (name,) in connection.execute(text, (ref,))]
