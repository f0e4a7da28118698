"""What is too old or too much of the past goes, and nothing that anybody needs."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

import pytest

from controller.pack.identity import AskedBy, Owner
from controller.store import Attempt, DatabaseSettings, Receipt, Removed, Retention, Store
from tests.store.crash import tidy_in_a_process_that_dies
from tests.store.make import (
    MANIFEST,
    TEAM_A,
    TEAM_B,
    column,
    content,
    documented,
    past,
    query,
    request,
    row_versions,
    workflow,
    workflows,
)

_NUMBERS = "SELECT number FROM attune_gitops.revisions ORDER BY number"
_BODIES = "SELECT document::jsonb->>'ref' FROM attune_gitops.bodies ORDER BY 1"
_WAITING_FOR_THE_LOCK = (
    "SELECT pid FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock' AND wait_event = 'advisory'"
)
_DAYS = 30


@pytest.fixture
def store(url: str, heard: list[str]) -> Iterator[Store]:
    retention = Retention(days=_DAYS)
    with Store(DatabaseSettings(url), retention=retention, on_statement=heard.append) as opened:
        yield opened


def _commits(store: Store, *names: str) -> None:
    """One commit for each of `names`, each with the workflows that its letters stand for."""
    for number, letters in enumerate(names, start=1):
        store.sync(request(store, workflows(*letters), commit=f"c{number}"))


def _age(url: str, days: int, pack_ref: str = "demo") -> None:
    """As if all that there is of the pack's past were so much older."""
    query(
        url,
        "UPDATE attune_gitops.revisions SET applied_at = applied_at - make_interval(days => %(d)s)"
        " WHERE pack_ref = %(ref)s",
        {"d": days, "ref": pack_ref},
    )
    query(
        url,
        "UPDATE attune_gitops.attempts SET ended_at = ended_at - make_interval(days => %(d)s)",
        {"d": days},
    )


def _fail(store: Store, owner: Owner, *, text: str = "", pack_ref: str = "demo") -> None:
    store.note(
        Attempt(
            owner, pack_ref, 1, AskedBy.INTERVAL, 1, "", "", None, "Fetched", "GitUnreachable",
            text, "", 0, 0, (), text or "some",
        )
    )  # fmt: skip


def test_the_newest_revisions_stay_with_their_bodies(store: Store, url: str) -> None:
    _commits(store, "a", "ab", "b", "bc", "c")
    rows = content(url)
    assert store.tidy("demo", keep=2) == Removed(revisions=3, bodies=1)
    assert column(url, _NUMBERS) == [4, 5]
    assert column(url, _BODIES) == ["demo.b", "demo.c"]
    found = store.revision("demo", 4)
    assert found
    assert (found.workflows, found.missing) == (workflows("b", "c"), ())
    assert content(url) == rows
    receipt = store.sync(request(store, workflows("a"), commit="c6"))
    assert receipt.number == 6


def test_what_was_pinned_stays(store: Store, url: str) -> None:
    _commits(store, "a", "b", "c", "d")
    store.tidy("demo", keep=1, pinned=[1])
    assert column(url, _NUMBERS) == [1, 4]
    assert column(url, _BODIES) == ["demo.a", "demo.d"]


def test_another_packs_past_stays(store: Store) -> None:
    for number in range(3):
        made = [workflow("a", pack="other", text=str(number))]
        store.sync(request(store, made, owner=TEAM_B, manifest=replace(MANIFEST, ref="other")))
    _commits(store, "a", "b")
    store.tidy("demo", keep=1)
    store.sweep("demo")
    assert len(store.history("other")) == 3
    kept = [store.revision("other", number) for number in (1, 2, 3)]
    assert [one.missing for one in kept if one] == [(), (), ()]


def test_within_its_limits_nothing_is_written(store: Store, url: str) -> None:
    _commits(store, "a", "b", "c")
    before = row_versions(url)
    assert store.tidy("demo", keep=3) == store.sweep("demo") == Removed()
    assert row_versions(url) == before


def test_age_takes_all_but_the_last_two(store: Store, url: str) -> None:
    """However long nothing happens, there is what is, and what one can go back to."""
    _commits(store, "a", "b", "c", "d")
    _age(url, _DAYS + 1)
    assert store.sweep("demo") == Removed(revisions=2, bodies=2)
    assert column(url, _NUMBERS) == [3, 4]
    assert store.sweep("demo") == Removed()


@pytest.mark.parametrize("days", [0, 365])
def test_without_an_age_limit_nothing_is_too_old(url: str, days: int) -> None:
    with Store(DatabaseSettings(url), retention=Retention(days=days)) as store:
        _commits(store, "a", "b", "c", "d")
        _age(url, 200)
        assert store.sweep("demo") == Removed()


