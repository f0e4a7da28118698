from __future__ import annotations

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from controller.backoff import jittered
from controller.operator.schedule import Depth, Group, GroupsOf, Priority, Schedule, Turn
from controller.pack.identity import PackKey

NOW, SOON, LATER = Priority.NOW, Priority.SOON, Priority.LATER
A, B, C = (PackKey("team", name) for name in "abc")


def one_each(key: PackKey) -> tuple[Group, ...]:
    return (Group(key.name, 1),)


def of_two(name: str) -> GroupsOf:
    return lambda _: (Group(name, 2),)


def by_namespace(key: PackKey) -> tuple[Group, ...]:
    return (Group(key.namespace, 2),)


def schedule(*adds: tuple[PackKey, Priority, float]) -> Schedule:
    made = Schedule()
    for add in adds:
        made.add(*add)
    return made


def take(queue: Schedule, now: float, group_of: GroupsOf = one_each) -> PackKey | None:
    turn = queue.take(now, group_of)
    return turn.key if turn else None


def drain(queue: Schedule, now: float) -> list[str]:
    taken = []
    while key := take(queue, now):
        taken.append(key.name)
    return taken


@pytest.mark.parametrize(
    ("adds", "now", "taken"),
    [
        pytest.param([(A, SOON, 5)], 4, [], id="not before it is due"),
        pytest.param([(A, SOON, 5)], 5, ["a"], id="when it is due"),
        pytest.param([(A, LATER, 0), (B, NOW, 0)], 0, ["b", "a"], id="an edit overtakes the list"),
        pytest.param([(A, SOON, 2), (B, SOON, 1)], 3, ["b", "a"], id="who has waited longest"),
        pytest.param([(A, SOON, 0), (B, SOON, 0)], 0, ["a", "b"], id="in the order of arrival"),
        pytest.param([(A, SOON, 0), (A, SOON, 0)], 0, ["a"], id="asked twice, runs once"),
        pytest.param([(A, SOON, 9), (A, SOON, 1)], 1, ["a"], id="the earlier time counts"),
        pytest.param([(A, SOON, 1), (A, SOON, 9)], 1, ["a"], id="a later time changes nothing"),
        pytest.param(
            [(A, LATER, 0), (B, SOON, 0), (A, NOW, 9)],
            0,
            ["a", "b"],
            id="the better priority counts, and the earlier time",
        ),
    ],
)
def test_who_runs(
    adds: list[tuple[PackKey, Priority, float]], now: float, taken: list[str]
) -> None:
    assert drain(schedule(*adds), now) == taken


def test_what_is_asked_during_a_run_is_one_more_run() -> None:
    queue = schedule((A, SOON, 0))
    assert take(queue, 0) == A
    queue.add(A, LATER, 0)
    queue.add(A, NOW, 0)
    assert take(queue, 0) is None
    queue.done(A, 300)
    assert drain(queue, 0) == ["a"]
    queue.done(A, None)
    assert drain(queue, 1e9) == []


def test_a_full_group_waits_and_others_overtake() -> None:
    keys = [PackKey("slow", str(number)) for number in range(5)]
    queue = schedule(*((key, NOW, 0) for key in keys), (A, LATER, 0))
    taken = [take(queue, 0, by_namespace) for _ in range(4)]
    assert taken == [keys[0], keys[1], A, None]
    queue.done(keys[1], None)
    assert take(queue, 0, by_namespace) == keys[2]


def test_room_made_for_a_pack_that_vanished_goes_to_the_next() -> None:
    keys = [PackKey("slow", str(number)) for number in range(4)]
    queue = schedule(*((key, NOW, 0) for key in keys))
    assert [take(queue, 0, of_two("host")) for _ in range(3)] == [keys[0], keys[1], None]
    queue.done(keys[0], None)
    queue.forget(keys[2])
    assert take(queue, 0, of_two("host")) == keys[3]


def test_a_group_with_more_room_takes_all_that_waited_for_it() -> None:
    queue = schedule(*((key, NOW, 0) for key in (A, B, C)))
    assert [take(queue, 0, lambda _: (Group("host", 1),)) for _ in range(2)] == [A, None]
    queue.done(A, None)
    assert [take(queue, 0, of_two("host")) for _ in range(2)] == [B, C]


def test_a_key_waits_for_each_of_its_groups_and_holds_up_no_other() -> None:
    """Two repositories of one host: what waits for one of them leaves the host's room to others."""
    keys = [PackKey("one", "a"), PackKey("one", "b"), PackKey("other", "c"), PackKey("other", "d")]

    def groups(key: PackKey) -> tuple[Group, ...]:
        return Group("host", 2), Group(key.namespace, 1)

    queue = schedule(*((key, NOW, 0) for key in keys))
    assert [take(queue, 0, groups) for _ in range(3)] == [keys[0], keys[2], None]
    queue.done(keys[2], None)
    assert take(queue, 0, groups) == keys[3]
    queue.done(keys[0], None)
    assert take(queue, 0, groups) == keys[1]


@pytest.mark.parametrize(
    ("asks", "asked"),
    [
        pytest.param([(SOON, 0, None)], None, id="an interval is no ask"),
        pytest.param([(NOW, 0, 3.0), (NOW, 0, 5.0)], 5.0, id="the latest counts"),
        pytest.param([(NOW, 0, 5.0), (SOON, 0, None)], 5.0, id="an interval does not hide it"),
        pytest.param([(SOON, 0, None), (NOW, 0, 5.0)], 5.0, id="nor does one before"),
    ],
)
@pytest.mark.parametrize("is_running", [False, True])
def test_a_turn_tells_when_it_was_asked_for_last(
    asks: list[tuple[Priority, float, float | None]], asked: float | None, *, is_running: bool
) -> None:
    queue = schedule()
    if is_running:
        queue.add(A, SOON, 0)
        assert take(queue, 0) == A
    for ask in asks:
        queue.add(A, *ask)
    if is_running:
        queue.done(A, None)
    turn = queue.take(0, one_each)
    assert turn == Turn(A, min(ask[0] for ask in asks), asked)


