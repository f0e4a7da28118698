"""Who leads: the rules of a Lease, as client-go applies them. Pure: JSON, and `now` is passed.

Clocks of two machines differ, so nobody compares the times in a Lease with a clock of its own: a
Lease has expired when it has not changed for its duration while this candidate looked on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from controller.operator.request import Body

DURATION = 15.0
"""Seconds without a change after which a Lease is free."""
RENEW_WITHIN = 10.0
"""Seconds without a renewal after which the leader steps down; others wait `DURATION`, so that
there is time between the two."""

_TIME = "%Y-%m-%dT%H:%M:%S.%fZ"


class Step(Enum):
    """What a candidate does next."""

    CREATE = auto()
    """There is no Lease: make one."""
    TAKE = auto()
    """The Lease is free, or its holder has been silent for too long."""
    RENEW = auto()
    """The Lease is ours."""
    WAIT = auto()
    """Another one leads."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """The version of a Lease, and when (seconds, monotonic) it was first seen here."""

    version: str
    since: float


def sight(before: Sighting | None, lease: Body | None, now: float) -> Sighting | None:
    """`before` while the Lease is unchanged, else a sighting of its new version."""
    if lease is None:
        return None
    version: str = lease["metadata"]["resourceVersion"]
    return before if before and before.version == version else Sighting(version, now)


def next_step(lease: Body | None, seen: Sighting | None, me: str, now: float) -> Step:
    """What `me` does about a Lease that is as `seen` at `now`."""
    if lease is None or seen is None:
        return Step.CREATE
    by = holder(lease)
    if by == me:
        return Step.RENEW
    return Step.TAKE if not by or now - seen.since >= _duration(lease) else Step.WAIT


def holder(lease: Body) -> str:
    """Who holds the Lease; empty when nobody does."""
    return (lease.get("spec") or {}).get("holderIdentity") or ""


def created(namespace: str, name: str, me: str, at: datetime) -> Body:
    """A new Lease, held by `me`."""
    return {
        "apiVersion": "coordination.k8s.io/v1",
        "kind": "Lease",
        "metadata": {"namespace": namespace, "name": name},
        "spec": {**_held(me, at), "acquireTime": at.strftime(_TIME), "leaseTransitions": 0},
    }


def taken(lease: Body, me: str, at: datetime) -> Body:
    """`lease`, held by `me` instead of the one before."""
    transitions = (lease.get("spec") or {}).get("leaseTransitions") or 0
    spec = {"acquireTime": at.strftime(_TIME), "leaseTransitions": transitions + 1}
    return _with_spec(lease, {**spec, **_held(me, at)})


def renewed(lease: Body, me: str, at: datetime) -> Body:
    """`lease`, with a new time of renewal."""
    return _with_spec(lease, _held(me, at))


def released(lease: Body, at: datetime) -> Body:
    """`lease` without a holder, so that the next candidate that looks takes it at once."""
    return _with_spec(lease, {"holderIdentity": "", "renewTime": at.strftime(_TIME)})


def _held(me: str, at: datetime) -> Body:
    return {
        "holderIdentity": me,
        "leaseDurationSeconds": int(DURATION),
        "renewTime": at.strftime(_TIME),
    }


def _with_spec(lease: Body, changes: Body) -> Body:
    return {**lease, "spec": {**(lease.get("spec") or {}), **changes}}


def _duration(lease: Body) -> float:
    return float((lease.get("spec") or {}).get("leaseDurationSeconds") or DURATION)