def test_the_past_of_a_pack_that_is_gone_stays_for_as_long(store: Store, url: str) -> None:
    _commits(store, "a", "b", "c")
    _age(url, 10 * _DAYS)
    store.remove(TEAM_A)
    store.sweep("demo")
    assert column(url, _NUMBERS) == [2, 3]
    found = store.revision("demo", 3)
    assert found
    assert found.workflows == workflows("c")
    store.sync(request(store, found.workflows, commit="c3"))
    assert content(url)["inventory"]


def test_of_a_pack_that_is_gone_for_long_only_the_number_stays(store: Store, url: str) -> None:
    _commits(store, "a", "b", "c")
    store.remove(TEAM_A)
    _age(url, _DAYS + 1)
    store.sweep("demo")
    assert column(url, _NUMBERS) == [3]
    assert past(url)["bodies"] == []
    assert store.attempts("demo") == ()
    found = store.revision("demo", 3)
    assert found
    assert not found.entry.is_complete
    assert store.sync(request(store, workflows("a"), commit="c4")).number == 4


def test_a_pack_that_somebody_owns_is_not_gone(store: Store, url: str) -> None:
    _commits(store, "a", "b")
    _age(url, 10 * _DAYS)
    store.sweep("demo")
    found = store.revision("demo", 1)
    assert found
    assert found.workflows == workflows("a")


def test_attempts_go_by_age(store: Store, url: str) -> None:
    _commits(store, "a")
    _fail(store, TEAM_A, text="old")
    _fail(store, TEAM_B, text="old", pack_ref="")
    _age(url, _DAYS + 1, "nothing")
    _fail(store, TEAM_A, text="new")
    assert store.tidy("demo", keep=1).attempts == 2
    assert column(url, "SELECT message FROM attune_gitops.attempts") == ["new"]


def test_bodies_that_nothing_names_are_found(store: Store, url: str) -> None:
    """As they are left by a process that was killed between two batches."""
    _commits(store, "a", "b", "c")
    query(url, "DELETE FROM attune_gitops.revisions WHERE number < 3")
    assert store.tidy("demo", keep=5).bodies == 0
    assert store.sweep("demo").bodies == 2
    assert column(url, _BODIES) == ["demo.c"]


def test_a_removal_is_done_in_batches(store: Store, heard: list[str]) -> None:
    store.sync(request(store, [workflow(f"w{number:04}") for number in range(1200)], commit="c1"))
    _commits(store, "a", "b")
    heard.clear()
    assert store.tidy("demo", keep=1).bodies == 1201
    assert heard.count("sweep_bodies") == 3
    without_the_lock = ["find_unused_bodies", "expire_attempts"]
    assert [heard.count(one) for one in without_the_lock] == [1, 1]
    assert heard.count("commit") == heard.count("try_lock_pack") + len(without_the_lock)


def test_a_sync_under_way_is_not_waited_for_and_loses_nothing(url: str) -> None:
    """A commit brings back a content whose body is about to go, and has seen it already."""
    removed: list[Removed] = []

    def sweep_meanwhile(statement: str) -> None:
        if statement == "commit" and not removed:
            removed.append(other.sweep("demo"))

    with Store(DatabaseSettings(url)) as other:
        _commits(other, "a", "b")
        query(url, "DELETE FROM attune_gitops.revisions WHERE number = 1")
        asked = request(other, workflows("a"), commit="c3")
        with Store(DatabaseSettings(url), on_statement=sweep_meanwhile) as first:
            first.sync(asked)
        assert removed == [Removed()]
        found = other.revision("demo", 3)
    assert found
    assert (found.workflows, found.missing) == (workflows("a"), ())


def test_a_sync_that_comes_while_a_body_goes_writes_it_again(url: str) -> None:
    late: list[Future[Receipt]] = []

    def sync_meanwhile(statement: str) -> None:
        heard.append(statement)
        if statement == "commit" and "sweep_bodies" in heard and not late:
            late.append(others.submit(other.sync, asked))
            _wait_for(lambda: bool(column(url, _WAITING_FOR_THE_LOCK)))

    heard: list[str] = []
    with (
        Store(DatabaseSettings(url)) as other,
        Store(DatabaseSettings(url), on_statement=sync_meanwhile) as first,
        ThreadPoolExecutor(1) as others,
    ):
        _commits(other, "a", "b")
        query(url, "DELETE FROM attune_gitops.revisions WHERE number = 1")
        asked = request(other, workflows("a"), commit="c3")
        assert first.sweep("demo").bodies == 1
        assert late[0].result(timeout=60).number == 3
        found = other.revision("demo", 3)
    assert found
    assert (found.workflows, found.missing) == (workflows("a"), ())


