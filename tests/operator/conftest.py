from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from controller.operator.access import load_config
from controller.operator.cluster import Cluster
from controller.pack.identity import PackKey
from hack.localcluster import ControlPlane

CRD = Path(__file__).parents[2] / "crds" / "attune.io_packs.yaml"

MakePack = Callable[[str], PackKey]


def pack(namespace: str, name: str) -> str:
    """The shortest manifest of a Pack."""
    return (
        "{apiVersion: attune.io/v1alpha1, kind: Pack, "
        f"metadata: {{name: {name}, namespace: {namespace}}}, "
        "spec: {git: {url: 'https://git.example.com/packs.git'}}}"
    )


@pytest.fixture(scope="session")
def packs_served(control_plane: ControlPlane) -> None:
    """The CustomResourceDefinition of Packs is installed."""
    control_plane.kubectl("apply", "-f", str(CRD))
    control_plane.wait_served("-f", str(CRD))


@pytest.fixture
def cluster(control_plane: ControlPlane) -> Iterator[Cluster]:
    """A client of the shared API server."""
    client = Cluster(load_config(str(control_plane.kubeconfig)))
    yield client
    client.close()


@pytest.fixture
def namespace(control_plane: ControlPlane) -> str:
    """A namespace that only this test has."""
    name = f"test-{uuid.uuid4().hex[:8]}"
    control_plane.kubectl("create", "namespace", name)
    return name


@pytest.fixture
def make_pack(control_plane: ControlPlane, packs_served: None, namespace: str) -> MakePack:  # noqa: ARG001
    """Create a Pack of the name that is given, in this test's namespace."""

    def make(name: str) -> PackKey:
        control_plane.kubectl("create", "-f", "-", input=pack(namespace, name))
        return PackKey(namespace, name)

    return make
