"""Who waits for whom, and who is run again when that comes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from controller.operator.waits import Waits
from controller.pack.awaited import Awaited
from controller.pack.identity import PackKey

A, B, C = (PackKey("team", name) for name in "abc")
NONE = Awaited()


def _needs(ref: str, *packs: str) -> Awaited:
    return Awaited(ref, needed=frozenset(packs))


def test_who_waits_is_told_until_it_waits_no_more() -> None:
    waits = Waits()
    assert not waits.settle(B, [A], NONE, waits.begin())
    assert not waits.settle(C, [A], Awaited("c", called=frozenset({"a"})), waits.begin())
    assert waits.came(A) == (B, C)
    assert waits.came("a") == (C,)
    waits.settle(B, [], NONE, waits.begin())
    waits.drop(C)
    assert waits.came(A) == waits.came("a") == ()


def test_what_comes_during_a_run_is_not_missed() -> None:
    waits = Waits()
    begun = waits.begin()
    waits.came(A)
    waits.came("core")
    assert waits.settle(B, [A], NONE, begun)
    assert waits.settle(C, [], _needs("c", "core"), begun)
    assert not waits.settle(B, [A], NONE, waits.begin())
    assert not waits.settle(B, [C], NONE, begun)


def test_those_that_need_each_other_are_told_when_the_circle_closes() -> None:
    waits = Waits()
    assert not waits.settle(A, [], _needs("a", "b"), waits.begin())
    assert not waits.settle(B, [], _needs("b", "c"), waits.begin())
    assert waits.settle(C, [], _needs("c", "a"), waits.begin())
    assert waits.needs() == {"a": {"b"}, "b": {"c"}, "c": {"a"}}
    waits.settle(C, [], Awaited("c", called=frozenset({"a"})), waits.begin())
    assert waits.needs() == {"a": {"b"}, "b": {"c"}}


def test_a_circle_of_others_is_no_reason_to_look_again() -> None:
    waits = Waits()
    waits.settle(A, [], _needs("a", "b"), waits.begin())
    waits.settle(B, [], _needs("b", "a"), waits.begin())
    assert not waits.settle(C, [], _needs("c", "a"), waits.begin())


KEYS = st.sampled_from([A, B, C])


@given(st.lists(st.tuples(st.booleans(), KEYS, st.sets(KEYS))))
def test_exactly_those_are_told_that_wait(steps: list[tuple[bool, PackKey, set[PackKey]]]) -> None:
    waits, model = Waits(), dict[PackKey, set[PackKey]]()
    for settles, key, others in steps:
        if settles:
            waits.settle(key, others, NONE, waits.begin())
            model[key] = others
        else:
            expected = sorted(one for one, awaited in model.items() if key in awaited)
            assert list(waits.came(key)) == expected
