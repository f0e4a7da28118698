from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from controller.operator.cluster import Cluster
from controller.operator.leader import Leader
from controller.operator.lease import Terms, holder
from hack.localcluster import ControlPlane

QUICK = Terms(duration=2, renew_within=1.0, renew_every=0.2, look_every=0.1, retry_every=0.1)

Candidate = Callable[[str], tuple[Leader, threading.Event]]


@pytest.fixture
def candidate(cluster: Cluster, namespace: str) -> Iterator[Candidate]:
    """Start a candidate of the name that is given; it, and an event set when it has lost."""
    started = []

    def start(name: str) -> tuple[Leader, threading.Event]:
        lost = threading.Event()
        leader = Leader(cluster, namespace, "packs", name, lost.set, terms=QUICK)
        leader.start()
        started.append(leader)
        return leader, lost

    yield start
    for leader in started:
        leader.stop()


def held_by(cluster: Cluster, namespace: str) -> str:
    return holder(cluster.get_lease(namespace, "packs") or {})


def test_one_leads_and_the_next_takes_over_when_it_stops(
    cluster: Cluster, namespace: str, candidate: Candidate
) -> None:
    first, first_lost = candidate("first")
    assert first.leading.wait(10)
    second, _ = candidate("second")
    assert not second.leading.wait(QUICK.duration * 1.5)
    first.stop()
    # Given back, not expired: the Lease is free at once.
    assert held_by(cluster, namespace) in {"", "second"}
    assert second.leading.wait(10)
    assert held_by(cluster, namespace) == "second"
    assert not first.leading.is_set()
    assert not first_lost.is_set()


def test_a_leader_that_fell_silent_is_replaced(
    cluster: Cluster, namespace: str, candidate: Candidate
) -> None:
    cluster.create_lease(
        {
            "metadata": {"namespace": namespace, "name": "packs"},
            "spec": {"holderIdentity": "gone", "leaseDurationSeconds": 1},
        }
    )
    next_one, _ = candidate("next")
    assert next_one.leading.wait(10)
    assert held_by(cluster, namespace) == "next"


def test_a_leader_whose_lease_another_took_has_lost(
    cluster: Cluster, control_plane: ControlPlane, namespace: str, candidate: Candidate
) -> None:
    leader, lost = candidate("first")
    assert leader.leading.wait(10)
    stolen = '{"spec": {"holderIdentity": "thief", "leaseDurationSeconds": 60}}'
    control_plane.kubectl("patch", "lease", "packs", "-n", namespace, "--type=merge", "-p", stolen)
    assert lost.wait(10)
    assert not leader.leading.is_set()
    leader.stop()
    assert held_by(cluster, namespace) == "thief"


def test_a_leader_without_an_api_server_steps_down(
    control_plane: ControlPlane, candidate: Candidate
) -> None:
    leader, lost = candidate("first")
    assert leader.leading.wait(10)
    follower, _ = candidate("second")
    control_plane.stop_apiserver()
    assert lost.wait(10)
    control_plane.start_apiserver()
    # The follower still stands, and leads once the Lease has expired.
    assert follower.leading.wait(20)


def test_nobody_leads_where_no_lease_can_be_made(cluster: Cluster) -> None:
    lost = threading.Event()
    leader = Leader(cluster, "absent", "packs", "first", lost.set, terms=QUICK)
    leader.start()
    assert not leader.leading.wait(0.5)
    leader.stop()
    assert not lost.is_set()
