from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from controller.operator.lease import (
    Hold,
    Sighting,
    Step,
    created,
    holder,
    next_step,
    released,
    renewed,
    sight,
    taken,
)
from controller.operator.request import Body

T0 = datetime(2026, 1, 1, tzinfo=UTC)


def lease(by: str, version: str = "1") -> Body:
    body = created("ns", "lease", Hold(by, T0, 15))
    body["metadata"]["resourceVersion"] = version
    return body


@pytest.mark.parametrize(
    ("body", "seen_since", "now", "step"),
    [
        pytest.param(None, 0, 0, Step.CREATE, id="there is none"),
        pytest.param(lease("me"), 0, 0, Step.RENEW, id="it is mine"),
        pytest.param(lease("me"), 0, 99, Step.RENEW, id="it is mine, though nobody else took it"),
        pytest.param(lease("other"), 10, 24, Step.WAIT, id="another one's, seen to change lately"),
        pytest.param(
            lease("other"), 10, 25, Step.TAKE, id="another one's, silent for its duration"
        ),
        pytest.param(released(lease("other"), T0), 10, 10, Step.TAKE, id="given back"),
        pytest.param(
            {"metadata": {"resourceVersion": "1"}}, 10, 10, Step.TAKE, id="made by hand, empty"
        ),
    ],
)
def test_next_step(body: Body | None, seen_since: float, now: float, step: Step) -> None:
    seen = Sighting("1", seen_since) if body else None
    assert next_step(body, seen, "me", now) is step


def test_expiry_counts_from_the_last_change_seen_here_whatever_the_lease_says() -> None:
    first = sight(None, lease("other", "1"), now=100)
    assert sight(first, lease("other", "1"), now=110) == Sighting("1", 100)
    assert sight(first, lease("other", "2"), now=110) == Sighting("2", 110)
    assert sight(first, None, now=110) is None


def test_a_lease_tells_who_took_it_when_and_after_how_many() -> None:
    later = Hold("next", T0 + timedelta(seconds=90), 15)
    spec = taken(lease("first"), later)["spec"]
    assert spec == {
        "holderIdentity": "next",
        "leaseDurationSeconds": 15,
        "acquireTime": "2026-01-01T00:01:30.000000Z",
        "renewTime": "2026-01-01T00:01:30.000000Z",
        "leaseTransitions": 1,
    }


def test_renewing_keeps_the_time_of_taking() -> None:
    spec = renewed(lease("me"), Hold("me", T0 + timedelta(seconds=5), 15))["spec"]
    assert spec["acquireTime"] == "2026-01-01T00:00:00.000000Z"
    assert spec["renewTime"] == "2026-01-01T00:00:05.000000Z"
    assert spec["leaseTransitions"] == 0


def test_a_lease_given_back_has_no_holder() -> None:
    assert holder(released(lease("me"), T0)) == ""
