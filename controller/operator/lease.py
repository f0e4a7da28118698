"""Who leads: the rules of a Lease, as client-go applies them. Pure: JSON, and `now` is passed.

Clocks of two machines differ, so nobody compares the times in a Lease with a clock of its own: a
Lease has expired when it has not changed for its duration while this candidate looked on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto

from controller.operator.request import Body

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
class Terms:
    """The times of an election, in seconds; the defaults are client-go's."""

    duration: int = 15
    """Without a change for so long, a Lease is free."""
    renew_within: float = 10.0
    """Without a renewal for so long the leader steps down, well before another one may start."""
    renew_every: float = 5.0
    look_every: float = 2.0
    retry_every: float = 1.0


@dataclass(frozen=True, slots=True)
class Sighting:
    """The version of a Lease, and when (seconds, monotonic) it was first seen here."""

    version: str
    since: float


@dataclass(frozen=True, slots=True)
class Hold:
    """Who holds a Lease, from what time (UTC) on, and for how many seconds."""

    by: str
    at: datetime
    duration: int


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


def created(namespace: str, name: str, hold: Hold) -> Body:
    """A new Lease with this holder."""
    return {
        "apiVersion": "coordination.k8s.io/v1",
        "kind": "Lease",
        "metadata": {"namespace": namespace, "name": name},
        "spec": {**_held(hold), "acquireTime": hold.at.strftime(_TIME), "leaseTransitions": 0},
    }


def taken(lease: Body, hold: Hold) -> Body:
    """`lease` with another holder than before."""
    transitions = (lease.get("spec") or {}).get("leaseTransitions") or 0
    spec = {"acquireTime": hold.at.strftime(_TIME), "leaseTransitions": transitions + 1}
    return _with_spec(lease, {**spec, **_held(hold)})


def renewed(lease: Body, hold: Hold) -> Body:
    """`lease` with a new time of renewal."""
    return _with_spec(lease, _held(hold))


def released(lease: Body, at: datetime) -> Body:
    """`lease` without a holder, so that the next candidate that looks takes it at once."""
    return _with_spec(lease, {"holderIdentity": "", "renewTime": at.strftime(_TIME)})


def _held(hold: Hold) -> Body:
    return {
        "holderIdentity": hold.by,
        "leaseDurationSeconds": hold.duration,
        "renewTime": hold.at.strftime(_TIME),
    }


def _with_spec(lease: Body, changes: Body) -> Body:
    return {**lease, "spec": {**(lease.get("spec") or {}), **changes}}


def _duration(lease: Body) -> float:
    return float((lease.get("spec") or {}).get("leaseDurationSeconds") or Terms().duration)
