"""The queue between a sync and those who are told: never in the way, nothing lost silently."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from controller.notify import Outbox, Undelivered
from controller.notify.outbox import OF_ONE_GROUP, THREADS
from tests.e2e.waiting import eventually


@dataclass(frozen=True, slots=True)
class Note:
    slot: str
    news: str = "news"
    group: str = "team-a"


@dataclass
class Post:
    """Receivers: `broken` says how a slot fails, a slot in `hung` waits for `released`."""

    broken: dict[str, list[Undelivered]] = field(default_factory=dict)
    hung: set[str] = field(default_factory=set)
    came: list[Note] = field(default_factory=list)
    got: list[Note] = field(default_factory=list)
    lost: list[tuple[Note, str]] = field(default_factory=list)
    counted: list[str] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)

    def deliver(self, note: Note) -> None:
        self.came.append(note)
        if note.slot in self.hung:
            self.released.wait()
        failures = self.broken.get(note.slot)
        if failures:
            raise failures.pop(0)
        self.got.append(note)

    def give_up(self, note: Note, error: Undelivered) -> None:
        self.lost.append((note, str(error)))


@contextmanager
def _open(post: Post, *, largest: int = 100, tries: int = 3) -> Iterator[Outbox[Note]]:
    box = Outbox(post.deliver, post.give_up, post.counted.append, largest=largest, tries=tries)
    box.start()
    try:
        yield box
    finally:
        post.released.set()
        box.stop(30)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("controller.notify.outbox.backoff", lambda *_: 0.01)


def _empty(box: Outbox[Note]) -> None:
    eventually(lambda: not len(box), lambda: len(box))


def _passing(count: int) -> list[Undelivered]:
    return [Undelivered("It is away.", passes=True) for _ in range(count)]


def test_what_passes_is_tried_again_until_it_arrives() -> None:
    post = Post({"a": _passing(2)})
    with _open(post) as box:
        assert box.put(Note("a"))
        _empty(box)
    assert post.got == [Note("a")]
    assert post.counted == ["retried", "retried", "delivered"]
    assert not post.lost


def test_what_does_not_pass_is_given_up_at_once_and_told() -> None:
    post = Post({"a": [Undelivered("Wrong token.", passes=False)], "b": _passing(9)})
    with _open(post) as box:
        box.put(Note("a"))
        box.put(Note("b"))
        _empty(box)
    assert sorted(post.lost, key=lambda one: one[0].slot) == [
        (Note("a"), "Wrong token."),
        (Note("b"), "It is away."),
    ]
    assert post.counted.count("retried") == 2
    assert post.counted.count("failed") == 2


def test_a_wait_that_is_asked_for_is_waited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("controller.notify.outbox.LONGEST_WAIT", 100.0)
    post = Post({"a": [Undelivered("Busy.", passes=True, retry_after=50.0)]})
    with _open(post) as box:
        box.put(Note("a"))
        eventually(lambda: post.counted == ["retried"], lambda: post.counted)
        # Others go on, and one that waits for longer than makes sense is given up.
        post.broken["b"] = [Undelivered("Busy.", passes=True, retry_after=101.0)]
        box.put(Note("b"))
        eventually(lambda: post.lost, lambda: post.counted)
        assert len(box) == 1
    assert post.came == [Note("a"), Note("b")]


def test_a_fault_of_ours_ends_no_thread() -> None:
    post = Post()
    post.broken["a"] = [ValueError("hunter2")]  # type: ignore[list-item]
    with _open(post) as box:
        box.put(Note("a"))
        _empty(box)
        for number in range(2 * THREADS):
            box.put(Note(f"b{number}"))
        _empty(box)
    assert post.lost == [(Note("a"), "It failed: ValueError.")]
    assert len(post.got) == 2 * THREADS


def test_the_newest_of_a_slot_replaces_what_waits_and_comes_after_what_runs() -> None:
    post = Post(hung={"a"})
    with _open(post) as box:
        box.put(Note("a", "1"))
        eventually(lambda: post.came, lambda: post.came)
        for news in "2", "3", "3":
            box.put(Note("a", news))
        box.put(Note("b"))
        eventually(lambda: post.got == [Note("b")], lambda: post.got)
        assert post.came == [Note("a", "1"), Note("b")]
        post.released.set()
        _empty(box)
    assert [one.news for one in post.got if one.slot == "a"] == ["1", "3"]


def test_hung_receivers_of_one_namespace_leave_threads_for_the_others() -> None:
    names = {f"a{number}" for number in range(3 * THREADS)}
    post = Post(hung=set(names))
    with _open(post) as box:
        for name in names:
            box.put(Note(name))
        eventually(lambda: len(post.came) == OF_ONE_GROUP, lambda: post.came)
        box.put(Note("b", group="team-b"))
        eventually(lambda: post.got == [Note("b", group="team-b")], lambda: post.got)
        assert len(post.came) == OF_ONE_GROUP + 1
        post.released.set()
        _empty(box)
    assert {one.slot for one in post.got} == names | {"b"}


def test_what_has_no_room_is_dropped_and_counted() -> None:
    post = Post(hung={"a"})
    with _open(post, largest=2) as box:
        box.put(Note("a"))
        assert box.put(Note("b"), delay=1000)
        assert not box.put(Note("c"))
        assert box.put(Note("b", "newer"), delay=1000)
    assert post.counted.count("dropped") == 1


def test_what_was_told_before_takes_out_what_waits() -> None:
    post = Post()
    with _open(post) as box:
        box.put(Note("a", "pending"), delay=1000)
        box.settle(Note("a", "done"))
        assert not len(box)
        box.settle(Note("a", "done"))
        assert not len(box)
    assert not post.came


def test_what_was_told_before_is_told_again_after_what_is_under_way() -> None:
    post = Post(hung={"a"})
    with _open(post) as box:
        box.put(Note("a", "pending"))
        eventually(lambda: post.came, lambda: post.came)
        box.settle(Note("a", "done"))
        post.released.set()
        _empty(box)
    assert [one.news for one in post.got] == ["pending", "done"]


def test_a_stop_waits_for_what_is_under_way_and_tells_what_is_left() -> None:
    post = Post(hung={"a"})
    box = Outbox(post.deliver, post.give_up, post.counted.append)
    box.start()
    box.put(Note("a"))
    box.put(Note("b"), delay=1000)
    eventually(lambda: post.came, lambda: post.came)
    assert box.stop(0.01) == 2
    post.released.set()
    assert box.stop(30) == 1
    assert post.got == [Note("a")]
