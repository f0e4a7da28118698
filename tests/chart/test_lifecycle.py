"""Upgrade, uninstall, install again; each test leaves the release installed as it found it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from hack.localcluster import ControlPlane
from hack.localcluster.cluster import CommandError
from tests.chart.release import CHART, SYSTEM, Body, install, pack, read

_CRD = "customresourcedefinition/packs.attune.io"


@pytest.fixture
def older_chart(tmp_path: Path) -> Path:
    """The chart as it would be if Packs had no short name yet."""
    copy = Path(shutil.copytree(CHART, tmp_path / "chart"))
    crd = copy / "files" / "attune.io_packs.yaml"
    body: Body = yaml.safe_load(crd.read_text())
    del body["spec"]["names"]["shortNames"]
    crd.write_text(yaml.safe_dump(body))
    return copy


def test_packs_outlive_the_release_and_the_definition_is_upgraded(
    control_plane: ControlPlane, older_chart: Path
) -> None:
    install(control_plane, "attune", chart=older_chart, verb="upgrade")
    control_plane.wait_served(_CRD)
    control_plane.kubectl("create", "-f", "-", input=pack("default", "kept"))
    assert "shortNames" not in read(control_plane, _CRD)["spec"]["names"]

    install(control_plane, "attune", verb="upgrade")
    assert read(control_plane, _CRD)["spec"]["names"]["shortNames"] == ["pk"]

    assert "kept" in control_plane.helm("uninstall", "attune", "--namespace", SYSTEM)
    assert read(control_plane, "packs.attune.io/kept", "-n", "default")["spec"]
    with pytest.raises(CommandError, match="not found"):
        read(control_plane, "deployment/attune-attune-pack-controller", "-n", SYSTEM)

    install(control_plane, "attune")
    assert read(control_plane, "packs.attune.io/kept", "-n", "default")["spec"]


def test_the_definition_installed_is_the_one_of_the_repository(control_plane: ControlPlane) -> None:
    crds = CHART.parents[1] / "crds"
    control_plane.kubectl("diff", "--server-side", "--force-conflicts", "-f", str(crds))


def test_notes_ask_for_the_secret_until_it_is_there(control_plane: ControlPlane) -> None:
    before = install(control_plane, "attune", verb="upgrade")
    assert "kubectl create secret generic attune-database --namespace attune-system" in before
    secret = ("secret", "generic", "attune-database", "-n", SYSTEM, "--from-literal=url=x")
    control_plane.kubectl("create", *secret)
    after = install(control_plane, "attune", verb="upgrade")
    assert "create secret" not in after
    assert "kubectl rollout status deployment/attune-attune-pack-controller" in after
