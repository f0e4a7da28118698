from __future__ import annotations

import secrets
from pathlib import Path

import pytest

from hack.localcluster import ControlPlane

_CRD = Path(__file__).parents[2] / "crds" / "attune.io_packs.yaml"


@pytest.fixture(scope="session")
def cluster(control_plane: ControlPlane) -> ControlPlane:
    """An API server that serves Packs."""
    control_plane.kubectl("apply", "-f", str(_CRD))
    control_plane.wait_served("-f", str(_CRD))
    return control_plane


@pytest.fixture
def namespace(cluster: ControlPlane) -> str:
    """A namespace that only this test has."""
    name = f"crd-{secrets.token_hex(4)}"
    cluster.kubectl("create", "namespace", name)
    return name
