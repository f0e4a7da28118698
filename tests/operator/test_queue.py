from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from controller.operator.queue import WorkQueue
from controller.operator.schedule import Group, Priority
from controller.pack.identity import PackKey

A, B = PackKey("team", "a"), PackKey("team", "b")


def got(queue: WorkQueue) -> PackKey | None:
    turn = queue.get()
    return turn.key if turn else None


def test_a_waiting_worker_gets_what_is_added() -> None:
    queue = WorkQueue()
    with ThreadPoolExecutor(1) as pool:
        getting = pool.submit(got, queue)
        queue.add(A, Priority.NOW)
        assert getting.result(10) == A


def test_a_delay_is_kept_and_cut_short_by_an_earlier_one() -> None:
    queue = WorkQueue()
    began = time.monotonic()
    queue.add(A, Priority.SOON, delay=0.05)
    queue.add(B, Priority.SOON, delay=3600)
    assert got(queue) == A
    assert time.monotonic() - began >= 0.05
    with ThreadPoolExecutor(1) as pool:
        getting = pool.submit(got, queue)
        queue.add(B, Priority.NOW)
        assert getting.result(10) == B


def test_a_key_that_is_done_comes_back_after_its_time() -> None:
    queue = WorkQueue()
    queue.add(A, Priority.NOW)
    assert got(queue) == A
    queue.done(A, 0.01)
    assert got(queue) == A
    queue.done(A, None)
    assert queue.depth().waiting == queue.depth().ready == queue.depth().running == 0


def test_close_sends_the_workers_home() -> None:
    queue = WorkQueue()
    with ThreadPoolExecutor(2) as pool:
        getting = [pool.submit(got, queue) for _ in range(2)]
        queue.close()
        assert [one.result(10) for one in getting] == [None, None]
    queue.add(A, Priority.NOW)
    assert got(queue) is None


def test_failures_are_counted_for_each_pack_alone() -> None:
    queue = WorkQueue()
    first, second, other = queue.backoff(A), queue.backoff(A), queue.backoff(B)
    assert second > first * 1.5
    assert 0.9 <= other <= 1.1
    queue.reset(A)
    assert 0.9 <= queue.backoff(A) <= 1.1


def test_a_waiting_worker_is_woken_when_its_group_has_room() -> None:
    queue = WorkQueue(lambda _: (Group("host", 1),))
    queue.add(A, Priority.NOW)
    queue.add(B, Priority.NOW)
    assert got(queue) == A
    with ThreadPoolExecutor(1) as pool:
        getting = pool.submit(got, queue)
        queue.done(A, None)
        assert getting.result(10) == B


def test_many_threads_run_each_key_alone_and_see_its_last_change() -> None:
    """Every thread adds; what a run reads is at least as new as the add that it answers."""
    keys = [PackKey("team", str(number)) for number in range(20)]
    asked = dict.fromkeys(keys, 0)
    answered = dict.fromkeys(keys, 0)
    busy = {key: threading.Lock() for key in keys}
    overlaps: list[PackKey] = []
    queue = WorkQueue()

    def ask() -> None:
        for number in range(1, 51):
            for key in keys:
                asked[key] = number
                queue.add(key, Priority.NOW)

    def work() -> None:
        while key := got(queue):
            if not busy[key].acquire(blocking=False):
                overlaps.append(key)
            answered[key] = asked[key]
            busy[key].release()
            queue.done(key, None)
            if all(answered[one] == 50 for one in keys):
                queue.close()

    with ThreadPoolExecutor(5) as pool:
        running = [pool.submit(work) for _ in range(4)]
        pool.submit(ask).result(30)
        for one in running:
            one.result(30)
    assert not overlaps
    assert set(answered.values()) == {50}
