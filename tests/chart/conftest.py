from __future__ import annotations

from collections.abc import Iterator

import pytest

from hack.localcluster import ControlPlane
from tests.chart.release import SYSTEM, install


@pytest.fixture(scope="package")
def control_plane() -> Iterator[ControlPlane]:
    """An API server with the release `attune`: apart from other tests', as it owns the CRD."""
    with ControlPlane() as cluster:
        for namespace in (SYSTEM, "team-a", "team-b"):
            cluster.kubectl("create", "namespace", namespace)
        cluster.kubectl(
            "label", "namespace", SYSTEM, "pod-security.kubernetes.io/enforce=restricted"
        )
        install(cluster, "attune")
        yield cluster
