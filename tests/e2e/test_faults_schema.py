"""Packs that are stored though no schema would take them today."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from hack.localcluster import ControlPlane, Postgres
from hack.packrepo import pack
from tests.e2e.site import installed

_CRD = Path(__file__).parents[2] / "crds" / "attune.io_packs.yaml"


def test_a_pack_that_cannot_be_read_stops_no_other(postgres: Postgres) -> None:
    """In a cluster of its own, whose schema takes anything: as after an upgrade of the resource."""
    loose: dict[str, Any] = yaml.safe_load(_CRD.read_text())
    for version in loose["spec"]["versions"]:
        spec = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
        version["schema"]["openAPIV3Schema"]["properties"]["spec"] = spec
        version["schema"]["openAPIV3Schema"].pop("x-kubernetes-validations", None)
    with ControlPlane() as cluster:
        cluster.kubectl("apply", "--server-side", "-f", "-", input=yaml.safe_dump(loose))
        cluster.wait_served("crd/packs.attune.io")
        with installed(cluster, postgres) as site:
            commit = site.repo("good").commit(pack("good", workflows=1))
            poison = site.pack("poison")
            poison.apply({"git": {"url": 5}, "interval": ["never"]})
            site.controller.start()
            site.follow("good").wait(revision=commit)
            seen = poison.wait(truth="False", reason="InvalidSpec")
            assert seen.summary()["Stalled"] == ("True", "InvalidSpec")
            assert "spec.git.url" in seen.message()
            poison.delete()
            poison.wait_gone()
            assert site.controller.stop() == 0
