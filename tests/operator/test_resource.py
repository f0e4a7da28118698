"""What a Pack's annotations ask for."""

from __future__ import annotations

import pytest

from controller.operator.resource import Resource
from controller.pack.identity import PackKey
from controller.pack.spec import ADOPT, DRY_RUN, FLUX_REQUESTED_AT, REQUESTED_AT

TIME = "2026-01-01T00:00:00Z"


def _pack(dry_run: str | None = None) -> Resource:
    annotations = {} if dry_run is None else {DRY_RUN: dry_run}
    return Resource({"metadata": {"uid": "u", "annotations": annotations}})


@pytest.mark.parametrize(
    ("value", "asks"),
    [
        ("true", True),
        ("1", True),
        ("server", True),
        ("false", False),
        ("False", False),
        ("", False),
    ],
)
def test_a_dry_run_is_asked_for_by_any_value_but_false(value: str, asks: bool) -> None:
    pack = _pack(value)
    assert bool(pack.dry_run) is asks
    assert (pack.fingerprint != _pack().fingerprint) is asks


def test_another_value_is_worth_another_look() -> None:
    assert _pack("1").fingerprint != _pack("2").fingerprint


def test_an_endless_request_does_not_fill_the_status() -> None:
    annotations = {REQUESTED_AT: "1" * 200_000, FLUX_REQUESTED_AT: "0"}
    pack = Resource({"metadata": {"uid": "u", "annotations": annotations}})
    assert pack.requested == "1" * 256


def _adopting(ready: str) -> Resource:
    conditions = [{"type": "Ready", "status": ready, "reason": "Succeeded", "message": ""}]
    return Resource(
        {
            "metadata": {"uid": "u", "generation": 1, "annotations": {ADOPT: "team-a/demo"}},
            "status": {
                "observedGeneration": 1,
                "conditions": [{**one, "lastTransitionTime": TIME} for one in conditions],
                "history": [{"revision": "main@sha1:1f", "time": TIME}],
            },
        }
    )


def test_a_pack_that_has_its_rows_asks_no_more_for_those_of_others() -> None:
    assert _adopting("False").predecessors == (PackKey("team-a", "demo"),)
    assert _adopting("True").reported
    assert _adopting("True").predecessors == ()
