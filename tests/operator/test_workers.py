from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
import structlog
from structlog.contextvars import bind_contextvars, get_contextvars

from controller.operator.queue import WorkQueue
from controller.operator.schedule import Priority, Turn
from controller.operator.workers import Workers
from controller.pack.identity import PackKey

A, B = PackKey("team", "a"), PackKey("team", "b")


@pytest.fixture
def queue() -> Iterator[WorkQueue]:
    made = WorkQueue()
    yield made
    made.close()


def test_every_key_is_handled_and_stop_waits_for_the_last(queue: WorkQueue) -> None:
    begun, finish = threading.Event(), threading.Event()
    handled = []

    def handle(turn: Turn) -> None:
        begun.set()
        assert finish.wait(10)
        handled.append(turn.key)

    workers = Workers(queue, handle, count=2)
    workers.start()
    queue.add(A, Priority.NOW)
    assert begun.wait(10)
    threading.Timer(0.05, finish.set).start()
    assert workers.stop(grace=10) == ()
    assert handled == [A]


def test_a_handler_says_when_it_runs_again(queue: WorkQueue) -> None:
    runs = threading.Semaphore(0)

    def handle(_: Turn) -> float:
        runs.release()
        return 0.01

    workers = Workers(queue, handle, count=1)
    workers.start()
    queue.add(A, Priority.NOW)
    assert all(runs.acquire(timeout=10) for _ in range(3))
    workers.stop(grace=10)


def test_those_still_running_after_the_grace_are_named(queue: WorkQueue) -> None:
    begun, finish = threading.Event(), threading.Event()

    def handle(_: Turn) -> None:
        begun.set()
        finish.wait(10)

    workers = Workers(queue, handle, count=2)
    workers.start()
    queue.add(A, Priority.NOW)
    assert begun.wait(10)
    assert workers.stop(grace=0.01) == (A,)
    finish.set()
    assert workers.stop(grace=10) == ()


def test_the_lines_of_each_turn_have_a_name_of_their_own(queue: WorkQueue) -> None:
    ended = threading.Event()
    bound: list[dict[str, object]] = []

    def handle(turn: Turn) -> None:
        bound.append(get_contextvars())
        bind_contextvars(revision="of this turn")
        if turn.key == B:
            ended.set()

    workers = Workers(queue, handle, count=1)
    workers.start()
    queue.add(A, Priority.NOW)
    queue.add(B, Priority.LATER)
    assert ended.wait(10)
    workers.stop(grace=10)
    assert [one["pack"] for one in bound] == ["team/a", "team/b"]
    assert [set(one) for one in bound] == [{"reconcile_id", "pack"}] * 2
    assert bound[0]["reconcile_id"] != bound[1]["reconcile_id"]


def test_a_surprise_is_logged_without_secrets_and_tried_again(queue: WorkQueue) -> None:
    others = threading.Event()
    again = threading.Event()
    tries: list[PackKey] = []

    def handle(turn: Turn) -> None:
        if turn.key == B:
            others.set()
            return
        tries.append(turn.key)
        if len(tries) == 1:
            raise ValueError("https://robot:hunter2@git.example.com/x")
        again.set()

    with structlog.testing.capture_logs() as logs:
        workers = Workers(queue, handle, count=1)
        workers.start()
        queue.add(A, Priority.NOW)
        queue.add(B, Priority.LATER)
        assert others.wait(10)
        assert again.wait(10)
        workers.stop(grace=10)
    (line,) = logs
    assert line["pack"] == "team/a"
    assert line["error"] == "ValueError"
    assert line["message"] == "https://***@git.example.com/x"
