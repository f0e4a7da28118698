from __future__ import annotations

from controller.telemetry.names import OTHERS, BoundedNames


def test_the_first_names_stay_and_later_ones_are_counted_together() -> None:
    names = BoundedNames(2)
    assert [names.of(one) for one in ("a", "b", "c", "a", "d")] == ["a", "b", OTHERS, "a", OTHERS]