def test_backoff_doubles_to_a_quarter_of_an_hour_until_it_is_reset() -> None:
    queue = schedule()
    delays = [queue.backoff(A, 0.5) for _ in range(12)]
    assert delays[:4] == pytest.approx([1, 2, 4, 8])
    assert delays[9:] == pytest.approx([512, 900, 900])
    assert queue.backoff(B, 0.5) == pytest.approx(1)
    queue.reset(A)
    assert queue.backoff(A, 0.5) == pytest.approx(1)


def test_backoff_never_ends() -> None:
    queue = schedule()
    assert max(queue.backoff(A, 0.5) for _ in range(2000)) == pytest.approx(900)


@pytest.mark.parametrize(("fraction", "seconds"), [(0.0, 90), (0.5, 100), (1.0, 110)])
def test_jitter_is_a_tenth_to_each_side(fraction: float, seconds: float) -> None:
    assert jittered(100, fraction) == pytest.approx(seconds)


def test_depth_tells_what_is_due_what_waits_and_since_when() -> None:
    queue = schedule((A, SOON, 1), (B, SOON, 3), (C, SOON, 99))
    assert queue.depth(5) == Depth(ready=2, waiting=1, running=0, oldest_seconds=4)
    queue.take(5, one_each)
    assert queue.depth(5) == Depth(ready=1, waiting=1, running=1, oldest_seconds=2)
    assert schedule().depth(5) == Depth(ready=0, waiting=0, running=0, oldest_seconds=0)


KEYS = st.sampled_from([PackKey("team", name) for name in "abcdefg"])
GROUPS = st.sampled_from(["one", "two"])
TIMES = st.integers(0, 4)
LIMIT = 2

Ask = tuple[Priority, int]


def merged(one: Ask | None, other: Ask) -> Ask:
    return other if one is None else (min(one[0], other[0]), min(one[1], other[1]))


class AgainstAModel(RuleBasedStateMachine):
    """A schedule next to plain dictionaries, searched from end to end each time."""

    def __init__(self) -> None:
        super().__init__()
        self.real = Schedule()
        self.now = 0
        self.queued: dict[PackKey, Ask] = {}
        self.again: dict[PackKey, Ask] = {}
        self.running: dict[PackKey, str] = {}
        self.groups: dict[PackKey, str] = {}

    def group_of(self, key: PackKey) -> str:
        return self.groups.get(key, "one")

    def groups_of(self, key: PackKey) -> tuple[Group, ...]:
        return Group("all", LIMIT + 1), Group(self.group_of(key), LIMIT)

    def ask(self, key: PackKey, ask: Ask) -> None:
        self.real.add(key, ask[0], ask[1])
        asks = self.again if key in self.running else self.queued
        asks[key] = merged(asks.get(key), ask)

    @rule(key=KEYS, priority=st.sampled_from(Priority), delay=TIMES)
    def add(self, key: PackKey, priority: Priority, delay: int) -> None:
        self.ask(key, (priority, self.now + delay))

    @rule(key=KEYS, group=GROUPS)
    def edit_to_another_repository(self, key: PackKey, group: str) -> None:
        self.groups[key] = group
        self.ask(key, (Priority.NOW, self.now))

    @rule(seconds=TIMES)
    def wait(self, seconds: int) -> None:
        self.now += seconds

    @rule(key=KEYS)
    def forget(self, key: PackKey) -> None:
        self.real.forget(key)
        self.queued.pop(key, None)
        self.again.pop(key, None)

    @rule()
    def take(self) -> None:
        full = {
            group for group in ("one", "two") if list(self.running.values()).count(group) >= LIMIT
        }
        able = {
            key: ask
            for key, ask in self.queued.items()
            if ask[1] <= self.now and self.group_of(key) not in full
        }
        if len(self.running) > LIMIT:
            able = {}
        taken = take(self.real, self.now, self.groups_of)
        if taken is None:
            assert not able
            return
        assert able[taken] == min(able.values())
        del self.queued[taken]
        self.running[taken] = self.group_of(taken)

    @precondition(lambda self: self.running)
    @rule(data=st.data(), after=st.none() | TIMES)
    def done(self, data: st.DataObject, after: int | None) -> None:
        key = data.draw(st.sampled_from(sorted(self.running)))
        due = None if after is None else self.now + after
        self.real.done(key, due)
        del self.running[key]
        asks = [] if due is None else [(Priority.SOON, due)]
        if asked := self.again.pop(key, None):
            asks.append(asked)
        for ask in asks:
            self.queued[key] = merged(self.queued.get(key), ask)

    @invariant()
    def the_next_time_is_right(self) -> None:
        due = self.real.next_due()
        times = [ask[1] for ask in self.queued.values()]
        later = [time for time in times if time > self.now]
        # What is due already may still stand among the waiting, until the next take.
        assert due is None or due in times
        assert not later or due is not None

    @invariant()
    def the_numbers_agree(self) -> None:
        depth = self.real.depth(self.now)
        assert depth.ready + depth.waiting == len(self.queued)
        assert set(self.real.running) == set(self.running)


TestAgainstAModel = AgainstAModel.TestCase
