"""The Pod of the Deployment in a namespace that enforces the restricted Pod Security Standard."""

from __future__ import annotations

import json

import pytest

from hack.localcluster import ControlPlane
from hack.localcluster.cluster import CommandError
from tests.chart.release import SYSTEM, Body, read


@pytest.fixture
def pod(control_plane: ControlPlane) -> Body:
    """The Pod that the Deployment of the release would make."""
    deployment = read(control_plane, "deployment/attune-attune-pack-controller", "-n", SYSTEM)
    template = deployment["spec"]["template"]
    metadata = {**template["metadata"], "name": "controller", "namespace": SYSTEM}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": template["spec"]}


def _create(cluster: ControlPlane, pod: Body) -> str:
    return cluster.kubectl("create", "--dry-run=server", "-f", "-", input=json.dumps(pod))


def test_the_pod_is_accepted(control_plane: ControlPlane, pod: Body) -> None:
    assert "pod/controller created" in _create(control_plane, pod)


def test_a_pod_that_may_be_root_is_not(control_plane: ControlPlane, pod: Body) -> None:
    spec = {**pod["spec"], "securityContext": {}}
    with pytest.raises(CommandError, match=r"violates PodSecurity.*runAsNonRoot"):
        _create(control_plane, {**pod, "spec": spec})


def test_the_container_cannot_write_to_its_image(pod: Body) -> None:
    (container,) = pod["spec"]["containers"]
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "readOnlyRootFilesystem": True,
    }


def test_the_token_is_there_because_the_pod_asks_for_it(
    control_plane: ControlPlane, pod: Body
) -> None:
    account = read(
        control_plane, f"serviceaccount/{pod['spec']['serviceAccountName']}", "-n", SYSTEM
    )
    assert account["automountServiceAccountToken"] is False
    assert pod["spec"]["automountServiceAccountToken"] is True