def test_a_sync_between_the_search_and_the_removal_loses_nothing(url: str) -> None:
    receipts: list[Receipt] = []

    def sync_meanwhile(statement: str) -> None:
        heard.append(statement)
        if statement == "try_lock_pack" and "find_unused_bodies" in heard and not receipts:
            receipts.append(other.sync(asked))

    heard: list[str] = []
    with (
        Store(DatabaseSettings(url)) as other,
        Store(DatabaseSettings(url), on_statement=sync_meanwhile) as first,
    ):
        _commits(other, "ad", "b")
        query(url, "DELETE FROM attune_gitops.revisions WHERE number = 1")
        asked = request(other, workflows("a"), commit="c3")
        assert first.sweep("demo").bodies == 0
        assert receipts[0].number == 3
        found = other.revision("demo", 3)
        assert first.sweep("demo").bodies == 1
    assert found
    assert (found.workflows, found.missing) == (workflows("a"), ())
    assert column(url, _BODIES) == ["demo.a", "demo.b"]


def test_the_documented_way_to_remove_a_text_leaves_all_that_is_needed(
    store: Store, url: str
) -> None:
    _commits(store, "abx", "abc")
    query(url, documented("DELETE FROM attune_gitops.revisions"))
    assert column(url, _NUMBERS) == [2]
    assert column(url, _BODIES) == ["demo.a", "demo.b", "demo.c"]
    assert not store.sync(request(store, workflows("a", "b", "c"), commit="c2")).wrote
    assert store.sync(request(store, workflows("a"), commit="c3")).number == 3


_TIDYING = [
    "try_lock_pack", "expire_revisions", "commit", "try_lock_pack", "expire_revisions", "commit",
    "find_unused_bodies", "commit", "try_lock_pack", "sweep_bodies", "commit",
    "expire_attempts", "commit",
]  # fmt: skip


def test_the_list_of_points_is_complete(store: Store, heard: list[str]) -> None:
    _commits(store, "ab", "ac")
    heard.clear()
    assert store.tidy("demo", keep=1) == Removed(revisions=1, bodies=1)
    assert heard == _TIDYING


@pytest.mark.parametrize("place", range(1, len(_TIDYING) + 1))
def test_a_kill_leaves_what_is_needed_and_the_next_sweep_the_rest(
    store: Store, url: str, place: int
) -> None:
    _commits(store, "ab", "ac")
    assert tidy_in_a_process_that_dies(url, place) == -signal.SIGKILL
    for entry in store.history("demo"):
        found = store.revision("demo", entry.number)
        assert found
        assert (found.missing, len(found.workflows)) == ((), 2)
    # PostgreSQL may take a moment to see that the process is gone, and to let go of its lock.
    _wait_for(lambda: store.tidy("demo", keep=1) == Removed() and column(url, _NUMBERS) == [2])
    store.sweep("demo")
    assert column(url, _BODIES) == ["demo.a", "demo.c"]
    assert not store.sync(request(store, workflows("a", "c"), commit="c2")).wrote


def test_syncs_and_readers_go_on_while_the_past_goes(url: str) -> None:
    """Whatever a reader is shown is whole, and what is needed in the end is there."""
    done = threading.Event()

    def until_done(work: Callable[[], object]) -> int:
        rounds = 0
        while not done.is_set():
            work()
            rounds += 1
        return rounds

    def read() -> None:
        for entry in reader.history("demo"):
            found = reader.revision("demo", entry.number)
            assert found is None or (found.missing, len(found.workflows)) == ((), 3)

    with (
        Store(DatabaseSettings(url)) as writer,
        Store(DatabaseSettings(url)) as tidier,
        Store(DatabaseSettings(url)) as reader,
        ThreadPoolExecutor(2) as others,
    ):
        writer.sync(request(writer, workflows("a", "b", "c")))
        rounds = [
            others.submit(until_done, lambda: tidier.tidy("demo", keep=2)),
            others.submit(until_done, read),
        ]
        try:
            for number in range(30):
                text = str(number % 3)
                asked = [workflow("a", text=str(number)), *workflows("b", "c", text=text)]
                assert writer.sync(request(writer, asked, commit=str(number))).number == number + 2
        finally:
            done.set()
        assert all(one.result(timeout=60) for one in rounds)
        tidier.tidy("demo", keep=2)
        assert [one.number for one in writer.history("demo")] == [31, 30]
        read()
    assert column(url, "SELECT count(*) FROM attune_gitops.bodies") == [6]


def _wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
