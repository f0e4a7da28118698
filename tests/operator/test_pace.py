"""A push is looked at when it is told of; a storm of deliveries has its looks spread."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from controller.operator.pace import AT_ONCE, EVERY_SECONDS, Paces
from controller.pack.identity import PackKey

_KEY = PackKey("team", "pack")
_OTHER = PackKey("team", "other")


def test_pushes_now_and_then_wait_for_nothing() -> None:
    paces = Paces()
    assert {paces.delay(_KEY, number * EVERY_SECONDS) for number in range(100)} == {0.0}


def test_a_storm_is_looked_at_now_and_then_and_its_last_delivery_is_not_lost() -> None:
    paces = Paces()
    times = [number / 1000 for number in range(10_000)]
    looks = {round(now + paces.delay(_KEY, now), 6) for now in times}
    assert len(looks) <= AT_ONCE + 10 / EVERY_SECONDS + 1
    assert max(looks) >= times[-1]


def test_a_storm_at_one_pack_does_not_slow_another() -> None:
    paces = Paces()
    assert [paces.delay(_KEY, 0.0) for _ in range(AT_ONCE + 1)][-1] > 0
    assert paces.delay(_OTHER, 0.0) == 0.0


def test_after_a_storm_pushes_are_looked_at_at_once_again() -> None:
    paces = Paces()
    for _ in range(1000):
        paces.delay(_KEY, 0.0)
    assert paces.delay(_KEY, (AT_ONCE + 1) * EVERY_SECONDS) == 0.0


@given(st.lists(st.floats(0, 2), max_size=200))
def test_nobody_waits_longer_than_one_step(gaps: list[float]) -> None:
    paces, now = Paces(), 0.0
    for gap in gaps:
        now += gap
        assert 0.0 <= paces.delay(_KEY, now) <= EVERY_SECONDS + 1e-9
