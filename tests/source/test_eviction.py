"""Which mirrors go first, for every reason that one can have."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.source.eviction import Budget, Stored, is_over, order

BUDGET = Budget(size=100, largest=50, count=10)


def of(*tenants: str, size: int = 10, used: float = 0.0) -> Stored:
    return Stored(size, used, frozenset(tenants))


ORDERS: dict[str, tuple[dict[str, Stored], list[str]]] = {
    "the one unused for longest": (
        {"new": of("a", used=3), "old": of("a", used=1), "mid": of("a", used=2)},
        ["old", "mid", "new"],
    ),
    "what nobody uses, though it was used last": (
        {"used": of("a", used=1), "left": of(used=2)},
        ["left", "used"],
    ),
    "those of who takes more bytes than an equal share": (
        {
            "small": of("a", used=1),
            "first": of("b", used=2, size=40),
            "second": of("b", used=3, size=40),
        },
        ["first", "second", "small"],
    ),
    "those of who takes more mirrors than an equal share": (
        {"small": of("a", used=1), **{f"b{n}": of("b", used=2 + n, size=1) for n in range(6)}},
        ["b0", "b1", "b2", "b3", "b4", "b5", "small"],
    ),
    "within the shares, time alone": (
        {"a": of("a", used=2, size=45), "b": of("b", used=1, size=45)},
        ["b", "a"],
    ),
    "what is shared stays for who takes least": (
        {
            "shared": of("a", "b", used=1, size=40),
            "own": of("b", used=2, size=80),
        },
        ["own", "shared"],
    ),
}


@pytest.mark.parametrize(("stored", "expected"), ORDERS.values(), ids=ORDERS.keys())
def test_first_goes(stored: dict[str, Stored], expected: list[str]) -> None:
    assert order(stored, BUDGET) == expected


@pytest.mark.parametrize(
    ("sizes", "over"),
    [([], False), ([100], False), ([60, 41], True), ([1] * 10, False), ([1] * 11, True)],
)
def test_over_budget_by_bytes_or_by_count(sizes: list[int], over: bool) -> None:
    stored = {str(number): of(size=size) for number, size in enumerate(sizes)}
    assert is_over(stored, BUDGET) is over


def test_nobody_gets_more_for_one_than_there_is_for_all() -> None:
    assert Budget(size=10, largest=50).each == 10


tenants = st.frozensets(st.sampled_from("abcd"), max_size=1)
shelves = st.dictionaries(
    st.text("xyz", min_size=1, max_size=4),
    st.builds(Stored, st.integers(1, 60), st.floats(0, 9), tenants),
    max_size=12,
)


@given(shelves)
def test_whoever_brings_how_much_an_equal_share_is_safe(stored: dict[str, Stored]) -> None:
    left = dict(stored)
    while is_over(left, BUDGET):
        (first, *_) = order(left, BUDGET)
        everyone = {tenant for one in left.values() for tenant in one.tenants}
        for tenant in left[first].tenants:
            own = [one.size for one in left.values() if tenant in one.tenants]
            assert max(sum(own) / BUDGET.size, len(own) / BUDGET.count) > 1 / len(everyone)
        del left[first]
