from __future__ import annotations

import json
from datetime import UTC, datetime

import structlog

from controller.operator.cluster import Cluster
from controller.operator.events import event_body, post_event
from controller.status import Event, EventType
from hack.localcluster import ControlPlane
from tests.operator.conftest import MakePack

BAD = Event(EventType.WARNING, "GitUnreachable", "https://robot:hunter2@git.example.com is away")


def test_an_event_is_shown_with_its_pack(
    cluster: Cluster, make_pack: MakePack, control_plane: ControlPlane
) -> None:
    key = make_pack("payments")
    pack = cluster.get_pack(key)
    assert pack is not None
    post_event(cluster, pack, BAD)
    here = ("-n", key.namespace)
    described = control_plane.kubectl("describe", "pack", "payments", *here)
    assert "GitUnreachable" in described
    assert "https://***@git.example.com is away" in described
    (event,) = json.loads(control_plane.kubectl("get", "events", *here, "-o", "json"))["items"]
    assert event["type"] == "Warning"
    assert event["reportingComponent"] == "attune-pack-controller"
    assert event["involvedObject"]["uid"] == pack["metadata"]["uid"]


def test_an_event_that_cannot_be_posted_is_only_logged(
    cluster: Cluster, make_pack: MakePack
) -> None:
    pack = cluster.get_pack(make_pack("payments"))
    assert pack is not None
    pack["metadata"]["namespace"] = "absent"
    with structlog.testing.capture_logs() as logs:
        post_event(cluster, pack, BAD)
    assert [line["event"] for line in logs] == ["event not posted"]


def test_the_longest_name_of_a_pack_leaves_room_for_the_event() -> None:
    metadata = {"name": "a" * 253, "namespace": "ns", "uid": "u", "resourceVersion": "1"}
    pack = {"apiVersion": "attune.io/v1alpha1", "kind": "Pack", "metadata": metadata}
    body = event_body(pack, BAD, datetime(2026, 1, 1, tzinfo=UTC), "0123456789ab")
    assert len(body["metadata"]["name"]) == 253
    assert body["metadata"]["name"].endswith(".0123456789ab")
