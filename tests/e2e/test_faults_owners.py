"""Packs that want one ref, and Packs that are deleted while their repository is away."""

from __future__ import annotations

import re

import psycopg
from typer.testing import CliRunner

from controller.cli import app
from hack.packrepo import pack, workflow_yaml
from tests.e2e.pack import Pack
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
    told = re.escape(f"Pack ref {ref!r} belongs to Pack {site.namespace}/owner since ")
    assert re.match(rf"{told}[-:TZ\d]+; nothing was written\. Delete or rename", lost.message())
    assert site.git.url("owner") not in lost.message()
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
    assert all(f"{site.namespace}/{winners[0]} since" in report.message() for report in losers)


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


def test_a_pack_removed_by_force_and_made_again_gets_its_rows_back(site: Site, ref: str) -> None:
    site.repo(ref).commit(pack(ref, workflows=2))
    owner = site.follow(ref)
    owner.wait()
    before = site.everything(ref)
    _vanish(owner)
    made = site.follow(ref).wait()
    assert made.summary()["Ready"] == ("True", "Succeeded")
    assert site.everything(ref) == before
    owner.delete()
    owner.wait_gone()
    assert site.everything(ref) == (None, {}, {})


def test_what_a_vanished_pack_left_is_adopted_by_the_one_that_names_it(
    site: Site, ref: str
) -> None:
    site.repo(ref).commit(pack(ref, workflows=2))
    owner = site.follow(f"{ref}-owner", repo=ref)
    owner.wait()
    before = site.everything(ref)
    heir = site.follow(f"{ref}-heir", repo=ref)
    lost = heir.wait(truth="False", reason="RefConflict")
    name = f"{site.namespace}/{ref}-owner"
    assert f"annotate this one with attune.io/adopt={name}." in lost.message()

    # As long as it is there, nobody gets anything of it.
    heir.annotate("attune.io/adopt", name)
    assert heir.reconcile().summary()["Ready"] == ("False", "RefConflict")
    assert _owners(site, ref) == [f"{ref}-owner"]

    heir.annotate("attune.io/adopt", f"{site.namespace}/another")
    _vanish(owner)
    assert heir.reconcile().summary()["Ready"] == ("False", "RefConflict")
    heir.annotate("attune.io/adopt", name)
    assert heir.wait().summary()["Ready"] == ("True", "Succeeded")
    assert _owners(site, ref) == [f"{ref}-heir"]
    assert site.everything(ref) == before


def test_what_people_made_in_attune_is_adopted_where_it_is_named(site: Site, ref: str) -> None:
    repo = site.repo(ref)
    repo.commit(pack(ref, workflows=1))
    followed = site.follow(ref)
    followed.wait()
    with psycopg.connect(site.database) as connection:
        connection.execute(
            "INSERT INTO attune.action (ref, pack, pack_ref, label, entrypoint, is_adhoc)"
            " SELECT ref || '.mine', id, ref, 'Mine', 'mine.sh', true FROM attune.pack"
            " WHERE ref = %s",
            (ref,),
        )
    mine = site.actions(ref)[f"{ref}.mine"]
    assert followed.reconcile().summary()["Ready"] == ("True", "Succeeded")

    repo.commit({"workflows/mine.yaml": workflow_yaml(f"{ref}.mine")})
    refused = followed.reconcile()
    assert refused.summary()["Ready"] == ("False", "ActionConflict")
    assert f"attune.io/adopt={ref}.mine" in refused.message()
    assert f"{ref}.mine" not in site.definitions(ref)
    assert site.actions(ref)[f"{ref}.mine"] == mine

    followed.annotate("attune.io/adopt", f"{ref}.mine")
    followed.wait()
    assert f"{ref}.mine" in site.definitions(ref)
    assert site.actions(ref)[f"{ref}.mine"]["id"] == mine["id"]


def test_clusters_that_share_a_database_share_the_refs(own_site: Site) -> None:
    """A second controller under another name stands for the other cluster."""
    site = own_site
    site.repo("demo").commit(pack("demo", workflows=1))
    site.controller.stop()
    site.controller.settings["cluster"] = "east"
    site.controller.start()
    owner = site.follow("demo")
    owner.wait()
    before = site.everything("demo")
    site.controller.stop()
    site.controller.settings["cluster"] = "west"
    _vanish(owner)
    site.controller.start()
    rival = site.follow("demo")
    lost = rival.wait(truth="False", reason="RefConflict")
    assert f"belongs to Pack {site.namespace}/demo of cluster 'east' since" in lost.message()
    assert "`packctl adopt`" in lost.message()
    rival.annotate("attune.io/adopt", f"{site.namespace}/demo")
    assert rival.reconcile().summary()["Ready"] == ("False", "RefConflict")
    assert site.everything("demo") == before

    # A cluster that was rebuilt is given the name of the one before.
    site.controller.stop()
    site.controller.settings["cluster"] = "east"
    site.controller.start()
    assert rival.wait().summary()["Ready"] == ("True", "Succeeded")
    assert site.everything("demo") == before

    # Or, its name being what it is, somebody says at the command line that its Pack is the heir.
    site.controller.stop()
    site.controller.settings["cluster"] = "west"
    _vanish(rival)
    site.controller.start()
    heir = site.follow("demo")
    heir.wait(truth="False", reason="RefConflict")
    place = ("-n", site.namespace, "--kubeconfig", str(site.control_plane.kubeconfig))
    variables = {"PACKCTL_CLUSTER": "west", "PACKCTL_ALLOW_HTTP": "true"}
    command = ["adopt", "demo", *place, "--database", site.database, "--yes"]
    done = CliRunner(env=variables).invoke(app, command)
    assert done.exit_code == 0, done.output
    assert "of cluster 'east', which has it since" in " ".join(done.output.split())
    assert heir.reconcile().summary()["Ready"] == ("True", "Succeeded")
    assert site.everything("demo") == before


def _vanish(owner: Pack) -> None:
    """Remove a Pack by force: without its finalizer nobody lets go of its rows."""
    owner.force_delete()
    owner.wait_gone()


def _owners(site: Site, ref: str) -> list[str]:
    with psycopg.connect(site.database) as connection:
        text = "SELECT owner_name FROM attune_gitops.claims WHERE pack_ref = %s"
        return [name for (name,) in connection.execute(text, (ref,))]
