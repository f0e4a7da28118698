"""`packctl get`, `reconcile`, `suspend` and their neighbours, as an operator types them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from controller.cli import app
from hack.packrepo import PackRepo, pack, workflow_yaml
from tests.e2e.pack import Pack
from tests.e2e.site import Site

FILE = "workflows/workflow_001.yaml"
BROKEN = {FILE: "tasks: 1\n"}


def _where(site: Site, *, everywhere: bool = False) -> list[str]:
    place = [] if everywhere else ["-n", site.namespace]
    return [*place, "--kubeconfig", str(site.control_plane.kubeconfig)]


def _packctl(site: Site, *typed: str, code: int = 0, everywhere: bool = False) -> str:
    done = CliRunner().invoke(app, [*typed, *_where(site, everywhere=everywhere)])
    assert done.exit_code == code, done.output
    return done.output


def _followed(site: Site, ref: str) -> tuple[PackRepo, Pack]:
    repo = site.repo(ref)
    repo.commit(pack(ref, workflows=2))
    followed = site.follow(ref)
    followed.wait()
    return repo, followed


def _cells(table: str) -> list[list[str]]:
    return [re.split(r" {3,}", line.strip()) for line in table.splitlines()]


@pytest.mark.parametrize("form", ["text", "wide"])
def test_the_table_is_that_of_kubectl(site: Site, ref: str, form: str) -> None:
    _followed(site, ref)
    ours = _cells(_packctl(site, "get", ref, "-o", form))
    wide = ["-o", "wide"] if form == "wide" else []
    theirs = _cells(site.control_plane.kubectl("get", "packs", ref, "-n", site.namespace, *wide))
    ages = {ours[0].index(title) for title in ("AGE", "SYNCED") if title in ours[0]}
    assert theirs[0] == ours[0]
    for place, cell in enumerate(theirs[1]):
        known = re.compile(r"\d+s") if place in ages else re.compile(re.escape(cell))
        assert known.fullmatch(ours[1][place])


def test_get_for_programs(site: Site, ref: str) -> None:
    _followed(site, ref)
    site.follow(f"{ref}-2", repo=ref)
    site.control_plane.kubectl("label", "pack", ref, "-n", site.namespace, f"of={ref}")
    assert _packctl(site, "get", ref, "-o", "name") == f"pack.attune.io/{ref}\n"
    assert _packctl(site, "get", "-l", f"of={ref}", "-o", "name") == f"pack.attune.io/{ref}\n"
    one = json.loads(_packctl(site, "get", ref, "-o", "json"))
    assert one["metadata"]["name"] == ref
    assert "managedFields" not in one["metadata"]
    assert yaml.safe_load(_packctl(site, "get", ref, "-o", "yaml"))["spec"] == one["spec"]
    listed = json.loads(_packctl(site, "get", "-A", "-o", "json", everywhere=True))
    names = {found["metadata"]["name"] for found in listed["items"]}
    assert {ref, f"{ref}-2"} <= names
    assert _cells(_packctl(site, "get", "-A", everywhere=True))[0][:2] == ["NAMESPACE", "NAME"]
    assert "There is no Pack" in _packctl(site, "get", f"{ref}-x", code=2)
    assert "not both" in _packctl(site, "get", ref, "-l", "a=b", code=2)


def test_get_goes_on(site: Site, ref: str) -> None:
    _, followed = _followed(site, ref)
    typed = [sys.executable, "-m", "controller", "get", ref, "--watch", *_where(site)]
    with subprocess.Popen(typed, stdout=subprocess.PIPE, text=True) as running:
        try:
            assert running.stdout
            assert running.stdout.readline().startswith("NAME ")
            assert " True " in running.stdout.readline()
            site.follow(ref, suspend=True)
            followed.wait("Ready", "False", "Suspended")
            line = next(line for line in running.stdout if " False " in line)
            assert line.startswith(ref)
        finally:
            running.kill()


def test_reconcile_says_what_came_of_it(site: Site, ref: str) -> None:
    repo, followed = _followed(site, ref)
    good = repo.commit({FILE: workflow_yaml(f"{ref}.workflow_001", 3)})
    assert f"main@{good[:8]}" in _packctl(site, "reconcile", ref, "--wait")
    told = json.loads(_packctl(site, "reconcile", ref, "--wait", "-o", "json"))
    assert (told["ready"], told["revision"].endswith(good)) == ("True", True)
    assert told["lastHandledReconcileAt"] == told["requestedAt"]

    bad = repo.commit(BROKEN)
    said = _packctl(site, "reconcile", ref)
    assert "Asked the controller" in said
    followed.wait("Ready", "False", revision=bad)
    assert "packctl: " in _packctl(site, "reconcile", ref, "--wait", code=1)
    assert "There is no Pack" in _packctl(site, "reconcile", f"{ref}-x", code=2)


def test_a_newer_request_of_another_kind_is_no_obstacle(site: Site, ref: str) -> None:
    _, followed = _followed(site, ref)
    followed.annotate("reconcile.fluxcd.io/requestedAt", "9999")
    followed.wait_until(lambda seen: seen.status.last_handled_reconcile_at == "9999")
    repo = site.repo(ref)
    good = repo.commit({FILE: workflow_yaml(f"{ref}.workflow_001", 3)})
    assert f"main@{good[:8]}" in _packctl(site, "reconcile", ref, "--wait")


def test_suspend_and_resume(site: Site, ref: str) -> None:
    repo, followed = _followed(site, ref)
    assert "is suspended." in _packctl(site, "suspend", ref, "--wait")
    assert followed.wait("Ready", "False", "Suspended")
    assert "suspended already" in _packctl(site, "suspend", ref)
    assert "packctl resume" in _packctl(site, "reconcile", ref, "--wait", code=1)
    good = repo.commit({FILE: workflow_yaml(f"{ref}.workflow_001", 3)})
    said = _packctl(site, "resume", ref, "--wait")
    assert f"main@{good[:8]}" in said
    assert json.loads(_packctl(site, "resume", ref, "-o", "json"))["changed"] is False


def test_describe(site: Site, ref: str) -> None:
    repo, followed = _followed(site, ref)
    bad = repo.commit(BROKEN)
    followed.reconcile()
    followed.wait_events("Succeeded", "ValidationFailed")
    said = _packctl(site, "describe", ref)
    assert re.search(rf"Name: +{ref}\n", said)
    assert re.search(rf"Seen last: +main@{bad[:8]}", said)
    for title in ("Conditions", "Problems", "History", "Events"):
        assert f"\n{title}\n" in said
    assert f"{FILE}:1:8" in said
    assert "ValidationFailed" in said.partition("\nEvents\n")[2]


def test_events(site: Site, ref: str) -> None:
    repo, followed = _followed(site, ref)
    followed.wait_events("Succeeded")
    typed = [sys.executable, "-m", "controller", "events", ref, "--watch", *_where(site)]
    with subprocess.Popen(typed, stdout=subprocess.PIPE, text=True) as running:
        try:
            assert running.stdout
            assert running.stdout.readline().startswith("LAST SEEN ")
            assert " Succeeded " in running.stdout.readline()
            repo.commit(BROKEN)
            followed.reconcile()
            assert " ValidationFailed " in running.stdout.readline()
        finally:
            running.kill()
    listed = json.loads(_packctl(site, "events", ref, "-o", "json"))["items"]
    assert [one["reason"] for one in listed] == ["Succeeded", "ValidationFailed"]
    assert "There is no Pack" in _packctl(site, "events", f"{ref}-x", code=2)


def test_tree(site: Site, ref: str) -> None:
    _followed(site, ref)
    drawn = _packctl(site, "tree", ref)
    assert f"Pack {site.namespace}/{ref}" in drawn
    assert f"{ref}.workflow_002" in drawn
    assert "core.echo" not in drawn
    assert "core.echo" in _packctl(site, "tree", ref, "--database", site.database)
    typed = ("tree", ref, "--database", site.database, "-o", "json")
    told = json.loads(_packctl(site, *typed))
    assert [one["ref"] for one in told["workflows"]] == [
        f"{ref}.workflow_001",
        f"{ref}.workflow_002",
    ]
    assert told["workflows"][0]["actions"] == ["core.echo"]


def test_a_plugin_of_kubectl(site: Site, ref: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _followed(site, ref)
    programs = Path(sys.executable).parent
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    kubeconfig = str(site.control_plane.kubeconfig)
    monkeypatch.setenv("KUBECONFIG", kubeconfig)
    plugin = ("pack", "get", ref, "-n", site.namespace, "-o", "name")
    assert site.control_plane.kubectl(*plugin) == f"pack.attune.io/{ref}\n"

    for typed in (["suspend", "-n", site.namespace, ref[:5]], ["get", "-n", site.namespace, ""]):
        asked = ("__complete", "pack", *typed)
        found = site.control_plane.kubectl(*asked).splitlines()
        assert ref in found
    assert "reconcile" in site.control_plane.kubectl("__complete", "pack", "rec").splitlines()
